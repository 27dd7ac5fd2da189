"""Counts by status for each source, theme, addressee or year, today or at a moment of the past.

Today's are sums of the tallies: they cost what the groups do. Those of the past are worked out from history.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from recommendations.models import Recommendation
from recommendations.queries import past
from recommendations.queries.overview import Counts
from recommendations.queries.recommendations import existing
from recommendations.queries.visibility import sees_internal
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Grouping, Status


@dataclass(frozen=True)
class Group:
    """What stands together under one code.

    `median_age_days`: since when the headlines were last verified, in whole days; of two in the middle the younger.
    """

    code: str
    name: str
    counts: Counts
    median_age_days: int | None


@dataclass(frozen=True)
class Overview:
    """All together, and one page of groups by code; `more` when others follow."""

    total: Group
    groups: list[Group]
    more: bool


_NAMED = {
    Grouping.SOURCE: "SELECT id AS key, code, title AS name FROM recommendations_source",
    Grouping.THEME: "SELECT id AS key, code, name FROM recommendations_theme",
    Grouping.ADDRESSEE: "SELECT id AS key, code, name FROM recommendations_institution",
    Grouping.YEAR: "SELECT DISTINCT key, key::varchar AS code, key::varchar AS name"
    " FROM recommendations_tally WHERE dimension = 'year'",
}

_BY_STATUS = """
LATERAL (SELECT json_object_agg(status, n)::text AS counts FROM (
           SELECT status, sum(number) AS n FROM recommendations_tally t
            WHERE t.dimension = {dimension} AND t.key = {key}{seen}
            GROUP BY status HAVING sum(number) <> 0) x) c
"""

_STEP = """
SELECT dimension, key, period, rank - (upto - n) AS rank FROM (
       SELECT x.*, (sum(n) OVER (PARTITION BY dimension, key ORDER BY period DESC))::bigint AS upto
         FROM (SELECT v.dimension, v.key, v.period, sum(v.number) AS n, {rank} AS rank
                 FROM {within} g JOIN recommendations_verification v
                   ON v.dimension = g.dimension AND v.key = g.key AND v.period BETWEEN {low} AND {high}{seen}
                GROUP BY v.dimension, v.key, v.period{more} HAVING sum(v.number) <> 0) x) y
 WHERE upto - n < rank AND rank <= upto
"""
"""The period in which the median lies, and its rank among that period's: the newest first."""

_TODAY = """
WITH groups AS MATERIALIZED (
  SELECT 'all'::varchar AS dimension, 0::bigint AS key, ''::varchar AS code, ''::varchar AS name, c.counts FROM {all}
   UNION ALL
  (SELECT '{by}', n.key, n.code, n.name, c.counts FROM ({named}) n CROSS JOIN {each}
    WHERE c.counts IS NOT NULL{after} ORDER BY n.code LIMIT %s)
), years AS ({years}), months AS ({months}), days AS ({days}), sources AS (
  SELECT r.source_id AS key, percentile_disc(0.5) WITHIN GROUP (
         ORDER BY (r.last_verified_at AT TIME ZONE 'UTC')::date DESC) AS day
    FROM recommendations_recommendation r
   WHERE '{by}' = 'source' AND r.source_id IN (SELECT key FROM groups WHERE dimension = 'source'){rows}
   GROUP BY r.source_id
)
SELECT g.code, g.name, coalesce(g.counts, '{{}}'), coalesce(to_date(d.period::text, 'YYYYMMDD'), s.day)
  FROM groups g LEFT JOIN days d ON d.dimension = g.dimension AND d.key = g.key
  LEFT JOIN sources s ON g.dimension = 'source' AND s.key = g.key
 ORDER BY g.dimension <> 'all', g.code
"""

_LARGEST = """
SELECT n.* FROM ({named}) n JOIN (
       SELECT t.key FROM recommendations_tally t WHERE t.dimension = '{by}'{seen}
        GROUP BY t.key ORDER BY sum(t.number) DESC, t.key LIMIT {limit}) most ON most.key = n.key
"""

_LEVELS = {"all": "", "top": " AND NOT {0}.part", "part": " AND {0}.part"}
_ROW_LEVELS = {"all": "", "top": " AND r.parent_id IS NULL", "part": " AND r.parent_id IS NOT NULL"}


