"""How the checks and the queue of findings are doing, as numbers for an operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from recommendations.models import CheckRun, Finding, StatusCheck
from recommendations.vocabulary import CheckState, FindingState

LATE_AFTER = timedelta(minutes=15)
"""A sweep comes every few seconds: what has been due for this long is not being looked at."""


@dataclass(frozen=True)
class Checks:
    """Counts of checks; `last_run_at` is None where none was ever looked at."""

    active: int
    paused: int
    failing: int
    due: int
    late: int
    leased: int
    last_run_at: datetime | None


def checks(*, now: datetime) -> Checks:
    """One statement over all checks, and one for the last look."""
    waiting = ~Q(state=CheckState.PAUSED) & Q(next_due_at__lte=now)
    counts = StatusCheck.objects.aggregate(
        active=Count("pk", filter=Q(state=CheckState.ACTIVE)),
        paused=Count("pk", filter=Q(state=CheckState.PAUSED)),
        failing=Count("pk", filter=Q(state=CheckState.FAILING)),
        due=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(next_due_at__lte=now - LATE_AFTER)),
        leased=Count("pk", filter=Q(leased_until__gt=now)),
    )
    last = StatusCheck.objects.aggregate(at=Max("last_run_at"))["at"]
    return Checks(**counts, last_run_at=last)


def runs_by_outcome(*, since: datetime) -> dict[str, int]:
    """How many looks of each outcome there were."""
    return dict(
        CheckRun.objects.filter(started_at__gte=since)
        .order_by()
        .values_list("outcome")
        .annotate(number=Count("pk"))
        .values_list("outcome", "number")
    )


def open_findings() -> int:
    return Finding.objects.filter(state=FindingState.OPEN).count()
