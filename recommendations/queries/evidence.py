"""Evidence as lists and pages show it, and which verdicts lost their footing."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from recommendations.models import Evidence, EvidenceLink, Finding
from recommendations.models.assessments import AssessmentQuerySet
from recommendations.models.visibility import public_evidence, public_recommendation
from recommendations.queries.visibility import sees_internal, visible
from recommendations.rules.moments import Moment
from recommendations.vocabulary import FindingKind, FindingState

BASIS_KINDS = (FindingKind.EVIDENCE_CHANGED, FindingKind.EVIDENCE_GONE, FindingKind.EVIDENCE_MOVED)
"""Findings that put in doubt what a verdict rests on, until a person has looked."""


def listed(user: Any) -> QuerySet[Evidence]:
    """Visible evidence with its document, publisher and visible links: two statements."""
    return (
        visible(Evidence.objects.all(), user)
        .select_related("document__publisher", "document__via")
        .prefetch_related(Prefetch("links", _links(user).select_related("recommendation")))
    )


def links_of(
    recommendation_ids: Collection[int], user: Any, at: Moment | None = None
) -> QuerySet[EvidenceLink]:
    """How visible evidence bears on these recommendations, newest first: one statement.

    At a moment of the past: what had happened by that day.
    """
    links = _links(user).filter(recommendation__in=recommendation_ids)
    if at is not None:
        links = links.filter(evidence__occurred_on__lte=at.as_of)
    return links.select_related(
        "recommendation", "evidence__document__publisher", "evidence__document__via"
    ).order_by("-evidence__occurred_on", "-evidence_id")


def basis_changed(assessments: AssessmentQuerySet) -> AssessmentQuerySet:
    """Annotate `basis_changed`: an open finding says that a document it cites has changed, moved or gone."""
    doubts = Finding.objects.filter(
        Q(evidence__document__evidence_set__citations__assessment=OuterRef("pk")),
        state=FindingState.OPEN,
        kind__in=BASIS_KINDS,
    )
    annotated: AssessmentQuerySet = assessments.annotate(basis_changed=Exists(doubts))
    return annotated


def _links(user: Any) -> QuerySet[EvidenceLink]:
    links = EvidenceLink.objects.all()
    if sees_internal(user):
        return links
    return links.filter(public_evidence("evidence__"), public_recommendation("recommendation__"))
