"""What a source asks for: adding a recommendation or a part, and changing how it is told.

Its status is never among the changes: see actions/assessments.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from recommendations.actions import changes, headlines, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Addressee, Institution, Recommendation, Source, Theme, User
from recommendations.queries import limits
from recommendations.vocabulary import Visibility

EDITABLE = ("title", "summary", "group", "locator", "explicit", "note", "priority", "visibility")
"""Columns that `change` takes; the code, the source and the whole it is part of stay as they were made."""


@dataclass(frozen=True)
class Asked:
    """One institution that is asked, with the document's wording."""

    institution: Institution
    wording: str = ""


def create(
    source: Source,
    *,
    code: str,
    title: str,
    summary: str,
    addressees: Sequence[Asked],
    themes: Sequence[Theme],
    by: User,
    now: datetime,
    parent: Recommendation | None = None,
    **more: Any,
) -> Recommendation:
    """Add a recommendation, or a part when `parent` is given. `more` takes the columns of EDITABLE."""
    require(by, "recommendation.write", limits.fits(by, source, themes, parent))
    _only_editable(more)
    row = Recommendation(
        source=source, code=code, parent=parent, title=title, summary=summary, updated_at=now, **more
    )
    named = {
        "theme": [theme.pk for theme in themes],
        "institution": [asked.institution.pk for asked in addressees],
    }
    with one_transaction(), changes.followed(by=by, now=now, **named) as around:
        records.create(
            row,
            by=by,
            now=now,
            public=row.visibility == Visibility.PUBLIC,
            attach=lambda row: _attach(row, themes, addressees),
            themes=list(themes),
            addressees=[asked.institution for asked in addressees],
        )
        around.add("recommendation", row.pk)
    return row


def change(
    recommendation: Recommendation,
    *,
    by: User,
    now: datetime,
    addressees: Sequence[Asked] | None = None,
    themes: Sequence[Theme] | None = None,
    **fields: Any,
) -> Recommendation:
    """Change how it is told, and where given its addressees and themes (the whole list of each)."""
    require(by, "recommendation.write", recommendation)
    _only_editable(fields)
    named = {
        "recommendation": [recommendation.pk],
        "theme": [theme.pk for theme in themes or ()],
        "institution": [asked.institution.pk for asked in addressees or ()],
    }
    with one_transaction(), changes.followed(by=by, now=now, **named) as around:
        if "visibility" in fields:
            around.keep_filed()
        row = headlines.lock(recommendation)
        around.add("theme", *row.themes.values_list("pk", flat=True))
        around.add("institution", *row.addressee_set.values_list("institution", flat=True))
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if themes is not None and set(row.themes.all()) != set(themes):
            before["themes"], after["themes"] = list(row.themes.all()), list(themes)
            row.themes.set(themes)
        if addressees is not None:
            old = [
                Asked(each.institution, each.wording)
                for each in row.addressee_set.select_related("institution")
            ]
            if old != list(addressees):
                before["addressees"] = [asked.institution for asked in old]
                after["addressees"] = [asked.institution for asked in addressees]
                row.addressee_set.all().delete()
                _ask(row, addressees)
        public = Visibility.PUBLIC in (row.visibility, fields.get("visibility"))
        records.change(row, fields, by=by, now=now, public=public, before=before, after=after)
    return row


def _attach(row: Recommendation, themes: Sequence[Theme], addressees: Sequence[Asked]) -> None:
    row.themes.set(themes)
    _ask(row, addressees)


def _ask(row: Recommendation, addressees: Sequence[Asked]) -> None:
    Addressee.objects.bulk_create(
        Addressee(recommendation=row, institution=asked.institution, wording=asked.wording, position=position)
        for position, asked in enumerate(addressees)
    )


def _only_editable(fields: dict[str, Any]) -> None:
    for field in fields:
        if field not in EDITABLE:
            raise Refused(
                "recommendation_field_fixed", _("“%(field)s” cannot be changed.") % {"field": field}, field
            )
