"""Bringing in a file: a dry run that tells what would become of each row, then all of it or nothing.

Statuses in files are proposed in the import's name, for a person to decide; what the addressee answered is
recorded with the word it was given in. A file that was applied before changes nothing when it is brought again.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from recommendations.actions import changes, events, import_applying, import_judging, import_staging, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.exchange import formats, mappings
from recommendations.exchange.incoming import FileRefused
from recommendations.models import (
    Document,
    Evidence,
    Import,
    ImportRow,
    Institution,
    Source,
    Theme,
    User,
)
from recommendations.queries.limits import EVERYTHING
from recommendations.rules import imports as rules
from recommendations.vocabulary import RECORD_LANGUAGE, EvidenceKind, ImportState, InstitutionKind, Visibility

BLOCK = 1 << 20
FORGOTTEN_AFTER = timedelta(days=30)
"""Dry runs that nobody applied are kept for so long."""

ONE_AT_A_TIME = 0x496D706F7274
"""Key of the advisory lock that two imports cannot hold at once."""

KEEP = """
INSERT INTO recommendations_importrow (import_id, line, key, code, digest, said, outcome, changes, kept, problems)
SELECT %s, s.line, s.key, s.code, s.digest, s.said, j.outcome, j.changes, j.kept, j.problems
  FROM import_staging s JOIN import_judged j USING (line) ORDER BY s.line
