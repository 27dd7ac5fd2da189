"""What waits for a person to decide, the oldest first."""

from typing import Any

from django.db.models import QuerySet

from recommendations.models import Assessment
from recommendations.vocabulary import AssessmentState

CAP = 1_000
"""Up to here what waits is counted; more is "1,000 or more"."""


def proposals() -> QuerySet[Assessment]:
    """Verdicts that somebody proposed and nobody has decided on, with what a list shows of each."""
    return (
        Assessment.objects.filter(state=AssessmentState.PROPOSED)
        .select_related("recommendation", "proposed_by")
        .order_by("proposed_at", "id")
    )


def counted(rows: QuerySet[Any]) -> int:
    """How many, up to CAP."""
    return rows.order_by()[:CAP].count()
