"""The two time axes: a day in the world, and a moment of our knowledge."""

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True)
class Moment:
    """What was true on `as_of`, as far as we had published it by `known_at`."""

    as_of: date
    known_at: datetime


def moment(as_of: date | None, known_at: datetime | None, *, now: datetime) -> Moment | None:
    """The moment that is asked for; None for the present day.

    A day alone is answered with all we know now; a moment of knowledge alone, for its own day.
    """
    if as_of is None and known_at is None:
        return None
    known = known_at or now
    return Moment(as_of or known.date(), known)


def was_done(happened_at: datetime, at: Moment) -> bool:
    """Whether an act of ours lies before a moment on both axes: we did it by that day, and had done it by then."""
    return happened_at <= at.known_at and happened_at.astimezone(UTC).date() <= at.as_of
