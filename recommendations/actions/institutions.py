"""The one clean list of bodies. Merging keeps every row that ever named the merged body."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from recommendations.actions import changes, events, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Institution, User


def create(*, by: User, now: datetime, **fields: Any) -> Institution:
    """Add a body; `fields` are the columns of Institution."""
    require(by, "institution.write")
    parent = fields.get("parent")
    with one_transaction(), changes.followed(by=by, now=now, institution=[parent and parent.pk]) as around:
        institution = records.create(Institution(**fields), by=by, now=now)
        around.add("institution", institution.pk)
    return institution


def change(institution: Institution, *, by: User, now: datetime, **fields: Any) -> Institution:
    require(by, "institution.write")
    parent = fields.get("parent")
    concerned = [institution.pk, parent and parent.pk]
    with one_transaction(), changes.followed(by=by, now=now, institution=concerned):
        institution = Institution.objects.select_for_update().get(pk=institution.pk)
        records.change(institution, fields, by=by, now=now)
    return institution


def merge(institution: Institution, *, into: Institution, by: User, now: datetime) -> Institution:
    """Say that two rows are one body. The merged row stays, points to its heir and lends it its names.

    What was merged into it before is its heir's too from now on: an heir is never merged itself (the database holds
    it), so that every question finds it in one step. Raises Refused with the rule `institution_merged_once` or
    `institution_merged_into_another`.
    """
    require(by, "institution.write")
    with one_transaction(), changes.followed(by=by, now=now, institution=[institution.pk, into.pk]) as around:
        concerned = Q(pk__in=[institution.pk, into.pk]) | Q(merged_into=institution)
        rows = {row.pk: row for row in Institution.objects.select_for_update().filter(concerned)}
        around.add("institution", *rows)
        institution, into = rows.pop(institution.pk), rows.pop(into.pk, institution)
        _may_be_one(institution, into)
        for row in rows.values():
            _point(row, into, by=by, now=now)
        _point(institution, into, by=by, now=now)
        names = [*into.aliases, institution.name, *institution.aliases]
        into.aliases = list(dict.fromkeys(name for name in names if name != into.name))
        into.save(update_fields=["aliases"])
    return institution


def _may_be_one(institution: Institution, into: Institution) -> None:
    if institution.merged_into is not None:
        raise Refused(
            "institution_merged_once",
            _("It is merged into %(heir)s already.") % {"heir": institution.merged_into},
        )
    if into == institution:
        raise Refused(
            "institution_merged_into_another", _("Choose another institution to merge into."), "into"
        )
    if into.merged_into is not None:
        raise Refused(
            "institution_merged_into_another",
            _("%(name)s is merged into %(heir)s itself: choose that one.")
            % {"name": into, "heir": into.merged_into},
            "into",
        )


def _point(row: Institution, heir: Institution, *, by: User, now: datetime) -> None:
    before = row.merged_into
    row.merged_into = heir
    row.save(update_fields=["merged_into"])
    events.record(
        "institution.merged",
        row,
        by=by,
        now=now,
        before={"merged_into": before},
        after={"merged_into": heir},
        public=True,
    )