def overview(
    user: Any, by: str, at: Moment | None, *, now: datetime, level: str, limit: int, after: str = ""
) -> Overview:
    """Counts of what this user may see by "source", "theme", "addressee" or "year": one statement.

    A recommendation with two themes or addressees counts under both, and under a theme counts what is filed under its
    parts. Groups in which there is nothing are left out. `level` is "top", "part" or "all".
    """
    if at is not None:
        return _past(user, by, at, level, limit, after)
    return _today(user, by, _NAMED[Grouping(by)], now=now, level=level, limit=limit, after=after)


def of_sources(ids: Sequence[int], user: Any, at: Moment | None, *, now: datetime) -> dict[str, Group]:
    """How the whole recommendations of these sources stand, by code, zeros where there are none: one statement."""
    if not ids:
        return {}
    named = f"SELECT id AS key, code, title AS name FROM recommendations_source WHERE id IN ({_numbers(ids)})"  # noqa: S608 - numbers
    if at is not None:
        found = _past(user, Grouping.SOURCE, at, "top", len(ids), "", sources=ids)
    else:
        found = _today(user, Grouping.SOURCE, named, now=now, level="top", limit=len(ids))
    return {group.code: group for group in found.groups}


def none_of(code: str, now: datetime) -> Group:
    """A group in which there is nothing."""
    return _group((code, "", "{}", None), now.date())


def largest(user: Any, by: str, *, now: datetime, level: str, limit: int) -> Overview:
    """The groups that hold the most of what this user may see, the largest first, as `overview` counts them today."""
    seen = ("" if sees_internal(user) else " AND t.public") + _LEVELS[level].format("t")
    named = _LARGEST.format(named=_NAMED[Grouping(by)], by=by, seen=seen, limit=int(limit))
    found = _today(user, by, named, now=now, level=level, limit=limit)
    groups = sorted(found.groups, key=lambda group: (-group.counts.total, group.name))
    return Overview(found.total, groups, found.more)


def _today(
    user: Any, by: str, named: str, *, now: datetime, level: str, limit: int, after: str = ""
) -> Overview:
    public = not sees_internal(user)
    counted, verified = (
        (f" AND {name}.public" if public else "") + _LEVELS[level].format(name) for name in ("t", "v")
    )
    rank = "div(sum(sum(v.number)) OVER (PARTITION BY v.dimension, v.key) + 1, 2)::bigint"
    within = {
        "low": "g.period * 100",
        "high": "g.period * 100 + 99",
        "seen": verified,
        "rank": "g.rank",
        "more": ", g.rank",
    }
    statement = _TODAY.format(
        by=by,
        named=named,
        all=_BY_STATUS.format(dimension="'all'", key="0", seen=counted).strip().removeprefix("LATERAL "),
        each=_BY_STATUS.format(dimension=f"'{by}'", key="n.key", seen=counted),
        after=" AND n.code > %s" if after else "",
        years=_STEP.format(within="groups", low="0", high="9999", seen=verified, rank=rank, more=""),
        months=_STEP.format(**within | {"within": "years"}),
        days=_STEP.format(**within | {"within": "months"}),
        rows=(" AND r.public" if public else "") + _ROW_LEVELS[level],
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*([after] if after else []), limit + 1])
        total, *groups = [_group(row, now.date()) for row in cursor.fetchall()]
    return Overview(total, groups[:limit], len(groups) > limit)


class _Key(NamedTuple):
    code: str
    name: str
    join: str = ""


_KEYS = {
    "all": _Key("''", "''"),
    "source": _Key("s.code", "s.title"),
    "year": _Key("to_char(r.issued_on, 'YYYY')", "to_char(r.issued_on, 'YYYY')"),
    "theme": _Key("t.code", "t.name", " JOIN recommendations_theme t ON t.id = ANY(r.theme_ids)"),
    "addressee": _Key(
        "i.code", "i.name", " JOIN recommendations_institution i ON i.id = ANY(r.addressee_ids)"
    ),
}

_HISTORY = """
WITH x AS (
  SELECT {code} AS code, {name} AS name, h.status,
         (h.last_verified_at AT TIME ZONE 'UTC')::date AS day
    FROM recommendations_recommendation r
    JOIN recommendations_source s ON s.id = r.source_id
    JOIN {headlines} ON h.{headline_key} = r.id{join}
   WHERE r.id IN ({rows})
), counted AS (
  SELECT code, name, status, count(*) AS n FROM x GROUP BY code, name, status
), aged AS (
  SELECT code, percentile_disc(0.5) WITHIN GROUP (ORDER BY day DESC) AS day FROM x GROUP BY code
)
SELECT code, name, json_object_agg(status, n)::text, day FROM counted JOIN aged USING (code)
 GROUP BY code, name, day ORDER BY code
"""