"""


class BadFile(Refused):
    """The file is not what it was said to be; `line`, `column` and `value` say where."""

    def __init__(self, refused: FileRefused) -> None:
        self.line, self.column, self.value = refused.line, refused.column, refused.value
        told = rules.of_file(refused.rule, refused.line, refused.column, refused.value)
        super().__init__(refused.rule, told, "file")


def examine(
    file: BinaryIO,
    *,
    format: str,
    filename: str,
    by: User,
    now: datetime,
    source: Source | None = None,
    as_of: date | None = None,
    most_rows: int = 1_000_000,
) -> Import:
    """A dry run: the import with its rows, each with what would become of it. Nothing else is changed.

    `file` can be read twice. `as_of` is the day whose state the file tells; a day that the file states itself
    counts before it, and today where neither is given. Raises BadFile where the file as a whole is another
    one than `format` says. It writes no Event: the row says itself who brought the file, and when.
    """
    require(by, "import.write", source or EVERYTHING)
    form = formats.FORMATS[format]
    if source is None and not (form.coded or form.publishes):
        raise Refused(
            "import_names_source",
            _("Name the source: rows of this format do not say which document they come from."),
            "source",
        )
    if source is not None and form.publishes:
        raise Refused(
            "import_names_source", _("Leave the source out: rows of this format name their own."), "source"
        )
    sha256 = digest_of(iter(lambda: file.read(BLOCK), b""))
    size = file.tell()
    file.seek(0)
    with one_transaction():
        _forget_old(now)
        batch = Import(
            format=format,
            source=source,
            filename=filename[:300] or "file",
            sha256=sha256,
            size=size,
            mapping_version=mappings.VERSION,
            examined_by=by,
            examined_at=now,
        )
        directory = import_staging.Directory(form)
        try:
            reading = form.read(file)
            code = source.code if source else ""
            import_staging.stage(reading, directory, source=code, most_rows=most_rows)
        except FileRefused as refused:
            raise BadFile(refused) from refused
        batch.as_of = reading.as_of or as_of or now.date()
        _comes_in_order(batch, now)
        batch.passed_over = dict(reading.passed_over)
        batch.repeats = _same_bytes(batch)
        batch.brings = (
            {} if batch.repeats else {noun: rows for noun, rows in directory.brings.items() if rows}
        )
        _count(batch, now)
        batch.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [batch.pk])
    return batch


def apply(batch: Import, *, by: User, now: datetime) -> Import:
    """Do what the dry run said, in one transaction; refused where anything else would happen by now.

    Raises Refused with the rule `import_has_refused_rows`, `import_changed_since`, `import_already_applied`. Where
    nothing is left to do, nothing is done: no row and no Event is written.
    """
    require(by, "import.write", batch.source or EVERYTHING)
    with one_transaction():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        _may_be_applied(batch)
        if batch.brings:
            require(by, "import.write", EVERYTHING)  # bodies, themes and sources concern everybody's work
        if not (batch.rows_new or batch.rows_changed or batch.rows_vanished) and _is_remembered(batch):
            return batch
        import_staging.stage_again(batch.pk)
        said = (batch.outcome, batch.rows_vanished, batch.repeats_id)
        _comes_in_order(batch, now)
        batch.repeats = _same_bytes(batch)
        _count(batch, now)
        if said != (batch.outcome, batch.rows_vanished, batch.repeats_id) or _is_here_by_now(batch.brings):
            raise Refused(
                "import_changed_since",
                _(
                    "What would happen is not what the dry run said: somebody has changed something since. Look again."
                ),
            )
        actor = f"import:{batch.pk}"
        with changes.followed(by=actor, now=now, **import_judging.named()):
            _bring(batch, actor, now)
            with override(RECORD_LANGUAGE):
                batch.evidence, sentences = _evidence(batch, actor, now), _sentences(batch)
            form = formats.FORMATS[batch.format]
            asked = {
                "now": now,
                "actor": actor,
                "as_of": batch.as_of,
                "evidence": batch.evidence.pk if batch.evidence else None,
                "mapping": batch.mapping_version,
                "origin": batch.origin,
                "noun": import_judging.NOUN,
                **sentences,
            }
            import_applying.write_rows(asked, now=now)
            import_applying.remember(asked, open_only=form.open_only)
        batch.state, batch.applied_by, batch.applied_at = ImportState.APPLIED, by, now
        batch.save(update_fields=["state", "applied_by", "applied_at", "evidence", "repeats"])
        events.record("import.applied", batch, by=by, now=now, after=_told(batch))
    return batch


def _may_be_applied(batch: Import) -> None:
    if batch.state == ImportState.APPLIED:
        raise Refused("import_already_applied", _("This import was applied already."))
    if batch.rows_refused:
        raise Refused(
            "import_has_refused_rows",
            _(
                "%(number)d rows are refused; correct the file and bring it again. Nothing is imported by halves."
            )
            % {"number": batch.rows_refused},
        )
    if batch.mapping_version != mappings.VERSION:
        raise Refused(
            "import_changed_since",
            _(
                "What would happen is not what the dry run said: somebody has changed something since. Look again."
            ),
        )


def _count(batch: Import, now: datetime) -> None:
    """Judge what is staged, and keep the counts on the import."""
    judged = import_judging.judge(
        formats.FORMATS[batch.format],
        {"institutions": {}, "themes": {}, "sources": {}} | batch.brings,
        origin=batch.origin,
        as_of=batch.as_of,
        today=now.date(),
        repeats=batch.repeats is not None,
    )
    for name, value in judged.items():
        setattr(batch, name, value)


def _comes_in_order(batch: Import, now: datetime) -> None:
    """A file that is older than the last one would undo what that one said."""
    if batch.as_of > now.date():
        raise Refused(
            "import_not_in_the_future", _("%(day)s is in the future.") % {"day": batch.as_of}, "as_of"
        )
    if not formats.FORMATS[batch.format].open_only:
        return
    newer = (
        Import.objects.filter(
            format=batch.format, source=batch.source, state=ImportState.APPLIED, as_of__gt=batch.as_of
        )
        .order_by("-as_of")
        .first()
    )
    if newer is not None:
        raise Refused(
            "import_not_older",
            _("A file of %(newer)s was imported already; this one is of %(day)s.")
            % {"newer": newer.as_of.isoformat(), "day": batch.as_of.isoformat()},
            "file",
        )


def _same_bytes(batch: Import) -> Import | None:
    return Import.objects.filter(
        state=ImportState.APPLIED,
        sha256=batch.sha256,
        format=batch.format,
        source=batch.source,
        mapping_version=batch.mapping_version,
    ).first()


def _is_remembered(batch: Import) -> bool:
    """Whether the last import of this origin said all this already; else at least that is to be written down."""
    if batch.repeats_id is not None:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM recommendations_importrow w LEFT JOIN recommendations_importedrow k"
            " ON k.origin = %s AND k.noun = %s AND k.code = w.key AND k.digest = w.digest AND k.present"
            " WHERE w.import_id = %s AND k.id IS NULL)",
            [batch.origin, import_judging.NOUN, batch.pk],
        )
        return bool(cursor.fetchone()[0])


def _is_here_by_now(brings: dict[str, Any]) -> bool:
    """Whether something that the file would add has been added by somebody else."""
    nouns = {"institutions": Institution, "themes": Theme, "sources": Source}
    return any(
        nouns[noun]._default_manager.filter(code__in=list(rows)).exists() for noun, rows in brings.items()
    )


def _bring(batch: Import, actor: str, now: datetime) -> None:
    """Add the bodies, themes and sources that the file names and nobody knew."""
    form = formats.FORMATS[batch.format]
    brings = batch.brings
    for code, told in brings.get("institutions", {}).items():
        records.create(Institution(code=code, name=told["name"], kind=form.bodies), by=actor, now=now)
    for code, told in brings.get("themes", {}).items():
        records.create(Theme(code=code, name=told["name"]), by=actor, now=now)
    if brings.get("sources"):
        publisher = _publisher(form.publisher, actor, now)
        for code, told in brings["sources"].items():
            row = Source(
                code=code,
                title=told["title"],
                kind=form.kind,
                publisher=publisher,
                published_on=date.fromisoformat(told["published_on"]),
                url=told["url"],
                url_confirmed=False if told["url"] else None,
                updated_at=now,
            )
            records.create(row, by=actor, now=now)


def _publisher(name: str, actor: str, now: datetime) -> Institution:
    known = Institution.objects.filter(name=name).first()
    if known is not None:
        return known.merged_into or known
    row = Institution(code=_slug(name), name=name, kind=InstitutionKind.OTHER)
    return records.create(row, by=actor, now=now)


def _slug(name: str) -> str:
    return "-".join(name.lower().split())[:60]


def _sentences(batch: Import) -> dict[str, str]:
    """What is written into the record, for PostgreSQL's format(): the system and the label follow."""
    return {
        "sentence": _("%%s calls it “%%s” (%(day)s).") % {"day": batch.as_of.isoformat()},
        "place": _("row %s"),
        "gone": _("%%s is no longer in the list of what is open (%(file)s)") % {"file": _escaped(str(batch))},
    }


