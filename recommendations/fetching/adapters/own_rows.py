"""What the kinds have in common that look at our own rows and not at the network: they are handed plain facts.

The minute pass over all recommendations (actions/deadlines.py, freshness.py, closures.py) makes its findings with
the same functions, so that a check and the pass tell the same thing in the same words under the same fingerprint:
one finding, however many notice it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from recommendations.rules.assessments import is_overdue, is_stale
from recommendations.vocabulary import Outcome

from .contract import Found, Kind, Look, Target


@dataclass(frozen=True)
class Lapsed:
    """A closure whose review date has come."""

    number: int
    reason: str
    label: str
    review_on: date


@dataclass(frozen=True)
class OwnRows:
    """What our rows say of one recommendation at the moment `now`.

    `number` is its key and `headline` that of the verdict in force; `published_on` is the last day on which its
    source can have been published, `addressees` are names.
    """

    number: int
    code: str
    now: datetime
    open: bool
    status: str
    status_label: str
    headline: int | None
    last_verified_at: datetime | None
    due_on: date | None
    response: str
    published_on: date
    addressees: tuple[str, ...] = ()
    lapsed: Lapsed | None = None

    @property
    def overdue(self) -> bool:
        return is_overdue(self.due_on, self.open, self.now.date())

    @property
    def stale(self) -> bool:
        return self.open and is_stale(self.status, self.last_verified_at, self.now)


class OwnKind(Kind, Protocol):
    """A kind that looks at our own rows; listed in `adapters.OWN_KINDS`."""

    def look(
        self, rows: OwnRows, *, target: Target, config: Mapping[str, Any], state: Mapping[str, Any]
    ) -> Look:
        """Judges what our rows say. Raises nothing."""
        ...


def told(found: Iterable[Found], state: Mapping[str, Any], nothing: str) -> Look:
    """A look that tells what stands now and was not told by this check before; `nothing` is what to note if nothing
    stands. What passes, and comes back the same, is sighted again."""
    standing = tuple(found)
    known = set(state.get("told", ()))
    new = tuple(each for each in standing if each.fingerprint not in known)
    outcome = Outcome.CHANGED if new else Outcome.UNCHANGED
    if not state.get("looked"):
        outcome = Outcome.FIRST_LOOK
    note = "; ".join(each.title for each in standing) or nothing
    return Look(
        outcome.value,
        {"looked": True, "told": sorted(each.fingerprint for each in standing)},
        new,
        note=note,
    )
