"""What must hold when the faults are over, judged on plain values that were read from outside the code under test."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

DueTime = tuple[int, datetime]
"""A check's number and the moment at which it was due."""

CLOSING = 0.1
"""Seconds by which two requests may overlap without counting as two at once: one connection is just ending."""


@dataclass(frozen=True)
class Seen:
    """`due` is what was due at the start. `runs` are the looks on record, `early` those of them that ended before they
    were due, `moved` the due times that were left behind, as PostgreSQL itself noted down. `leased` are checks that
    somebody still seems to hold, now that nobody is left; `unsettled` those that will not come due again; `at_once`
    the most requests that each host saw at a time."""

    due: Collection[DueTime]
    runs: Collection[DueTime]
    early: Collection[DueTime]
    moved: Collection[DueTime]
    leased: Collection[int]
    unsettled: Collection[int]
    at_once: Mapping[str, int]


def problems(seen: Seen, *, limit: int) -> list[str]:
    """One sentence for each promise that was broken; empty when all were kept."""
    runs, moved = Counter(seen.runs), Counter(seen.moved)
    crowded = [f"{host} ({most})" for host, most in seen.at_once.items() if most > limit]
    told = [
        ("due times without a run", [due for due in seen.due if due not in runs]),
        ("due times with more than one run", [due for due, times in runs.items() if times > 1]),
        ("runs for a due time that had not come", list(seen.early)),
        ("due times left behind without a run", [due for due in moved if due not in runs]),
        ("due times left behind twice", [due for due, times in moved.items() if times > 1]),
        ("runs whose due time stayed", [due for due in runs if due not in moved]),
        ("leases that nobody holds and nobody took over", list(seen.leased)),
        ("checks that will not come due again", list(seen.unsettled)),
        (f"hosts asked by more than {limit} at once", crowded),
    ]
    return [f"{len(which)} {what}: {_some(which)}" for what, which in told if which]


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """The most of these spans (seconds) that lie over one moment, each shortened by CLOSING."""
    edges = [
        edge for begin, end in spans if end - CLOSING > begin for edge in ((begin, 1), (end - CLOSING, -1))
    ]
    most = under_way = 0
    for _moment, step in sorted(edges):
        under_way += step
        most = max(most, under_way)
    return most


def _some(which: list[object]) -> str:
    shown = ", ".join(map(str, which[:3]))
    return f"{shown} ..." if len(which) > 3 else shown
