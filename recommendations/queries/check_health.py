"""How all checks are doing, for the people who see to them: the same few statements however many checks there are.

Each number is that of a list: `checks.standing` has the rows behind those of `Now`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from recommendations.models import CheckRun
from recommendations.queries.health import LATE_AFTER
from recommendations.vocabulary import CheckKind, CheckState, Outcome

HOSTS = 20
"""The worst hosts shown."""

LATE_LOOKED_THROUGH = 10_000
"""Of the late checks the oldest so many say which hosts are late; when a million are, it is not the hosts' doing."""


@dataclass(frozen=True)
class Now:
    """Counts of checks at this moment. `oldest_due_at` is None where nothing is due."""

    due: int
    late: int
    leased: int
    oldest_due_at: datetime | None


@dataclass(frozen=True)
class OfKind:
    """Counts of the checks of one kind; those that are neither failing nor paused are active."""

    kind: str
    total: int
    failing: int
    paused: int
    key_missing: int


@dataclass(frozen=True)
class OfHost:
    """Counts of the checks of one host that has some that fail or are late; whether it fails as a whole, and whether it
    asked us to wait."""

    host: str
    total: int
    failing: int
    late: int
    failing_since: datetime | None = None
    closed_until: datetime | None = None


@dataclass(frozen=True)
class OfOutcome:
    """How many looks ended so in the last day and the last seven."""

    outcome: str
    day: int
    week: int


def now(*, now: datetime) -> Now:
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"now": now, "late": now - LATE_AFTER})
        return Now(*cursor.fetchone())


def by_kind() -> list[OfKind]:
    """One row for each kind that has checks, in the vocabulary's order."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND)
        rows = {row[0]: OfKind(*row) for row in cursor.fetchall()}
    return [rows[kind] for kind in CheckKind.values if kind in rows]


def worst_hosts(*, now: datetime) -> list[OfHost]:
    """The hosts with the most failing checks, then with the most late ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HOSTS, {"late": now - LATE_AFTER, "now": now, "through": LATE_LOOKED_THROUGH, "hosts": HOSTS}
        )
        return [OfHost(*row) for row in cursor.fetchall()]


def outcomes(*, now: datetime) -> list[OfOutcome]:
    """One row for each outcome that occurred in the last seven days, in the vocabulary's order."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OUTCOMES,
            {"day": now - timedelta(days=1), "week": now - timedelta(days=7)},
        )
        rows = {row[0]: OfOutcome(*row) for row in cursor.fetchall()}
    return [rows[outcome] for outcome in Outcome.values if outcome in rows and rows[outcome].week]


def last_look_at() -> datetime | None:
    """When the last look ended, None where there never was one."""
    return CheckRun.objects.order_by("-pk").values_list("finished_at", flat=True).first()


_NOW = f"""
SELECT (SELECT count(*) FROM recommendations_statuscheck
         WHERE state <> '{CheckState.PAUSED}' AND next_due_at <= %(now)s),
       (SELECT count(*) FROM recommendations_statuscheck
         WHERE state <> '{CheckState.PAUSED}' AND next_due_at <= %(late)s),
       (SELECT count(*) FROM recommendations_statuscheck WHERE leased_until > %(now)s),
       (SELECT min(next_due_at) FROM recommendations_statuscheck
         WHERE state <> '{CheckState.PAUSED}' AND next_due_at <= %(now)s)
