from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.rules import assessments, closures, moments, schedules
from recommendations.vocabulary import CLOSURES_UNDER_REVIEW, STATUS_MEANINGS, ClosureReason, Status

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_only_an_absence_needs_no_evidence():
    assert {status for status in Status if not assessments.needs_evidence(status)} == {
        "no_action",
        "unable_to_assess",
    }


@pytest.mark.parametrize("status", [status for status in Status if status != Status.NOT_ASSESSED])
def test_a_verdict_is_stale_after_its_shelf_life_and_not_before(status):
    life = timedelta(days=STATUS_MEANINGS[status].shelf_days)
    assert not assessments.is_stale(status, NOW - life, NOW)
    assert not assessments.is_stale(status, NOW - life, NOW.replace(hour=23, minute=59)), "judged by days"
    assert assessments.is_stale(status, NOW - life - timedelta(days=1), NOW.replace(hour=0))


def test_what_was_never_assessed_is_not_stale():
    assert not assessments.is_stale("not_assessed", None, NOW)


@pytest.mark.parametrize(
    ("due_on", "open_", "overdue"),
    [
        (date(2026, 11, 25), True, True),
        (date(2026, 11, 26), True, False),
        (date(2026, 11, 25), False, False),
        (None, True, False),
    ],
)
def test_overdue_is_past_the_deadline_and_open(due_on, open_, overdue):
    assert assessments.is_overdue(due_on, open_, NOW.date()) is overdue


@pytest.mark.parametrize("reason", ClosureReason.values)
def test_three_closures_lapse(reason):
    assert closures.needs_review_date(reason) is (reason in CLOSURES_UNDER_REVIEW)


@pytest.mark.parametrize(
    ("reason", "review_on", "open_"),
    [
        ("", None, True),
        ("implemented", None, False),
        ("superseded", date(2026, 11, 27), False),
        ("superseded", date(2026, 11, 26), True),
    ],
)
def test_a_closure_lapses_on_its_review_date(reason, review_on, open_):
    assert closures.is_open(reason, review_on, NOW.date()) is open_


@pytest.mark.parametrize(
    ("as_of", "known_at", "expected"),
    [
        (None, None, None),
        (date(2013, 6, 1), None, moments.Moment(date(2013, 6, 1), NOW)),
        (None, NOW - timedelta(days=9), moments.Moment(date(2026, 11, 17), NOW - timedelta(days=9))),
    ],
)
def test_a_moment_asks_on_both_axes(as_of, known_at, expected):
    assert moments.moment(as_of, known_at, now=NOW) == expected


@pytest.mark.parametrize(
    ("quiet_runs", "failures", "not_before", "seconds"),
    [
        (0, 0, None, 3600),
        (5, 0, None, 7200),
        (500, 0, None, 4 * 3600),
        (0, 1, None, 300),
        (0, 3, None, 1200),
        (0, 9, None, 3600),
        (0, 0, 7200, 7200),
        (0, 1, 10**9, 24 * 3600),
    ],
)
def test_the_next_look_adapts(quiet_runs, failures, not_before, seconds):
    due = schedules.next_due(
        every=3600, quiet_runs=quiet_runs, failures=failures, jitter=0, finished_at=NOW, not_before=not_before
    )
    assert due == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("days_ago", "expected"), [([], None), ([None], None), ([3], 3), ([1, None, 5], 1), ([1, 2, 30], 2)]
)
def test_half_of_the_verdicts_are_no_older_than_the_median_and_none_has_no_age(days_ago, expected):
    verified = [None if days is None else NOW - timedelta(days=days) for days in days_ago]
    assert assessments.median_age_days(verified, NOW) == expected
