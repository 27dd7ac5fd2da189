"""What was said about a recommendation, by when it was due, and when it was closed: today or at a past moment.

The conditions are those of the SQL function `recommendations_headline_at`, so that a page and its headline agree.
"""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from recommendations.models import Closure, Deadline, Recommendation, Response
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment


def responses(recommendation: Recommendation, user: Any, at: Moment | None = None) -> QuerySet[Response]:
    """Visible responses, the latest first: one statement."""
    return responses_of([recommendation.pk], user, at)


def responses_of(ids: Collection[int], user: Any, at: Moment | None = None) -> QuerySet[Response]:
    """The same of several recommendations."""
    rows = visible(Response.objects.filter(recommendation__in=ids), user)
    if at is not None:
        rows = rows.filter(stated_on__lte=at.as_of, recorded_at__lte=at.known_at)
    return rows.select_related("institution").order_by("-stated_on", "-recorded_at", "-pk")


def deadlines(recommendation: Recommendation, user: Any, at: Moment | None = None) -> QuerySet[Deadline]:
    """The ledger of due dates, the newest entry first: one statement."""
    rows = visible(Deadline.objects.filter(recommendation=recommendation), user)
    if at is not None:
        rows = rows.filter(recorded_at__lte=at.known_at, recorded_at__lt=_end_of(at))
    return rows.select_related("moved_by").order_by("-recorded_at", "-pk")


def closures(recommendation: Recommendation, user: Any, at: Moment | None = None) -> QuerySet[Closure]:
    """Every time it was closed, the latest first: one statement."""
    rows = visible(Closure.objects.filter(recommendation=recommendation), user)
    if at is not None:
        rows = rows.filter(closed_at__lte=at.known_at, closed_at__lt=_end_of(at))
    return rows.order_by("-closed_at", "-pk")


def _end_of(at: Moment) -> datetime:
    """The first moment after the day asked for, in UTC as the database counts days."""
    return datetime.combine(at.as_of + timedelta(days=1), time(), UTC)
