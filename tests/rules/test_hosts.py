"""Whether it is the host that fails, and when a check is looked at next."""

from datetime import UTC, datetime, timedelta

import pytest

from recommendations.rules import hosts, schedules

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = 3600


@pytest.mark.parametrize(
    ("looked_at", "failed", "whole"),
    [
        (500, 500, True),
        (3, 3, True),
        (2, 2, False),  # two pages may break on one day
        (5, 4, True),  # four fifths
        (10, 7, False),
        (500, 399, False),
        (500, 400, True),
        (0, 0, False),
    ],
)
def test_a_host_fails_when_nearly_all_its_checks_do(looked_at, failed, whole):
    assert hosts.fails_as_a_whole(looked_at=looked_at, failed=failed) is whole


@pytest.mark.parametrize(
    ("status", "reached", "fails"),
    [
        (200, None, False),
        (304, None, False),
        (404, None, False),  # a page that is gone says nothing against its neighbours
        (403, None, False),
        (500, None, True),
        (503, None, True),
        (None, False, True),
        (None, True, False),
        (None, None, None),  # nobody was asked
    ],
)
def test_what_one_look_says_of_its_host(status, reached, fails):
    assert hosts.fails(status=status, reached=reached) is fails


def seconds(**given):
    fields = {"every": HOUR, "quiet_runs": 0, "failures": 0, "jitter": 0.0} | given
    return (schedules.next_due(**fields, finished_at=NOW) - NOW).total_seconds()


def test_after_a_change_the_looks_come_sooner_and_then_back_to_the_interval_and_beyond():
    looks = [seconds(every=86_400, quiet_runs=quiet, has_changed=True) for quiet in (0, 1, 2, 4, 5, 15, 99)]
    assert looks == [21_600, 43_200, 86_400, 86_400, 172_800, 345_600, 345_600]


def test_what_never_changed_is_looked_at_by_its_interval_from_the_start():
    assert seconds(quiet_runs=0) == HOUR


@pytest.mark.parametrize(("every", "wait"), [(86_400, 21_600), (1_800, 900), (600, 600), (60, 60)])
def test_nobody_is_asked_more_often_than_each_quarter_of_an_hour_because_of_a_change(every, wait):
    assert seconds(every=every, has_changed=True) == wait


def test_failures_back_off_from_five_minutes_to_a_day_and_never_beyond_the_interval():
    waits = [seconds(every=10**6, failures=failures) for failures in (1, 2, 3, 8, 9, 10, 10_000)]
    assert waits == [300, 600, 1_200, 38_400, 76_800, 86_400, 86_400]
    assert seconds(every=900, failures=4) == 900


def test_jitter_spreads_by_up_to_a_tenth_and_never_brings_forward():
    assert [seconds(failures=1, jitter=jitter) for jitter in (0.0, 0.5, 1.0)] == [300, 315, 330]


@pytest.mark.parametrize(("asked", "waits"), [(60.0, 60), (-5.0, 0), (10.0**9, 86_400)])
def test_a_host_that_asks_us_to_wait_is_left_alone_for_a_day_at_most(asked, waits):
    assert schedules.wait_until(NOW, asked) == NOW + timedelta(seconds=waits)
