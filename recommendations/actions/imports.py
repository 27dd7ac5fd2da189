"""Bringing in a file: a dry run that tells what would become of each row, then all of it or nothing.

Statuses in files are proposed in the import's name, for a person to decide; what the addressee answered is
recorded with the word it was given in. A file that was applied before changes nothing when it is brought again.
What takes long is done by a worker (import_works.py), which calls what stands here.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from recommendations.actions import (
    changes,
    events,
    import_additions,
    import_applying,
    import_judging,
    import_staging,
)
from recommendations.actions.import_staging import Tell, silent
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.exchange import formats, mappings
from recommendations.exchange.incoming import FileRefused
from recommendations.models import Import, ImportPiece, ImportRow, ImportWork, Source, User
from recommendations.queries.limits import EVERYTHING
from recommendations.rules import imports as rules
from recommendations.vocabulary import RECORD_LANGUAGE, ImportPhase, ImportState, RowOutcome

BLOCK = 1 << 20
FORGOTTEN_AFTER = timedelta(days=30)
"""Dry runs that nobody applied are kept for so long."""

TOLD_DIFFERENCES = 5
"""Rows named where what would happen is not what the dry run said."""

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
    tell: Tell = silent,
) -> Import:
    """A dry run: the import with its rows, each with what would become of it. Nothing else is changed.

    `file` can be read twice. `as_of` is the day whose state the file tells; a day that the file states itself
    counts before it, and today where neither is given. Raises BadFile where the file as a whole is another
    one than `format` says. It writes no Event: the row says itself who brought the file, and when.
    """
    batch = begun(file, format=format, filename=filename, by=by, now=now, source=source, as_of=as_of)
    with one_transaction():
        forget_old(now)
        judge(batch, file, now=now, most_rows=most_rows, tell=tell)
    return batch


def begun(
    file: BinaryIO,
    *,
    format: str,
    filename: str,
    by: User,
    now: datetime,
    source: Source | None,
    as_of: date | None,
) -> Import:
    """An import of this file, not saved and not judged yet; the file is read once and stands at its beginning again."""
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
    return Import(
        format=format,
        source=source,
        filename=filename[:300] or "file",
        sha256=sha256,
        size=size,
        mapping_version=mappings.VERSION,
        as_of=as_of or now.date(),
        state=ImportState.WAITING,
        examined_by=by,
        examined_at=now,
    )


def judge(batch: Import, file: BinaryIO, *, now: datetime, most_rows: int, tell: Tell = silent) -> None:
    """Read the file of an import and keep what would become of each row. Call it in a transaction; raises BadFile."""
    form = formats.FORMATS[batch.format]
    directory = import_staging.Directory(form)
    try:
        reading = form.read(file)
        code = batch.source.code if batch.source else ""
        come = import_staging.Come(file, batch.size, tell)
        import_staging.stage(reading, directory, source=code, most_rows=most_rows, come=come)
    except FileRefused as refused:
        raise BadFile(refused) from refused
    batch.as_of = reading.as_of or batch.as_of
    _comes_in_order(batch, now)
    batch.passed_over = dict(reading.passed_over)
    batch.repeats = _same_bytes(batch)
    batch.brings = {} if batch.repeats else {noun: rows for noun, rows in directory.brings.items() if rows}
    _count(batch, now, tell)
    batch.state = ImportState.EXAMINED
    batch.save()
    tell(ImportPhase.WRITING, 0, 1)
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [batch.pk])
    tell(ImportPhase.WRITING, 1, 1)


def apply(batch: Import, *, by: User, now: datetime, tell: Tell = silent) -> Import:
    """Do what the dry run said, in one transaction; refused where anything else would happen by now.

    Raises Refused with the rule `import_has_refused_rows`, `import_changed_since`, `import_already_applied`. Where
    nothing is left to do, nothing is done: no row and no Event is written.
    """
    require(by, "import.write", batch.source or EVERYTHING)
    with one_transaction():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        may_be_applied(batch)
        if batch.brings:
            require(by, "import.write", EVERYTHING)  # bodies, themes and sources concern everybody's work
        if not (batch.rows_new or batch.rows_changed or batch.rows_vanished) and _is_remembered(batch):
            return batch
        import_staging.stage_again(batch.pk)
        said = (batch.outcome, batch.rows_vanished, batch.repeats_id)
        _comes_in_order(batch, now)
        batch.repeats = _same_bytes(batch)
        _count(batch, now, tell)
        if said != (batch.outcome, batch.rows_vanished, batch.repeats_id) or import_additions.is_here_by_now(
            batch.brings
        ):
            raise _changed_since(import_judging.differences(batch.pk, limit=TOLD_DIFFERENCES))
        actor = f"import:{batch.pk}"
        with changes.followed(by=actor, now=now, **import_judging.named()):
            import_additions.bring(batch, actor, now)
            with override(RECORD_LANGUAGE):
                batch.evidence = import_additions.file_as_evidence(batch, actor, now)
                sentences = import_additions.sentences(batch)
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
            import_applying.write_rows(asked, now=now, tell=tell)
            import_applying.remember(asked, open_only=form.open_only)
        tell(ImportPhase.WRITING, 1, 1)
        batch.state, batch.applied_by, batch.applied_at = ImportState.APPLIED, by, now
        batch.save(update_fields=["state", "applied_by", "applied_at", "evidence", "repeats"])
        events.record("import.applied", batch, by=by, now=now, after=_told(batch))
    return batch


def may_be_applied(batch: Import) -> None:
    """Refuse what cannot be applied whatever else is in the database."""
    if batch.state == ImportState.WAITING:
        raise Refused("import_is_judged", _("The file is not judged yet: wait until it is."))
    if batch.state in (ImportState.FAILED, ImportState.CANCELLED):
        raise Refused("import_is_judged", _("The file was not judged: bring it again."))
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
        raise _changed_since([])


def _changed_since(differences: list[import_judging.Difference]) -> Refused:
    told = [
        _("What would happen is not what the dry run said: somebody has changed something since. Look again.")
    ]
    for each in differences:
        place = {"line": each.line, "code": each.code}
        before, now = RowOutcome(each.before).label, RowOutcome(each.now).label
        if before == now:
            told.append(_("Row %(line)d (%(code)s) would be written in another way.") % place)
        else:
            words = {"before": before, "now": now}
            told.append(_("Row %(line)d (%(code)s): “%(before)s” then, “%(now)s” now.") % (place | words))
    return Refused("import_changed_since", " ".join(told))


def _count(batch: Import, now: datetime, tell: Tell) -> None:
    """Judge what is staged, and keep the counts on the import."""
    judged = import_judging.judge(
        formats.FORMATS[batch.format],
        {"institutions": {}, "themes": {}, "sources": {}} | batch.brings,
        origin=batch.origin,
        as_of=batch.as_of,
        today=now.date(),
        repeats=batch.repeats is not None,
        tell=tell,
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


def _told(batch: Import) -> dict[str, Any]:
    names = ("format", "source", "filename", "sha256", "as_of", "rows_new", "rows_changed", "rows_vanished")
    return {name: getattr(batch, name) for name in names}


def digest_of(blocks: Iterable[bytes]) -> str:
    """SHA-256 of a file, by which an import knows its bytes again."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def forget_old(now: datetime) -> None:
    """Drop the dry runs that nobody applied in time, and what never became one."""
    left = (ImportState.EXAMINED, ImportState.FAILED, ImportState.CANCELLED)
    old = Import.objects.filter(state__in=left, examined_at__lt=now - FORGOTTEN_AFTER)
    old = old.exclude(work__ended_at__isnull=True, work__isnull=False)
    for what in (ImportRow, ImportPiece, ImportWork):
        what.objects.filter(batch__in=old)._raw_delete("default")
    old._raw_delete("default")
