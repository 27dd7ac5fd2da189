"""Checks with what a list shows of each. For staff: nothing here is public."""

from datetime import datetime

from django.db.models import Q, QuerySet

from recommendations.models import StatusCheck
from recommendations.vocabulary import CheckState


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
