"""Correcting what we say of the documents in which evidence was found. They are never deleted."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.actions import changes, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Document, User
from recommendations.queries.limits import concerned

EDITABLE = ("title", "publisher", "publisher_wording", "via", "url_confirmed")
"""Columns that `change` takes. The address stays: snapshots and checks belong to it; another makes another document."""


def change(document: Document, *, by: User, now: datetime, **fields: Any) -> Document:
    """Correct columns. The event is internal; each public piece of evidence that reads otherwise is told of besides.

    Who is limited must be so to all that was found in it, as for evidence.

    Raises Refused with the rule `document_field_fixed`.
    """
    require(by, "evidence.write", concerned(document))
    for field in fields:
        if field not in EDITABLE:
            raise Refused(
                "document_field_fixed", _("“%(field)s” cannot be changed.") % {"field": field}, field
            )
    found_in_it = list(document.evidence_set.values_list("pk", flat=True))
    with one_transaction(), changes.followed(by=by, now=now, evidence=found_in_it) as around:
        document = Document.objects.select_for_update().get(pk=document.pk)
        named = [fields.get("publisher"), fields.get("via")]
        around.add(
            "institution", document.publisher_id, document.via_id, *(body.pk for body in named if body)
        )
        if records.change(document, fields, by=by, now=now, public=False):
            document.evidence_set.update(version=F("version") + 1, updated_at=now)
    return document
