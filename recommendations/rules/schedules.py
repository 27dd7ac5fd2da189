"""When a check is looked at next, and when it counts as failing. Plain seconds and moments."""

from datetime import datetime, timedelta

LONGEST_STRETCH = 4
"""An address that stays the same is looked at up to this many times less often than asked."""

QUIET_RUNS_PER_STRETCH = 5
"""Unchanged looks in a row after which the interval grows by one base interval."""

FIRST_RETRY_SECONDS = 300
LONGEST_RETRY_SECONDS = 24 * 3600
FAILURES_UNTIL_FAILING = 5
"""After so many failures in a row the check is `failing` and a finding says so."""

LEASE = timedelta(minutes=5)
"""How long a claim holds. Longer than the longest look; a dead worker's claim lapses after it."""


def next_due(
    *,
    every: int,
    quiet_runs: int,
    failures: int,
    jitter: float,
    finished_at: datetime,
    not_before: float | None = None,
) -> datetime:
    """The next due time.

    `every` seconds after the look, stretched while nothing changes; after failures an exponential
    back-off, never longer than the interval itself would be. `jitter` (0 to 1) spreads hosts apart by up to a tenth;
    `not_before` seconds is what the server asked for (Retry-After).
    """
    stretch = min(1 + quiet_runs // QUIET_RUNS_PER_STRETCH, LONGEST_STRETCH)
    seconds = float(every * stretch)
    if failures:
        seconds = min(FIRST_RETRY_SECONDS * 2.0 ** (failures - 1), LONGEST_RETRY_SECONDS, seconds)
    seconds *= 1 + jitter / 10
    if not_before is not None:
        seconds = max(seconds, min(not_before, LONGEST_RETRY_SECONDS))
    return finished_at + timedelta(seconds=seconds)


def is_failing(failures: int) -> bool:
    return failures >= FAILURES_UNTIL_FAILING


def first_due(position: int, total: int, *, over: timedelta, start: datetime) -> datetime:
    """Spread the first looks of many checks evenly: number `position` of `total`."""
    return start + over * (position / max(total, 1))
