"""Lists and counts of a moment of the past, found without working out what everything had come to.

The database function `recommendations_headline_at` is what says so, of one recommendation; here it is asked of few, or
the same is said of all at once.
"""

from collections.abc import Collection
from datetime import date, datetime
from math import isqrt
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Assessment, Closure, Deadline, Recommendation, Response
from recommendations.rules.moments import Moment
from recommendations.vocabulary import ResponseKind, Status, VerdictBy

if TYPE_CHECKING:
    from recommendations.queries.recommendations import Asked

LATEST = """
SELECT DISTINCT ON (a.recommendation_id) a.recommendation_id, a.status, a.published_at
  FROM recommendations_assessment a
 WHERE a.verdict_by = 'office' AND a.effective_on <= %s AND a.published_at <= %s
   AND (a.retracted_at IS NULL OR a.retracted_at > %s)
   AND a.id NOT IN (SELECT s.supersedes_id FROM recommendations_assessment s
                     WHERE s.supersedes_id IS NOT NULL AND s.published_at <= %s
                       AND (s.retracted_at IS NULL OR s.retracted_at > %s))
 ORDER BY a.recommendation_id, a.effective_on DESC, a.published_at DESC, a.id DESC
"""
"""The office's verdict that stood for each recommendation, read in the order of one index.

NOT IN asks a hash table of the corrections and keeps that order, which a join would lose and sort anew: five times the
work. The table holds a quarter of a million of them in PostgreSQL's usual memory for one.
"""


def latest_values(at: Moment) -> list[date | datetime]:
    """The parameters of LATEST."""
    return [at.as_of, *[at.known_at] * 4]


_STOOD = "recommendations_stood_at(recommendations_recommendation.id, %s, %s, %s::varchar[])"

_EVER = (
    "a.verdict_by = 'office' AND a.published_at IS NOT NULL AND a.status = ANY(%s) AND a.effective_on <= %s"
)

_EVER_THESE = (
    "recommendations_recommendation.id = ANY (ARRAY(SELECT a.recommendation_id"  # noqa: S608 - the text is ours
    f" FROM recommendations_assessment a WHERE {_EVER}))"
)


def of_status(
    rows: "QuerySet[Recommendation]", statuses: Collection[str], at: Moment
) -> "QuerySet[Recommendation]":
    """Those that stood at one of these statuses: the status alone is a tenth of a headline's work.

    One statement to learn whether few were ever told to; then only those are looked at.
    """
    asked = list(statuses)
    if Status.NOT_ASSESSED not in asked and _were_few(asked, at):
        rows = rows.filter(RawSQL(_EVER_THESE, [asked, at.as_of], output_field=BooleanField()))  # noqa: S611
    values = [at.as_of, at.known_at, asked]
    return rows.filter(RawSQL(_STOOD, values, output_field=BooleanField()))  # noqa: S611 - the text is ours


def _were_few(statuses: list[str], at: Moment) -> bool:
    """As narrowing._is_rare: to fetch that many costs less than to walk the list until a page is full."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(number), 0) FROM recommendations_tally WHERE dimension = 'all'")
        most = isqrt(4 * max(int(cursor.fetchone()[0]), 0))
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM recommendations_assessment a WHERE {_EVER} LIMIT %s) x",  # noqa: S608
            [statuses, at.as_of, most + 1],
        )
        return int(cursor.fetchone()[0]) <= most


def having_what_it_takes(
    rows: "QuerySet[Recommendation]", asked: "Asked", at: Moment
) -> "QuerySet[Recommendation]":
    """Without those that cannot have been as asked: nobody contested, answered, closed or dated them by then.

    Fewer are then left of which the headline has to be worked out.
    """
    mine = {"recommendation": OuterRef("pk")}
    needed = Q()
    if asked.contested:
        others = Assessment.objects.filter(effective_on__lte=at.as_of, published_at__lte=at.known_at, **mine)
        needed &= Q(Exists(others.exclude(verdict_by=VerdictBy.OFFICE)))
    if asked.responses and ResponseKind.NONE not in asked.responses:
        said = Response.objects.filter(stated_on__lte=at.as_of, recorded_at__lte=at.known_at, **mine)
        needed &= Q(Exists(said.filter(kind__in=list(asked.responses))))
    if asked.open is False:
        needed &= Q(Exists(Closure.objects.filter(closed_at__lte=at.known_at, **mine)))
    if asked.overdue or asked.due_before is not None or asked.due_after is not None:
        needed &= Q(Exists(Deadline.objects.filter(recorded_at__lte=at.known_at, **mine)))
    return rows.filter(needed)
