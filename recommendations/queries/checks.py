"""Checks with what a list shows of each. For staff: nothing here is public."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from recommendations.models import CheckRun, Host, StatusCheck
from recommendations.queries.health import LATE_AFTER
from recommendations.vocabulary import CheckState, Outcome

STANDINGS = ("due", "late", "leased", "key_missing")


def listed() -> QuerySet[StatusCheck]:
    """All checks with what they watch and who asked for them: one statement."""
    return StatusCheck.objects.select_related(
        "evidence__document", "recommendation", "indicator", "requested_by", "created_by"
    ).order_by("pk")


def due(rows: QuerySet[StatusCheck], yes: bool, *, now: datetime) -> QuerySet[StatusCheck]:
    """Those whose time has come (or has not); a paused check is never due."""
    come = Q(next_due_at__lte=now) & ~Q(state=CheckState.PAUSED)
    return rows.filter(come if yes else ~come)


def ids_due(*, now: datetime) -> set[int]:
    """The numbers of all checks whose time has come."""
    return set(due(StatusCheck.objects.all(), True, now=now).values_list("pk", flat=True))


def hosts_that_wait(*, now: datetime) -> dict[str, datetime]:
    """The hosts that asked us to wait, with until when."""
    rows = Host.objects.filter(closed_until__gt=now).values_list("name", "closed_until")
    return {name: until for name, until in rows if until is not None}


def standing(rows: QuerySet[StatusCheck], how: str, *, now: datetime) -> QuerySet[StatusCheck]:
    """Those that stand in one of STANDINGS: the rows behind the numbers of check_health."""
    if how == "due":
        return due(rows, True, now=now)
    if how == "late":
        return due(rows, True, now=now - LATE_AFTER)
    if how == "leased":
        return rows.filter(leased_until__gt=now)
    return rows.filter(last_outcome=Outcome.KEY_MISSING)


def ended_within(rows: QuerySet[CheckRun], days: int, *, now: datetime) -> QuerySet[CheckRun]:
    """The looks that ended in the last so many days."""
    return rows.filter(finished_at__gte=now - timedelta(days=days))
