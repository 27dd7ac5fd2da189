"""Why a check is looked at next when it is. Plain values; the words are the door's."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recommendations.rules import schedules
from recommendations.vocabulary import CheckState, Outcome


class Reason(StrEnum):
    PAUSED = "paused"
    LOOKING = "looking"  # a worker has it
    ASKED_FOR = "asked_for"  # by a person; it goes out even while scheduled checks are off
    SWITCHED_OFF = "switched_off"  # its time may come, but scheduled checks do not go out
    HOST_CLOSED = "host_closed"  # its time has come, and its host asked us to wait
    LATE = "late"  # its time has come and nobody has taken it
    FIRST = "first"  # never looked at yet
    KEY_MISSING = "key_missing"
    HOST_FAILS = "host_fails"  # it failed, and so do the others of its host
    BACKING_OFF = "backing_off"  # after failures
    HOST_ASKED = "host_asked"  # the server asked for a longer pause (Retry-After)
    BROUGHT_FORWARD = "brought_forward"  # sooner than its schedule says
    STIRRED = "stirred"  # sooner for a while after a change
    QUIET = "quiet"  # stretched while nothing changes
    AS_SET = "as_set"


@dataclass(frozen=True)
class Standing:
    """What the answer depends on. `every` in seconds; the moments may be None where nothing has happened yet.

    `has_changed`: at some time, `quiet_runs` looks ago. `goes_out`: scheduled checks of its kind are switched on.
    `host_closed_until` and `host_fails` are of its whole host.
    """

    state: str
    every: int
    quiet_runs: int
    failures: int
    next_due_at: datetime
    last_run_at: datetime | None = None
    last_outcome: str = ""
    requested: bool = False
    leased_until: datetime | None = None
    has_changed: bool = False
    goes_out: bool = True
    host_closed_until: datetime | None = None
    host_fails: bool = False


def reason(check: Standing, *, now: datetime) -> Reason:
    """The one reason that a person needs to know first."""
    if check.leased_until is not None and check.leased_until > now:
        return Reason.LOOKING
    if check.state == CheckState.PAUSED:
        return Reason.PAUSED
    if check.requested:
        return Reason.ASKED_FOR
    if not check.goes_out:
        return Reason.SWITCHED_OFF
    if check.next_due_at <= now:
        closed = check.host_closed_until is not None and check.host_closed_until > now
        return Reason.HOST_CLOSED if closed else Reason.LATE
    if check.last_run_at is None:
        return Reason.FIRST
    return _of_schedule(check, check.last_run_at)


def _of_schedule(check: Standing, last_run_at: datetime) -> Reason:
    early, late = (
        schedules.next_due(
            every=check.every,
            quiet_runs=check.quiet_runs,
            failures=check.failures,
            jitter=jitter,
            finished_at=last_run_at,
            has_changed=check.has_changed,
        )
        for jitter in (0.0, 1.0)
    )
    if check.next_due_at > late:
        return Reason.HOST_ASKED
    if check.next_due_at < early:
        return Reason.BROUGHT_FORWARD
    if check.last_outcome == Outcome.KEY_MISSING:
        return Reason.KEY_MISSING
    if check.failures:
        return Reason.HOST_FAILS if check.host_fails else Reason.BACKING_OFF
    if check.has_changed and check.quiet_runs < len(schedules.AFTER_A_CHANGE):
        return Reason.STIRRED
    if stretch(check.quiet_runs) > 1:
        return Reason.QUIET
    return Reason.AS_SET


def stretch(quiet_runs: int) -> int:
    """How many times the base interval an address is left alone after so many unchanged looks in a row."""
    return min(1 + quiet_runs // schedules.QUIET_RUNS_PER_STRETCH, schedules.LONGEST_STRETCH)
