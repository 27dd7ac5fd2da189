"""When a check is looked at next, and when it counts as failing. Plain seconds and moments."""

from datetime import datetime, timedelta

LONGEST_STRETCH = 4
"""An address that stays the same is looked at up to this many times less often than asked."""

QUIET_RUNS_PER_STRETCH = 5
"""Unchanged looks in a row after which the interval grows by one base interval."""

AFTER_A_CHANGE = (0.25, 0.5)
"""The next intervals after a change, as parts of the base interval: what has just been corrected is often corrected
again. After so many looks without another change it is the base interval once more."""

SHORTEST_AFTER_A_CHANGE = 900
"""Seconds. Nobody is asked more often than this because something changed; only because somebody set it so."""

FIRST_RETRY_SECONDS = 300
LONGEST_RETRY_SECONDS = 24 * 3600
FAILURES_UNTIL_FAILING = 5
"""After so many failures in a row the check is `failing` and a finding says so."""

LEASE = timedelta(minutes=5)
"""How long a claim holds unless it is renewed. Longer than the longest look; a dead worker's claim lapses after it."""


def next_due(
    *,
    every: int,
    quiet_runs: int,
    failures: int,
    jitter: float,
    finished_at: datetime,
    has_changed: bool = False,
    not_before: float | None = None,
) -> datetime:
    """The next due time.

    `every` seconds after the look, stretched while nothing changes, shorter for a while after a change (`has_changed`:
    it has at some time, `quiet_runs` looks ago); after failures an exponential back-off, never longer than the
    interval itself would be. `jitter` (0 to 1) spreads hosts apart by up to a tenth; `not_before` seconds is what the
    server asked for (Retry-After).
    """
    seconds = _interval(every, quiet_runs, has_changed)
    if failures:
        seconds = min(FIRST_RETRY_SECONDS * 2.0 ** min(failures - 1, 30), LONGEST_RETRY_SECONDS, seconds)
    seconds *= 1 + jitter / 10
    if not_before is not None:
        seconds = max(seconds, min(not_before, LONGEST_RETRY_SECONDS))
    return finished_at + timedelta(seconds=seconds)


def _interval(every: int, quiet_runs: int, has_changed: bool) -> float:
    if has_changed and quiet_runs < len(AFTER_A_CHANGE):
        return max(every * AFTER_A_CHANGE[quiet_runs], min(every, SHORTEST_AFTER_A_CHANGE))
    return float(every * min(1 + quiet_runs // QUIET_RUNS_PER_STRETCH, LONGEST_STRETCH))


def is_failing(failures: int) -> bool:
    return failures >= FAILURES_UNTIL_FAILING


def first_due(position: int, total: int, *, over: timedelta, start: datetime) -> datetime:
    """Spread the first looks of many checks evenly: number `position` of `total`."""
    return start + over * (position / max(total, 1))


def wait_until(now: datetime, seconds: float) -> datetime:
    """Until when a host that asked for so many seconds is left alone; at most a day, whatever it asks."""
    return now + timedelta(seconds=min(max(seconds, 0.0), LONGEST_RETRY_SECONDS))
