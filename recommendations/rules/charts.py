"""The geometry of the drawings, in per cent of their width. Plain values in and out; templates draw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from recommendations.vocabulary import Precision, Status

ORDER = (
    Status.IMPLEMENTED,
    Status.MET_BY_OTHER_MEANS,
    Status.SUBSTANTIALLY_IMPLEMENTED,
    Status.PARTIALLY_IMPLEMENTED,
    Status.IN_PROGRESS,
    Status.STALLED,
    Status.NO_ACTION,
    Status.NOT_IMPLEMENTED,
    Status.REVERSED,
    Status.UNABLE_TO_ASSESS,
    Status.NOT_ASSESSED,
)
"""From done to undone, then what is not known: the order of bars and legends everywhere."""


@dataclass(frozen=True)
class Share:
    """One stretch of a bar: `x` and `width` in per cent."""

    status: str
    number: int
    x: float
    width: float


def shares(by_status: dict[str, int]) -> list[Share]:
    """A bar of counts by status; statuses without any are left out."""
    total = sum(by_status.values())
    found, x = [], 0.0
    for status in ORDER:
        if number := by_status.get(status, 0):
            width = 100 * number / total
            found.append(Share(status, number, round(x, 3), round(width, 3)))
            x += width
    return found


@dataclass(frozen=True)
class Step:
    """A stretch of time with one status."""

    status: str
    since: date
    until: date
    x: float
    width: float


@dataclass(frozen=True)
class Tick:
    """A mark on the axis: the first day of a year, or of a quarter where the span is short."""

    on: date
    precision: str
    x: float


@dataclass(frozen=True)
class Steps:
    """The office's verdicts through time, from the document to the day shown."""

    steps: list[Step]
    ticks: list[Tick]


def steps(verdicts: Iterable[tuple[date, str]], start: date, end: date) -> Steps:
    """`verdicts` are (true from, status), the oldest first; nothing was assessed before the first of them."""
    days = max((end - start).days, 1)

    def place(on: date) -> float:
        return round(100 * (on - start).days / days, 3)

    turns: list[tuple[date, str]] = [(start, Status.NOT_ASSESSED)]
    for effective_on, status in verdicts:
        if effective_on == turns[-1][0]:
            turns.pop()
        if not turns or turns[-1][1] != status:
            turns.append((effective_on, status))
    found = []
    for (since, shown), (until, _next) in zip(turns, [*turns[1:], (end, "")], strict=True):
        x = place(since)
        found.append(Step(shown, since, until, x, round(place(until) - x, 3)))
    return Steps(found, _ticks(start, end, place))


def _ticks(start: date, end: date, place: Callable[[date], float]) -> list[Tick]:
    """Few enough for a telephone: quarters, years, or every second or fifth year."""
    span = end.year - start.year
    if span < 2:
        firsts = [date(year, month, 1) for year in range(start.year, end.year + 1) for month in (1, 4, 7, 10)]
        precision = Precision.MONTH
    else:
        every = 1 if span <= 6 else 2 if span <= 12 else 5
        firsts = [date(year, 1, 1) for year in range(start.year, end.year + 1) if year % every == 0]
        precision = Precision.YEAR
    return [Tick(on, precision, place(on)) for on in firsts if start < on <= end]
