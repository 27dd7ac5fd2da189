"""What became different between two days: the recommendations about which something new was told, before and after."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation
from recommendations.queries import listing
from recommendations.queries.recommendations import Headline, existing
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


_TOLD = """
SELECT a.recommendation_id AS id FROM recommendations_assessment a
 WHERE a.effective_on > %s AND a.effective_on <= %s AND a.published_at <= %s
   AND (a.retracted_at IS NULL OR a.retracted_at > %s) AND {a}
 UNION ALL
SELECT p.recommendation_id FROM recommendations_response p
 WHERE p.stated_on > %s AND p.stated_on <= %s AND p.recorded_at <= %s AND {p}
 UNION ALL
SELECT d.recommendation_id FROM recommendations_deadline d WHERE d.recorded_at >= %s AND d.recorded_at < %s AND {d}
 UNION ALL
SELECT c.recommendation_id FROM recommendations_closure c WHERE c.closed_at >= %s AND c.closed_at < %s AND {c}
 UNION ALL
SELECT c.recommendation_id FROM recommendations_closure c
 WHERE c.reopened_at >= %s AND c.reopened_at < %s AND c.closed_at <= %s AND {c}
 UNION ALL
SELECT c.recommendation_id FROM recommendations_closure c
 WHERE c.review_on > %s AND c.review_on <= %s AND c.closed_at <= %s AND {c}
 UNION ALL
SELECT n.id FROM recommendations_recommendation n WHERE n.issued_on > %s AND n.issued_on <= %s AND {n}
"""
"""What was told anew of recommendations: verdicts, answers, deadlines, closures, and they themselves.

Each part reads an index of its own, so that all cost what was told between the days; or asks of one recommendation.
Whether it is public is the list's to say: nothing of these is hidden where it is not.
"""

_ANY = _TOLD.format(**dict.fromkeys("apdcn", "true"))
_OF_THIS = _TOLD.format(
    **{row: f"{row}.recommendation_id = recommendations_recommendation.id" for row in "apdc"},
    n="n.id = recommendations_recommendation.id",
)
_THESE = f"recommendations_recommendation.id = ANY (ARRAY(SELECT told.id FROM ({_ANY}) told))"  # noqa: S608 - our own words
_THIS = f"EXISTS ({_OF_THIS})"


def touched(user: Any, days: Days, *, walked: bool = False) -> QuerySet[Recommendation]:
    """Visible recommendations that were made, judged, answered, dated, closed or reopened between the days.

    The same either way. As a whole they cost what was told; `walked` asks each recommendation of a list in turn, which
    fills a page sooner where many were told of.
    """
    text = _THIS if walked else _THESE
    return existing(user, days.after).filter(
        RawSQL(text, _told_values(days), output_field=BooleanField())  # noqa: S611 - the text is this module's
    )


FEW = 150
"""Of N recommendations sqrt(FEW * N) are few: those are fetched and sorted, which costs less than walking the list."""


def were_many(days: Days) -> bool:
    """Whether so much was told that a page is found sooner by asking each recommendation in turn: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH few AS (SELECT ceil(sqrt(%s * greatest(coalesce(sum(number), 0), 0)))::bigint AS most"  # noqa: S608
            " FROM recommendations_tally WHERE dimension = 'all')"
            f" SELECT count(*) > (SELECT most FROM few) FROM ({_ANY} LIMIT (SELECT most + 1 FROM few)) told",
            [FEW, *_told_values(days)],
        )
        return bool(cursor.fetchone()[0])


def _told_values(days: Days) -> list[date | datetime]:
    first, last, known_at = days.first, days.last, days.known_at
    began, ended = (datetime.combine(day + timedelta(days=1), time(), UTC) for day in (first, last))
    ended = min(ended, known_at + timedelta(microseconds=1))
    verdicts = [first, last, known_at, known_at]
    answers, made = [first, last, known_at], [first, last]
    closures = [began, ended, began, ended, known_at, first, last, known_at]
    return [*verdicts, *answers, began, ended, *closures, *made]


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
