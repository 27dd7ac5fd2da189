"""How the checks, the sweeps and the queue of findings are doing, as numbers for an operator.

Each costs what it counts, not what there is: a few index scans over what is due, held, failing or recent. These are
the numbers of /metrics (tracker/metrics.py names them); the admin's page of the checks has its own (check_health.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from recommendations.models import CheckRun, Finding, Sweep
from recommendations.vocabulary import CheckState, FindingState

LATE_AFTER = timedelta(minutes=15)
"""A sweep comes every few seconds: what has been due for this long is not being looked at."""

COUNTED_UP_TO = 100_000
"""Above this many checks their number is PostgreSQL's own estimate: to count a million takes half a second."""


@dataclass(frozen=True)
class Checks:
    """Counts of checks; `active` is an estimate where there are very many. `oldest_due_at` is None where nothing is
    due, `last_run_at` where none was ever looked at. `hosts_failing` fail as wholes, `hosts_closed` asked us to wait.
    """

    active: int
    paused: int
    failing: int
    due: int
    late: int
    leased: int
    oldest_due_at: datetime | None
    last_run_at: datetime | None
    hosts_failing: int
    hosts_closed: int


@dataclass(frozen=True)
class Sweeps:
    """`last_at` is when the last sweep ended, None where none ever did; the rest is of the last one that had work."""

    last_at: datetime | None
    seconds: float
    claimed: int
    recorded: int
    released: int


def checks(*, now: datetime) -> Checks:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CHECKS,
            {
                "now": now,
                "late": now - LATE_AFTER,
                "paused": CheckState.PAUSED,
                "failing": CheckState.FAILING,
                "counted": COUNTED_UP_TO,
            },
        )
        total, paused, failing, *others = cursor.fetchone()
    return Checks(max(total - paused - failing, 0), paused, failing, *others)


def sweeps() -> Sweeps:
    """Two statements, each for one row."""
    last_at = Sweep.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
    last = Sweep.objects.filter(claimed__gt=0).order_by("-finished_at").first()
    if last is None:
        return Sweeps(last_at, 0.0, 0, 0, 0)
    seconds = (last.finished_at - last.started_at).total_seconds()
    return Sweeps(last_at, seconds, last.claimed, last.recorded, last.released)


def runs_by_outcome(*, since: datetime) -> dict[str, int]:
    """How many looks of each outcome ended since then."""
    return dict(
        CheckRun.objects.filter(finished_at__gte=since)
        .order_by()
        .values_list("outcome")
        .annotate(number=Count("pk"))
        .values_list("outcome", "number")
    )


def open_findings() -> int:
    return Finding.objects.filter(state=FindingState.OPEN).count()


# The number of all checks is counted where that is quick.
_CHECKS = """
WITH estimated AS (
    SELECT greatest(reltuples, 0)::bigint AS number FROM pg_class
     WHERE oid = 'recommendations_statuscheck'::regclass
), late AS MATERIALIZED (
    SELECT count(*) AS number, min(next_due_at) AS oldest FROM recommendations_statuscheck
     WHERE state <> %(paused)s AND next_due_at <= %(late)s
), due AS MATERIALIZED (
    SELECT count(*) AS number, min(next_due_at) AS oldest FROM recommendations_statuscheck
     WHERE state <> %(paused)s AND next_due_at <= %(now)s AND next_due_at > %(late)s
)
SELECT CASE WHEN (SELECT number FROM estimated) > %(counted)s THEN (SELECT number FROM estimated)
            ELSE (SELECT count(*) FROM recommendations_statuscheck) END,
       (SELECT count(*) FROM recommendations_statuscheck WHERE state = %(paused)s),
       (SELECT count(*) FROM recommendations_statuscheck WHERE state = %(failing)s),
       late.number + due.number,
       late.number,
       (SELECT count(*) FROM recommendations_statuscheck WHERE leased_until > %(now)s),
       coalesce(late.oldest, due.oldest),
       (SELECT finished_at FROM recommendations_checkrun ORDER BY id DESC LIMIT 1),
       (SELECT count(*) FROM recommendations_host WHERE failing_since IS NOT NULL),
       (SELECT count(*) FROM recommendations_host WHERE closed_until > %(now)s)
  FROM late, due
"""
