"""Verdicts with what a page or an answer shows of each."""

from typing import Any

from django.db.models import Prefetch

from recommendations.models import Assessment, Citation, Recommendation
from recommendations.models.assessments import AssessmentQuerySet
from recommendations.models.visibility import public_evidence
from recommendations.queries.evidence import basis_changed
from recommendations.queries.visibility import sees_internal, visible
from recommendations.rules.moments import Moment
from recommendations.vocabulary import VerdictBy


def listed(user: Any, at: Moment | None = None) -> AssessmentQuerySet:
    """Visible verdicts, the latest first, with citations and people: two statements.

    At a moment of the past: those about the world up to that day that we held published then.
    """
    citations = Citation.objects.select_related("evidence__document__publisher")
    if not sees_internal(user):
        citations = citations.filter(public_evidence("evidence__"))
    rows = visible(Assessment.objects.all(), user)
    if at is not None:
        rows = rows.filter(effective_on__lte=at.as_of, published_at__lte=at.known_at).exclude(
            retracted_at__lte=at.known_at
        )
    rows = rows.select_related(
        "recommendation__source",
        "verdict_institution",
        "proposed_by",
        "decided_by",
        "retracted_by",
        "supersedes",
    ).prefetch_related(
        Prefetch("citations", citations),
        Prefetch(
            "superseded_by", visible(Assessment.objects.all(), user)
        ),  # a proposed correction is not public
    )
    return basis_changed(rows).latest_first()


def trail(recommendation: Recommendation) -> list[Assessment]:
    """The office's verdicts that stand today, in the order of the world: how the status went through time."""
    rows = Assessment.objects.filter(recommendation=recommendation, verdict_by=VerdictBy.OFFICE).standing()
    return list(rows.order_by("effective_on", "published_at", "id"))