def _evidence(batch: Import, actor: str, now: datetime) -> Evidence | None:
    """The file as evidence of the verdicts it claims: not public and not verified until a person has read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM import_judged WHERE claims")
        [claims] = cursor.fetchone()
    if not claims:
        return None
    title = f"{batch.get_format_display()}: {batch.filename} ({batch.as_of.isoformat()})"[:500]
    document = records.create(
        Document(code=f"import-{batch.pk}", title=title), by=actor, now=now, public=False
    )
    evidence = Evidence(
        code=f"import-{batch.pk}",
        document=document,
        kind=EvidenceKind.DATA,
        title=title,
        finding=_("A file that states where recommendations stand. SHA-256 of its bytes: %(sha256)s.")
        % {"sha256": batch.sha256},
        occurred_on=batch.as_of,
        verified=False,
        visibility=Visibility.INTERNAL,
        recorded_at=now,
        updated_at=now,
    )
    return records.create(evidence, by=actor, now=now, public=False, claims=claims)


def _told(batch: Import) -> dict[str, Any]:
    names = ("format", "source", "filename", "sha256", "as_of", "rows_new", "rows_changed", "rows_vanished")
    return {name: getattr(batch, name) for name in names}


def digest_of(blocks: Iterable[bytes]) -> str:
    """SHA-256 of a file, by which an import knows its bytes again."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _forget_old(now: datetime) -> None:
    old = Import.objects.filter(state=ImportState.EXAMINED, examined_at__lt=now - FORGOTTEN_AFTER)
    ImportRow.objects.filter(batch__in=old)._raw_delete("default")
    old._raw_delete("default")


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
