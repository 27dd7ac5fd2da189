"""How the statuses stood at the end of each year, and which deadlines slipped: what a dashboard draws."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from recommendations.models import Recommendation
from recommendations.queries.overview import Counts
from recommendations.queries.visibility import visible
from recommendations.vocabulary import Status

YEARS = 40
"""At most so many years are told, the latest."""


@dataclass(frozen=True)
class Year:
    """Counts by status of whole recommendations at the end of a year; of the present year, today."""

    year: int
    counts: Counts


@dataclass(frozen=True)
class Slip:
    """A deadline that was moved: how often, and how many days later it is now than at first."""

    recommendation: Recommendation
    first: date
    due_on: date
    moves: int
    days: int


# A verdict adds one to its status in its year and takes one from the status before it; summed up year by year this
# is what the overview answers as of each 31 December. Nothing is worked out per year and recommendation.
_BY_YEAR = """
WITH chosen AS (
  SELECT r.id, s.published_on FROM recommendations_recommendation r
    JOIN recommendations_source s ON s.id = r.source_id
   WHERE r.id IN ({rows})
), step AS (
  SELECT a.recommendation_id, extract(year FROM a.effective_on)::int AS year, a.status,
         lag(a.status) OVER (PARTITION BY a.recommendation_id
                             ORDER BY a.effective_on, a.published_at, a.id) AS before
    FROM recommendations_assessment a JOIN chosen c ON c.id = a.recommendation_id
   WHERE a.state = 'published' AND a.verdict_by = 'office'
     AND NOT EXISTS (SELECT FROM recommendations_assessment later
                      WHERE later.supersedes_id = a.id AND later.state = 'published')
), change AS (
  SELECT extract(year FROM published_on)::int AS year, 'not_assessed' AS status, 1 AS number FROM chosen
   UNION ALL
  SELECT year, status, 1 FROM step
   UNION ALL
  SELECT year, coalesce(before, 'not_assessed'), -1 FROM step
)
SELECT year, status, sum(number) FROM change GROUP BY year, status HAVING sum(number) <> 0 ORDER BY year
"""


def by_year(user: Any, *, source: str = "", now: datetime) -> list[Year]:
    """Each year since the first document, of one source (its code) or of all: one statement."""
    rows = visible(Recommendation.objects.filter(parent__isnull=True), user)
    if source:
        rows = rows.filter(source__code=source)
    inner, values = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_BY_YEAR.format(rows=inner), values)
        found = cursor.fetchall()
    changes: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for year, status, number in found:
        changes[year].append((status, int(number)))
    if not changes:
        return []
    standing, told = dict.fromkeys(Status.values, 0), []
    for year in range(min(changes), now.year + 1):
        for status, number in changes.get(year, ()):
            standing[status] += number
        told.append(Year(year, Counts(dict(standing))))
    return told[-YEARS:]


_SLIPS = """
SELECT recommendation_id, first, due_on, moves, due_on - first AS days FROM (
  SELECT d.recommendation_id,
         (array_agg(d.due_on ORDER BY d.recorded_at, d.id) FILTER (WHERE d.due_on IS NOT NULL))[1] AS first,
         (array_agg(d.due_on ORDER BY d.recorded_at DESC, d.id DESC))[1] AS due_on,
         count(*) - 1 AS moves
    FROM recommendations_deadline d GROUP BY d.recommendation_id) ledger
 WHERE due_on > first ORDER BY days DESC, recommendation_id LIMIT %s
"""


def slips(*, limit: int) -> list[Slip]:
    """The deadlines in force that slipped furthest from the first one: two statements. For staff."""
    with connection.cursor() as cursor:
        cursor.execute(_SLIPS, [limit])
        found = cursor.fetchall()
    rows = Recommendation.objects.in_bulk([row[0] for row in found])
    return [Slip(rows[pk], first, due_on, moves, days) for pk, first, due_on, moves, days in found]