_PAST_KEYS = {
    Grouping.SOURCE: "r.source_id::bigint",
    Grouping.YEAR: "extract(year FROM r.issued_on)::bigint",
    Grouping.THEME: "unnest(r.theme_ids)::bigint",
    Grouping.ADDRESSEE: "unnest(r.addressee_ids)::bigint",
}

_PAST = """
WITH told AS MATERIALIZED (
  SELECT r.id, coalesce(h.status, 'not_assessed') AS status,
         (h.published_at AT TIME ZONE 'UTC')::date AS day, {columns}
    FROM ({rows}) r LEFT JOIN {latest} h ON h.recommendation_id = r.id
), x AS MATERIALIZED (
  SELECT {key} AS key, r.status, r.day FROM told r UNION ALL SELECT 0, r.status, r.day FROM told r
), counted AS (
  SELECT key, json_object_agg(status, n)::text AS counts
    FROM (SELECT key, status, count(*) AS n FROM x GROUP BY key, status) y GROUP BY key
), page AS MATERIALIZED (
  SELECT key, '' AS code, '' AS name, counts FROM counted WHERE key = 0
   UNION ALL
  (SELECT c.key, n.code, n.name, c.counts FROM counted c JOIN ({named}) n ON n.key = c.key
    WHERE n.code > %s ORDER BY n.code LIMIT %s)
), aged AS (
  SELECT key, percentile_disc(0.5) WITHIN GROUP (ORDER BY day DESC) AS day
    FROM x WHERE key IN (SELECT key FROM page) GROUP BY key
)
SELECT code, name, counts, day FROM page JOIN aged USING (key) ORDER BY code
"""
"""What the headlines of that moment say, as far as it is counted, of all rows at once; their total under the key 0."""


def grouped(rows: QuerySet[Recommendation], by: str, at: Moment | None, *, now: datetime) -> list[Group]:
    """Any `rows` counted by "source", "theme", "addressee" or "year", or "all" together: one statement.

    It counts row by row, and agrees with `overview`, which does not.
    """
    inner, values = rows.order_by().values("pk").query.sql_with_params()
    key = _KEYS[by]
    headlines, headline_key, moment = "recommendations_recommendation h", "id", []
    if at is not None:
        headlines, headline_key = "recommendations_headline_at(%s, %s) h", "recommendation_id"
        moment = [at.as_of, at.known_at]
    statement = _HISTORY.format(
        code=key.code,
        name=key.name,
        join=key.join,
        headlines=headlines,
        headline_key=headline_key,
        rows=inner,
    )
    then = now if at is None else at.known_at
    with connection.cursor() as cursor:
        cursor.execute(statement, [*moment, *values])
        return [_group(row, then.date()) for row in cursor.fetchall()]


def everything(rows: QuerySet[Recommendation], at: Moment | None, *, now: datetime) -> Group:
    """All of `rows` together; zeros where there are none."""
    found = grouped(rows, "all", at, now=now)
    return found[0] if found else _group(("", "", "{}", None), now.date())


def _past(
    user: Any,
    by: str,
    at: Moment,
    level: str,
    limit: int,
    after: str,
    sources: Sequence[int] | None = None,
) -> Overview:
    """As `grouped` counts at that moment, all at once, or those of these sources: one statement."""
    rows = existing(user, at).filter(source__published_on__lte=at.as_of)
    if sources is not None:
        rows = rows.filter(source__in=sources)
    if level != "all":
        rows = rows.filter(parent__isnull=level == "top")
    columns = ("source_id", "issued_on", "theme_ids", "addressee_ids")
    inner, values = rows.order_by().values("id", *columns).query.sql_with_params()
    statement = _PAST.format(
        key=_PAST_KEYS[Grouping(by)],
        named=_NAMED[Grouping(by)],
        columns=", ".join(f"r.{name}" for name in columns),
        # Of a page of sources each is looked up; for all, the verdicts are read in the order of an index.
        latest=f"({past.LATEST})" if sources is None else f"LATERAL ({past.stood('r.id')})",
        rows=inner,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *past.latest_values(at), after, limit + 1])
        told = [_group(row, at.known_at.date()) for row in cursor.fetchall()]
    total = told.pop(0) if told else _group(("", "", "{}", None), at.known_at.date())
    return Overview(total, told[:limit], len(told) > limit)


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(str(int(each)) for each in ids)


def _group(row: Sequence[Any], today: date) -> Group:
    code, name, by_status, day = row
    counts = dict.fromkeys(Status.values, 0) | json.loads(by_status)
    return Group(code, name, Counts(counts), None if day is None else (today - day).days)
