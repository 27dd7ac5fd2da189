"""Filing evidence, saying how it bears on recommendations, and correcting what we said of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.actions import changes, events, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Document, Evidence, EvidenceLink, Institution, Recommendation, User
from recommendations.queries.limits import concerned
from recommendations.vocabulary import Precision, Timing, Visibility

EDITABLE = ("kind", "title", "finding", "occurred_on", "date_precision", "verified", "caution", "visibility")
"""Columns that `change` takes. The document it was found in stays."""


@dataclass(frozen=True)
class Bearing:
    """How a piece of evidence bears on one recommendation."""

    recommendation: Recommendation
    stance: str
    note: str = ""


def file(
    *,
    url: str,
    title: str,
    finding: str,
    kind: str,
    occurred_on: date,
    by: User,
    now: datetime,
    bears_on: Sequence[Bearing] = (),
    publisher: Institution | None = None,
    date_precision: str = Precision.DAY,
    verified: bool = True,
    caution: str = "",
    visibility: str = Visibility.PUBLIC,
) -> Evidence:
    """File what a document shows. A known address joins the document that is already there.

    `verified` means that the person filing it has read a page that states it.
    """
    require(by, "evidence.write", [bearing.recommendation for bearing in bears_on])
    _has_come(occurred_on, now)
    known = Document.objects.filter(url=url).first() if url else None
    named = [known.publisher_id, known.via_id] if known else [publisher.pk if publisher else None]
    with one_transaction(), changes.followed(by=by, now=now, institution=named) as around:
        document = _document(url, title, publisher, by=by, now=now)
        evidence = Evidence(
            code=_free_code(f"{title} {occurred_on:%Y}"),
            document=document,
            kind=kind,
            title=title,
            finding=finding,
            occurred_on=occurred_on,
            date_precision=date_precision,
            verified=verified,
            checked_against=[url] if verified and url else [],
            caution=caution,
            visibility=visibility,
            filed_by=by,
            recorded_at=now,
            updated_at=now,
        )
        public = visibility == Visibility.PUBLIC and _bears_on_something_public(bears_on)
        records.create(evidence, by=by, now=now, public=public)
        around.add("evidence", evidence.pk)
        for bearing in bears_on:
            _link(evidence, bearing, by=by, now=now)
    return evidence


def change(evidence: Evidence, *, by: User, now: datetime, **fields: Any) -> Evidence:
    """Correct what we say of it. Verdicts that cite it stay as they were and point to the corrected row.

    Who is limited must be so to all that it bears on: anybody may link it to what is theirs, and would else change
    what stands below the verdicts of others.
    """
    require(by, "evidence.write", concerned(evidence))
    for field in fields:
        if field not in EDITABLE:
            raise Refused(
                "evidence_field_fixed", _("“%(field)s” cannot be changed.") % {"field": field}, field
            )
    _has_come(fields.get("occurred_on", evidence.occurred_on), now)
    with one_transaction(), changes.followed(by=by, now=now, evidence=[evidence.pk]):
        evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        public = Visibility.PUBLIC in (evidence.visibility, fields.get("visibility"))
        records.change(evidence, fields, by=by, now=now, public=public)
        if "occurred_on" in fields:
            _retime(evidence)
    return evidence


def link(evidence: Evidence, bearing: Bearing, *, by: User, now: datetime) -> EvidenceLink:
    """Say that it bears on one more recommendation; refused when that was said already."""
    require(by, "evidence.write", bearing.recommendation)
    with one_transaction(), changes.followed(by=by, now=now, evidence=[evidence.pk]):
        made = _link(evidence, bearing, by=by, now=now)
        Evidence.objects.filter(pk=evidence.pk).update(version=F("version") + 1, updated_at=now)
    return made


def unlink(made: EvidenceLink, *, by: User, now: datetime, note: str) -> None:
    """Take a link back, with a reason; the event keeps what it said."""
    require(by, "evidence.write", made)
    if not note.strip():
        raise Refused("evidence_unlinked_with_reason", _("Say why the link is taken back."), "note")
    with one_transaction(), changes.followed(by=by, now=now, evidence=[made.evidence_id]):
        public = made.evidence.visibility == Visibility.PUBLIC
        before = {"evidence": made.evidence, "stance": made.stance}
        events.record("evidence.unlinked", made, by=by, now=now, before=before, note=note, public=public)
        Evidence.objects.filter(pk=made.evidence_id).update(version=F("version") + 1, updated_at=now)
        made.delete()


def _bears_on_something_public(bears_on: Sequence[Bearing]) -> bool:
    """Evidence that bears on internal things only is internal with them; what bears on nothing yet is not."""
    named = [bearing.recommendation.pk for bearing in bears_on]
    return not named or Recommendation.objects.published().filter(pk__in=named).exists()


def _has_come(occurred_on: date, now: datetime) -> None:
    if occurred_on > now.date():
        raise Refused(
            "evidence_not_in_the_future", _("%(day)s is in the future.") % {"day": occurred_on}, "occurred_on"
        )


def _timing(evidence: Evidence, recommendation: Recommendation) -> str:
    older = evidence.occurred_on < recommendation.source.published_on
    return Timing.BEFORE_PUBLICATION if older else Timing.AFTER_PUBLICATION


def _retime(evidence: Evidence) -> None:
    """Say anew for each recommendation whether the evidence is older than its document."""
    for link in evidence.links.select_related("recommendation__source"):
        link.timing = _timing(evidence, link.recommendation)
        link.save(update_fields=["timing"])


def _link(evidence: Evidence, bearing: Bearing, *, by: User, now: datetime) -> EvidenceLink:
    made = EvidenceLink.objects.create(
        evidence=evidence,
        recommendation=bearing.recommendation,
        stance=bearing.stance,
        timing=_timing(evidence, bearing.recommendation),
        note=bearing.note,
        recorded_at=now,
    )
    after = {"evidence": evidence, "stance": bearing.stance, "timing": made.timing}
    public = evidence.visibility == Visibility.PUBLIC
    events.record("evidence.linked", made, by=by, now=now, after=after, public=public)
    return made


def _document(
    url: str, title: str, publisher: Institution | None, *, by: events.Actor, now: datetime
) -> Document:
    known = Document.objects.filter(url=url).first() if url else None
    if known is not None:
        return known
    document = Document(
        code=_free_code(title, Document), title=title, publisher=publisher, url=url, url_confirmed=None
    )
    return records.create(document, by=by, now=now, public=False)


def _free_code(words: str, model: type[Evidence] | type[Document] = Evidence) -> str:
    """A readable code that no row has: the words as a slug, with a number where it is taken."""
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "evidence"
    code, number = slug, 1
    while model._default_manager.filter(code=code).exists():
        number += 1
        code = f"{slug}-{number}"
    return code