"""  # noqa: S608 - our own words

# Each of the four counts reads an index of its own, most of them small: the table is wide and read by nobody.
_BY_KIND = f"""
WITH counted AS (
    SELECT kind, 'total' AS what, count(*) AS number FROM recommendations_statuscheck
     WHERE evidence_id IS NOT NULL GROUP BY kind
    UNION ALL
    SELECT kind, 'total', count(*) FROM recommendations_statuscheck WHERE recommendation_id IS NOT NULL GROUP BY kind
    UNION ALL
    SELECT kind, 'total', count(*) FROM recommendations_statuscheck WHERE indicator_id IS NOT NULL GROUP BY kind
    UNION ALL
    SELECT kind, 'failing', count(*) FROM recommendations_statuscheck
     WHERE state = '{CheckState.FAILING}' GROUP BY kind
    UNION ALL
    SELECT kind, 'paused', count(*) FROM recommendations_statuscheck
     WHERE state = '{CheckState.PAUSED}' GROUP BY kind
    UNION ALL
    SELECT kind, 'key_missing', count(*) FROM recommendations_statuscheck
     WHERE last_outcome = '{Outcome.KEY_MISSING}' GROUP BY kind
)
SELECT kind, coalesce(sum(number) FILTER (WHERE what = 'total'), 0)::bigint,
       coalesce(sum(number) FILTER (WHERE what = 'failing'), 0)::bigint,
       coalesce(sum(number) FILTER (WHERE what = 'paused'), 0)::bigint,
       coalesce(sum(number) FILTER (WHERE what = 'key_missing'), 0)::bigint
  FROM counted
 GROUP BY kind
"""  # noqa: S608 - our own words

_HOSTS = f"""
WITH failing AS (
    SELECT host, count(*) AS number FROM recommendations_statuscheck
     WHERE state = '{CheckState.FAILING}' AND host <> ''
     GROUP BY host
), late AS (
    SELECT host, count(*) AS number FROM (
        SELECT host FROM recommendations_statuscheck
         WHERE state <> '{CheckState.PAUSED}' AND next_due_at <= %(late)s
         ORDER BY next_due_at, id LIMIT %(through)s) oldest
     WHERE host <> ''
     GROUP BY host
), worst AS (
    SELECT host, coalesce(failing.number, 0) AS failing, coalesce(late.number, 0) AS late
      FROM failing FULL JOIN late USING (host)
     ORDER BY 2 DESC, 3 DESC, 1 LIMIT %(hosts)s
)
SELECT host, (SELECT count(*) FROM recommendations_statuscheck c WHERE c.host = worst.host), failing, late,
       h.failing_since, CASE WHEN h.closed_until > %(now)s THEN h.closed_until END
  FROM worst LEFT JOIN recommendations_host h ON h.name = worst.host
 ORDER BY 3 DESC, 4 DESC, 1
"""  # noqa: S608 - our own words

# Hours that were tallied are summed; looks are counted only before the first whole hour of each span and after the
# last tallied one.
_OUTCOMES = """
WITH spans (name, began) AS (VALUES ('day', %(day)s::timestamptz), ('week', %(week)s::timestamptz)
), known AS (
    SELECT coalesce(max(hour) + interval '1 hour', '-infinity'::timestamptz) AS until FROM recommendations_looktally
), whole AS (
    SELECT s.name, s.began, k.until, CASE WHEN date_trunc('hour', s.began, 'UTC') = s.began THEN s.began
           ELSE date_trunc('hour', s.began, 'UTC') + interval '1 hour' END AS first
      FROM spans s CROSS JOIN known k
), counted AS (
    SELECT w.name, t.outcome, t.number::bigint
      FROM whole w JOIN recommendations_looktally t ON t.hour >= w.first
    UNION ALL
    SELECT w.name, r.outcome, r.number
      FROM whole w CROSS JOIN LATERAL (
           SELECT outcome, count(*) AS number FROM recommendations_checkrun
            WHERE finished_at >= w.began AND finished_at < least(w.first, greatest(w.until, w.began))
            GROUP BY outcome) r
    UNION ALL
    SELECT w.name, r.outcome, r.number
      FROM whole w CROSS JOIN LATERAL (
           SELECT outcome, count(*) AS number FROM recommendations_checkrun
            WHERE finished_at >= greatest(w.until, w.began)
            GROUP BY outcome) r
)
SELECT outcome, coalesce(sum(number) FILTER (WHERE name = 'day'), 0)::bigint,
       coalesce(sum(number) FILTER (WHERE name = 'week'), 0)::bigint
  FROM counted
 GROUP BY outcome
"""
