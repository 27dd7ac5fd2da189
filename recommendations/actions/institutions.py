"""The one clean list of bodies. Merging keeps every row that ever named the merged body."""

from datetime import datetime
from typing import Any

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
    """Say that two rows are one body. The merged row stays, points to its heir and lends it its names."""
    require(by, "institution.write")
    if institution.pk == into.pk or into.merged_into_id is not None:
        raise Refused(
            "institution_merged_into_another", _("Choose another institution to merge into."), "into"
        )
    with one_transaction(), changes.followed(by=by, now=now, institution=[institution.pk, into.pk]):
        rows = {
            row.pk: row
            for row in Institution.objects.select_for_update().filter(pk__in=[institution.pk, into.pk])
        }
        institution, into = rows[institution.pk], rows[into.pk]
        institution.merged_into = into
        institution.save(update_fields=["merged_into"])
        names = [*into.aliases, institution.name, *institution.aliases]
        into.aliases = list(dict.fromkeys(name for name in names if name != into.name))
        into.save(update_fields=["aliases"])
        events.record(
            "institution.merged",
            institution,
            by=by,
            now=now,
            before={"merged_into": None},
            after={"merged_into": into},
            public=True,
        )
    return institution
