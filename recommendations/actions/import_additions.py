"""What a file brings besides its rows: bodies, themes and sources that nobody knew, and itself as evidence."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from recommendations.actions import records
from recommendations.exchange import formats
from recommendations.models import Document, Evidence, Import, Institution, Source, Theme
from recommendations.vocabulary import EvidenceKind, InstitutionKind, Visibility


def is_here_by_now(brings: dict[str, Any]) -> bool:
    """Whether something that the file would add has been added by somebody else."""
    nouns = {"institutions": Institution, "themes": Theme, "sources": Source}
    return any(
        nouns[noun]._default_manager.filter(code__in=list(rows)).exists() for noun, rows in brings.items()
    )


def bring(batch: Import, actor: str, now: datetime) -> None:
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


def sentences(batch: Import) -> dict[str, str]:
    """What is written into the record, for PostgreSQL's format(): the system and the label follow."""
    return {
        "sentence": _("%%s calls it “%%s” (%(day)s).") % {"day": batch.as_of.isoformat()},
        "place": _("row %s"),
        "gone": _("%%s is no longer in the list of what is open (%(file)s)") % {"file": _escaped(str(batch))},
    }


def file_as_evidence(batch: Import, actor: str, now: datetime) -> Evidence | None:
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


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
