"""Counts by status for each source, theme, addressee or year, today or at a moment of the past."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from recommendations.models import Recommendation
from recommendations.queries.overview import Counts
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status


@dataclass(frozen=True)
class Group:
    """What stands together under one code. `median_age_days` is that of the verdicts' verification."""

    code: str
    name: str
    counts: Counts
    median_age_days: float | None


class _Key(NamedTuple):
    code: str
    name: str
    join: str = ""


_KEYS = {
    "all": _Key("''", "''"),
    "source": _Key("s.code", "s.title"),
    "year": _Key("to_char(s.published_on, 'YYYY')", "to_char(s.published_on, 'YYYY')"),
    "theme": _Key(
        "t.code",
        "t.name",
        " JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = r.id"
        " JOIN recommendations_theme t ON t.id = rt.theme_id",
    ),
    # A merged institution counts as its heir.
    "addressee": _Key(
        "i.code",
        "i.name",
        " JOIN recommendations_addressee a ON a.recommendation_id = r.id"
        " JOIN recommendations_institution b ON b.id = a.institution_id"
        " JOIN recommendations_institution i ON i.id = coalesce(b.merged_into_id, b.id)",
    ),
}

_STATEMENT = """
WITH x AS (
  SELECT DISTINCT {code} AS code, {name} AS name, r.id, h.status, h.last_verified_at
    FROM recommendations_recommendation r
    JOIN recommendations_source s ON s.id = r.source_id
    JOIN {headlines} ON h.{headline_key} = r.id{join}
   WHERE r.id IN ({rows})
), counted AS (
  SELECT code, name, status, count(*) AS n FROM x GROUP BY code, name, status
), aged AS (
  SELECT code, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM %s - last_verified_at) / 86400) AS age
    FROM x GROUP BY code
)
SELECT code, name, age, jsonb_object_agg(status, n)::text FROM counted JOIN aged USING (code)
 GROUP BY code, name, age ORDER BY name, code
"""


def grouped(rows: QuerySet[Recommendation], by: str, at: Moment | None, *, now: datetime) -> list[Group]:
    """`rows` counted by "source", "theme", "addressee" or "year", or "all" together: one statement.

    A recommendation with two themes or addressees counts under both. Groups in which there is nothing are left out.
    """
    inner, values = rows.order_by().values("pk").query.sql_with_params()
    key = _KEYS[by]
    headlines, headline_key, moment = "recommendations_recommendation h", "id", []
    if at is not None:
        headlines, headline_key = "recommendations_headline_at(%s, %s) h", "recommendation_id"
        moment = [at.as_of, at.known_at]
    statement = _STATEMENT.format(
        code=key.code,
        name=key.name,
        join=key.join,
        headlines=headlines,
        headline_key=headline_key,
        rows=inner,
    )
    then = now if at is None else at.known_at
    with connection.cursor() as cursor:
        cursor.execute(statement, [*moment, *values, then])
        return [_group(*row) for row in cursor.fetchall()]


def everything(rows: QuerySet[Recommendation], at: Moment | None, *, now: datetime) -> Group:
    """All of `rows` together; zeros where there are none."""
    found = grouped(rows, "all", at, now=now)
    return found[0] if found else _group("", "", None, "{}")


def _group(code: str, name: str, age: Any, by_status: str) -> Group:
    counts = dict.fromkeys(Status.values, 0) | json.loads(by_status)
    return Group(code, name, Counts(counts), None if age is None else round(float(age), 2))
