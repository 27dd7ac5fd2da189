"""Why a check is looked at next when it is: each reason, and that it agrees with the schedule itself."""

from datetime import UTC, datetime, timedelta

import pytest

from recommendations.rules import schedules
from recommendations.rules.next_look import Reason, Standing, reason, stretch

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
LOOKED = NOW - timedelta(hours=1)


def after_a_look(every=86_400, jitter=0.5, not_before=None, **fields):
    """A check as its last look left it."""
    counted = {"quiet_runs": 0, "failures": 0, "has_changed": False}
    counted |= {name: fields[name] for name in counted if name in fields}
    due = schedules.next_due(every=every, jitter=jitter, finished_at=LOOKED, not_before=not_before, **counted)
    return Standing(
        **{"state": "active", "every": every, "next_due_at": due, "last_run_at": LOOKED} | counted | fields
    )


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (after_a_look(), Reason.AS_SET),
        (after_a_look(quiet_runs=4), Reason.AS_SET),
        (after_a_look(quiet_runs=5), Reason.QUIET),
        (after_a_look(failures=6), Reason.BACKING_OFF),
        (after_a_look(failures=6, host_fails=True), Reason.HOST_FAILS),
        (after_a_look(host_fails=True), Reason.AS_SET),
        (after_a_look(has_changed=True), Reason.STIRRED),
        (after_a_look(has_changed=True, quiet_runs=1), Reason.STIRRED),
        (after_a_look(has_changed=True, quiet_runs=2), Reason.AS_SET),
        (after_a_look(has_changed=True, quiet_runs=9), Reason.QUIET),
        (after_a_look(last_outcome="key_missing"), Reason.KEY_MISSING),
        (after_a_look(every=7200, not_before=3 * 3600), Reason.HOST_ASKED),
        (after_a_look(every=7200, failures=1, not_before=3 * 3600), Reason.HOST_ASKED),
        (after_a_look(next_due_at=NOW + timedelta(minutes=1)), Reason.BROUGHT_FORWARD),
        (after_a_look(last_run_at=None), Reason.FIRST),
        (after_a_look(next_due_at=NOW), Reason.LATE),
        (after_a_look(next_due_at=NOW, host_closed_until=NOW + timedelta(hours=1)), Reason.HOST_CLOSED),
        (after_a_look(next_due_at=NOW, host_closed_until=NOW), Reason.LATE),
        (after_a_look(goes_out=False), Reason.SWITCHED_OFF),
        (after_a_look(goes_out=False, requested=True), Reason.ASKED_FOR),
        (after_a_look(state="paused"), Reason.PAUSED),
        (after_a_look(leased_until=NOW + timedelta(minutes=1), requested=True), Reason.LOOKING),
        (after_a_look(leased_until=NOW - timedelta(minutes=1), next_due_at=LOOKED), Reason.LATE),
    ],
)
def test_the_reason_that_a_person_needs_first(check, expected):
    assert reason(check, now=NOW) is expected


@pytest.mark.parametrize("quiet_runs", range(0, 30, 3))
@pytest.mark.parametrize("failures", [0, 1, 5, 12])
@pytest.mark.parametrize("has_changed", [False, True])
@pytest.mark.parametrize("jitter", [0.0, 1.0])
def test_what_the_schedule_itself_planned_is_never_called_an_exception(
    quiet_runs, failures, has_changed, jitter
):
    check = after_a_look(quiet_runs=quiet_runs, failures=failures, has_changed=has_changed, jitter=jitter)
    exceptions = (Reason.HOST_ASKED, Reason.BROUGHT_FORWARD)
    assert reason(check, now=LOOKED + timedelta(seconds=1)) not in exceptions


def test_how_much_longer_a_quiet_address_is_left_alone():
    assert [stretch(runs) for runs in (0, 4, 5, 9, 10, 15, 1_000)] == [1, 1, 2, 2, 3, 4, 4]
