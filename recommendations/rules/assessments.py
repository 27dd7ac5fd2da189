"""What a verdict needs before it may be proposed or published, and when it has grown old."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from recommendations.vocabulary import STATUS_MEANINGS, STATUSES_NEEDING_NO_EVIDENCE, Status


def needs_evidence(status: str) -> bool:
    """An absence has no document; every other verdict cites at least one piece of evidence."""
    return status not in STATUSES_NEEDING_NO_EVIDENCE


_LIVES = {str(status): timedelta(days=meaning.shelf_days) for status, meaning in STATUS_MEANINGS.items()}


def shelf_life(status: str) -> timedelta:
    """For how long a verdict of this status may stand without anyone looking again."""
    return _LIVES[status]


def is_stale(status: str, last_verified_at: datetime | None, now: datetime) -> bool:
    """Whether a verdict is older than its shelf life, by days in UTC. What was never assessed is not stale."""
    if last_verified_at is None or status == Status.NOT_ASSESSED:
        return False
    return now.date() - last_verified_at.astimezone(UTC).date() > shelf_life(status)


def was_held(published_at: datetime | None, retracted_at: datetime | None, known_at: datetime) -> bool:
    """Whether a verdict stood published, and not yet retracted, at a moment of our knowledge."""
    if published_at is None or published_at > known_at:
        return False
    return retracted_at is None or retracted_at > known_at


def median_age_days(verified: Iterable[datetime | None], now: datetime) -> int | None:
    """Half of these verdicts were last verified so many whole days ago (UTC), or less; None where there is none.

    Of two in the middle the younger, as `queries.groups` finds it in its sums.
    """
    ages = sorted(
        (now.date() - moment.astimezone(UTC).date()).days for moment in verified if moment is not None
    )
    return ages[(len(ages) - 1) // 2] if ages else None


def is_overdue(due_on: date | None, open_: bool, today: date) -> bool:
    """Past its deadline and not closed."""
    return due_on is not None and open_ and due_on < today
