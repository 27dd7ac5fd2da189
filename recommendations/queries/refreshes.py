"""How far the looks that somebody asked for have come."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count

from recommendations.models import CheckRun, Finding, Refresh
from recommendations.vocabulary import Outcome

NOT_SEEN = (Outcome.FAILED, Outcome.REFUSED, Outcome.BLOCKED, Outcome.KEY_MISSING)
"""Looks that saw nothing. "Gone" is an answer, and becomes a finding."""


@dataclass(frozen=True)
class Progress:
    """Counts of checks. `waiting` were asked for and not looked at yet, `looking` are under lease, `given_up` were
    paused meanwhile. `last_at` is the last look's end."""

    total: int
    waiting: int
    looking: int
    given_up: int
    by_outcome: dict[str, int] = field(default_factory=dict)
    last_at: datetime | None = None

    @property
    def done(self) -> int:
        return sum(self.by_outcome.values())

    @property
    def over(self) -> bool:
        return not self.waiting and not self.looking

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.waiting - self.looking) // max(self.total, 1)


def progress(refresh: Refresh, *, now: datetime) -> Progress:
    """One statement: of each check, the first look that ended after it was asked for counts."""
    return progresses([refresh], now=now)[refresh.pk]


def progresses(asked: Collection[Refresh], *, now: datetime) -> dict[int, Progress]:
    """As `progress`, of several by their keys: one statement."""
    told: dict[int, list[tuple[str, str, int, datetime | None]]] = {each.pk: [] for each in asked}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"refreshes": list(told), "now": now})
        for refresh, *row in cursor.fetchall():
            told[refresh].append(tuple(row))
    return {pk: _summed(rows) for pk, rows in told.items()}


def _summed(rows: list[tuple[str, str, int, datetime | None]]) -> Progress:
    counts = {"waiting": 0, "looking": 0, "given_up": 0}
    outcomes: dict[str, int] = {}
    for standing, outcome, number, _at in rows:
        if standing == "done":
            outcomes[outcome] = number
        else:
            counts[standing] = number
    return Progress(
        total=sum(number for _standing, _outcome, number, _at in rows),
        **counts,
        by_outcome={outcome: outcomes[outcome] for outcome in Outcome.values if outcome in outcomes},
        last_at=max((at for *_counts, at in rows if at is not None), default=None),
    )


def not_seen(refresh: Refresh, *, limit: int) -> list[CheckRun]:
    """The looks of this refresh that saw nothing, with their checks, the first first."""
    runs = CheckRun.objects.filter(
        status_check__refreshes=refresh, finished_at__gte=refresh.asked_at, outcome__in=NOT_SEEN
    )
    return list(runs.select_related("status_check").order_by("finished_at", "id")[:limit])


def findings(refresh: Refresh, *, limit: int) -> list[Finding]:
    """What its checks have newly brought since it was asked for."""
    new = Finding.objects.filter(status_check__refreshes=refresh, first_seen_at__gte=refresh.asked_at)
    return list(new.order_by("first_seen_at", "id")[:limit])


def brought(checks: Collection[int], *, since: datetime) -> dict[str, int]:
    """How many new findings of each kind these checks have brought since."""
    new = Finding.objects.filter(status_check__in=checks, first_seen_at__gte=since)
    return dict(new.order_by("kind").values_list("kind").annotate(number=Count("pk")))


_PROGRESS = """
SELECT m.refresh_id,
       CASE WHEN run.outcome IS NOT NULL THEN 'done'
            WHEN c.leased_until > %(now)s THEN 'looking'
            WHEN c.requested_at IS NULL THEN 'given_up'
            WHEN c.state = 'paused' THEN 'given_up'
            ELSE 'waiting' END AS standing,
       run.outcome, count(*), max(run.finished_at)
  FROM recommendations_refresh_checks m
  JOIN recommendations_refresh asked ON asked.id = m.refresh_id
  JOIN recommendations_statuscheck c ON c.id = m.statuscheck_id
  LEFT JOIN LATERAL (
       SELECT r.outcome, r.finished_at FROM recommendations_checkrun r
        WHERE r.check_id = c.id AND r.finished_at >= asked.asked_at
        ORDER BY r.due_at LIMIT 1) run ON true
 WHERE m.refresh_id = ANY(%(refreshes)s)
 GROUP BY 1, 2, 3
"""
