"""Evidence as lists and pages show it, and which verdicts lost their footing."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from recommendations.models import Citation, Evidence, EvidenceLink, Finding, Recommendation
from recommendations.models.assessments import AssessmentQuerySet
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment
from recommendations.vocabulary import FindingKind, FindingState

BASIS_KINDS = (FindingKind.EVIDENCE_CHANGED, FindingKind.EVIDENCE_GONE, FindingKind.EVIDENCE_MOVED)
"""Findings that put in doubt what a verdict rests on, until a person has looked."""


def listed(user: Any) -> QuerySet[Evidence]:
    """Visible evidence with its document, publisher and visible links: two statements."""
    return (
        visible(Evidence.objects.all(), user)
        .select_related("document__publisher", "document__via")
        .prefetch_related(Prefetch("links", links(user).select_related("recommendation")))
    )


def links_of(
    recommendation_ids: Collection[int], user: Any, at: Moment | None = None
) -> QuerySet[EvidenceLink]:
    """How visible evidence bears on these recommendations, newest first: one statement.

    At a moment of the past: what had happened by that day and was linked by that moment.
    """
    rows = links(user, at).filter(recommendation__in=recommendation_ids)
    return rows.select_related(
        "recommendation", "evidence__document__publisher", "evidence__document__via"
    ).order_by("-evidence__occurred_on", "-evidence_id", "pk")


def bearing_on(recommendation: Recommendation, user: Any) -> QuerySet[EvidenceLink, Any]:
    """Keys of the evidence that this user may see bear on it or on one of its parts."""
    wholes = Recommendation.objects.filter(Q(pk=recommendation.pk) | Q(parent=recommendation.pk))
    return links(user).filter(recommendation__in=wholes.values("pk")).values("evidence")


def basis_changed(assessments: AssessmentQuerySet, user: Any, at: Moment | None = None) -> AssessmentQuerySet:
    """Annotate `basis_changed`: an open finding says that a document it cites has changed, moved or gone.

    At a moment of the past: a finding that had been brought by then and was not decided yet, whatever became of it.
    Only of what this user may see it cite: else the mark would tell that there is more.
    """
    doubts = Finding.objects.filter(evidence__document=OuterRef("evidence__document"), kind__in=BASIS_KINDS)
    if at is None:
        doubts = doubts.filter(state=FindingState.OPEN)
    else:
        undecided = Q(decided_at__isnull=True) | Q(decided_at__gt=at.known_at)
        doubts = doubts.filter(undecided, first_seen_at__lte=at.known_at)
    doubted = visible(Citation.objects.all(), user).filter(Exists(doubts), assessment=OuterRef("pk"))
    annotated: AssessmentQuerySet = assessments.annotate(basis_changed=Exists(doubted))
    return annotated


def links(user: Any, at: Moment | None = None) -> QuerySet[EvidenceLink]:
    """How visible evidence bears on visible recommendations; of the past, what had happened and we had said by then."""
    rows = visible(EvidenceLink.objects.all(), user)
    if at is None:
        return rows
    return rows.filter(
        evidence__occurred_on__lte=at.as_of,
        evidence__recorded_at__lte=at.known_at,
        recorded_at__lte=at.known_at,
    )
