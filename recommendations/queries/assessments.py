"""Verdicts with what a page or an answer shows of each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from recommendations.models import Assessment, Citation, Recommendation
from recommendations.models.assessments import AssessmentQuerySet
from recommendations.queries.evidence import basis_changed
from recommendations.queries.visibility import visible
from recommendations.rules import assessments as rules
from recommendations.rules.moments import Moment
from recommendations.vocabulary import AssessmentState, VerdictBy


def listed(user: Any, at: Moment | None = None) -> AssessmentQuerySet:
    """Visible verdicts, the latest first, with citations and people: two statements.

    At a moment of the past: those about the world up to that day that we held published then, each with
    the corrections that we held then too.
    """
    citations = visible(Citation.objects.all(), user).select_related("evidence__document__publisher")
    rows = visible(Assessment.objects.all(), user)
    # A proposed correction is not public, and a retracted one corrects nothing any more.
    corrections = visible(Assessment.objects.exclude(state=AssessmentState.RETRACTED), user)
    if at is not None:
        rows = held(rows.filter(effective_on__lte=at.as_of), at.known_at)
        corrections = held(visible(Assessment.objects.all(), user), at.known_at)
    rows = rows.select_related(
        "recommendation__source",
        "verdict_institution",
        "proposed_by",
        "decided_by",
        "retracted_by",
        "supersedes",
    ).prefetch_related(
        Prefetch("citations", citations),
        Prefetch("superseded_by", corrections),
    )
    return basis_changed(rows, user, at).latest_first()


def latest(user: Any) -> AssessmentQuerySet:
    """Visible verdicts that count today, the latest first, with what they are about and nothing more: one statement."""
    rows = visible(Assessment.objects.all(), user).standing()
    return rows.select_related("recommendation__source").latest_first()


def held(rows: AssessmentQuerySet, known_at: datetime) -> AssessmentQuerySet:
    """Those that we held published at a moment of our knowledge, as `rules.assessments.was_held` judges one row."""
    return rows.filter(published_at__lte=known_at).exclude(retracted_at__lte=known_at)


def was_held(row: Assessment, known_at: datetime) -> bool:
    """As `held`, for a row at hand."""
    return rules.was_held(row.published_at, row.retracted_at, known_at)


def standing(verdicts: Iterable[Assessment], known_at: datetime) -> list[Assessment]:
    """The office's verdicts that counted at that moment, oldest first: published, neither retracted nor corrected.

    `verdicts` as `listed` gives them, with their corrections.
    """
    counted = [
        row
        for row in verdicts
        if row.verdict_by == VerdictBy.OFFICE
        and was_held(row, known_at)
        and not any(was_held(correction, known_at) for correction in row.superseded_by.all())
    ]
    return sorted(counted, key=lambda row: (row.effective_on, row.published_at, row.pk))


def trail(recommendation: Recommendation) -> list[Assessment]:
    """The office's verdicts that stand today, in the order of the world: how the status went through time."""
    rows = Assessment.objects.filter(recommendation=recommendation, verdict_by=VerdictBy.OFFICE).standing()
    return list(rows.order_by("effective_on", "published_at", "id"))
