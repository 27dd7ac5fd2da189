"""What became different between two days: the recommendations about which something new was told, before and after."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from recommendations.models import Assessment, Closure, Deadline, Recommendation, Response
from recommendations.queries import listing
from recommendations.queries.assessments import held
from recommendations.queries.recommendations import Headline, existing
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment


@dataclass(frozen=True)
class Days:
    """From the end of one day to the end of another, as far as we had published it by `known_at`."""

    first: date
    last: date
    known_at: datetime

    @property
    def before(self) -> Moment:
        return Moment(self.first, self.known_at)

    @property
    def after(self) -> Moment:
        return Moment(self.last, self.known_at)


@dataclass(frozen=True)
class Compared:
    """One recommendation; `before` is None where its source was not published yet. `keys` as its list is sorted."""

    pk: int
    code: str
    title: str
    before: Headline | None
    after: Headline
    keys: tuple[Any, ...]


def touched(user: Any, days: Days) -> QuerySet[Recommendation]:
    """Visible recommendations that were made, judged, answered, dated, closed or reopened between the days."""
    world = {"gt": days.first, "lte": days.last}
    began, ended = (datetime.combine(day + timedelta(days=1), time(), UTC) for day in (days.first, days.last))
    ended = min(ended, days.known_at + timedelta(microseconds=1))

    def on(column: str) -> dict[str, Any]:
        return {f"{column}__{side}": day for side, day in world.items()}

    def at(column: str) -> dict[str, Any]:
        return {f"{column}__gte": began, f"{column}__lt": ended}

    verdicts = held(visible(Assessment.objects.filter(**on("effective_on")), user), days.known_at)
    answers = visible(Response.objects.filter(**on("stated_on"), recorded_at__lte=days.known_at), user)
    dated = visible(Deadline.objects.filter(**at("recorded_at")), user)
    closed = visible(Closure.objects.filter(closed_at__lte=days.known_at), user).filter(
        Q(**at("closed_at")) | Q(**at("reopened_at")) | Q(**on("review_on"))
    )
    either = Q(**on("issued_on"))
    for rows in (verdicts, answers, dated, closed):
        either |= Q(pk__in=rows.order_by().values("recommendation"))
    return existing(user, days.after).filter(either)


_STATEMENT = """
SELECT page.*, r.id, r.code, r.title, s.published_on <= %s, {before}, {after}
  FROM (SELECT row_number() OVER () AS place, x.* FROM ({page}) x) page
  JOIN recommendations_recommendation r ON r.id = page.pk
  JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN LATERAL (SELECT x.* FROM recommendations_headline_at(%s, %s) x
                 WHERE x.recommendation_id = r.id OFFSET 0) b ON true
  JOIN LATERAL (SELECT x.* FROM recommendations_headline_at(%s, %s) x
                 WHERE x.recommendation_id = r.id OFFSET 0) a ON true
 ORDER BY page.place
"""
_HEADLINE = listing.HEADLINE.split()


def read(page: "QuerySet[Recommendation, Any]", days: Days) -> list[Compared]:
    """The rows of `page` (values: `pk`, then its keys) on both days: one statement."""
    text, values = page.query.sql_with_params()
    before, after = (", ".join(f"{name}.{column}" for column in _HEADLINE) for name in "ba")
    moments = [days.first, days.known_at, days.last, days.known_at]
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.format(page=text, before=before, after=after), [days.first, *values, *moments]
        )
        return [_compared(row, days) for row in cursor.fetchall()]


def _compared(row: tuple[Any, ...], days: Days) -> Compared:
    width = len(_HEADLINE)
    pk, code, title, was_there = row[-2 * width - 4 : -2 * width]
    before: list[Any] = [*row[-2 * width : -width], days.first, days.known_at]
    after: list[Any] = [*row[-width:], days.last, days.known_at]
    keys = row[2 : len(row) - 2 * width - 4]
    return Compared(pk, code, title, Headline(*before) if was_there else None, Headline(*after), keys)
