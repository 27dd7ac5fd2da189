"""When a message is tried again, when it is given up, and when its receiver is no longer tried. Plain values."""

from datetime import datetime, timedelta

PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Before each further attempt, as the Standard Webhooks specification recommends: three days in all."""

MOST_ATTEMPTS = len(PAUSES) + 1

LONGEST_PAUSE = timedelta(days=1)
"""A Retry-After beyond this is taken as this."""

LEASE = timedelta(minutes=2)
"""How long a claim holds. Longer than the longest attempt; a dead worker's claim lapses after it."""

DISABLE_AFTER = timedelta(days=5)
"""A webhook whose every attempt has failed for so long is switched off. Longer than one message is tried."""

SECRET_OVERLAP = timedelta(hours=24)
"""For so long after a rotation messages are signed with the previous secret as well."""

KEEP = timedelta(days=30)
"""How long a message stays readable, and can be sent again, after it was settled."""

KEPT_RESPONSE = 1_000
"""Characters kept of what a receiver answers."""

IN_FLIGHT = 4
"""Messages on their way to one webhook at a time; one only while it fails."""


def next_attempt(
    attempts: int, *, now: datetime, jitter: float, retry_after: float | None = None
) -> datetime | None:
    """When to try again after so many failed attempts; None when it is given up.

    `jitter` (0 to 1) lengthens the pause by up to a fifth, so that what failed together does not come back
    together. `retry_after` seconds is what the receiver asked for.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    pause = PAUSES[attempts - 1] * (1 + jitter / 5)
    if retry_after is not None:
        pause = max(pause, min(timedelta(seconds=retry_after), LONGEST_PAUSE))
    return now + pause


def is_lost(failing_since: datetime | None, *, now: datetime) -> bool:
    """Whether a webhook has failed for so long that it is switched off."""
    return failing_since is not None and now - failing_since >= DISABLE_AFTER


def is_delivered(status: int) -> bool:
    return 200 <= status < 300
