"""The kinds `deadline` and `freshness`: what passes or grows old among our own rows is told once."""

from datetime import date, timedelta

import pytest

from recommendations.actions import closures, contests, deadlines, findings, freshness
from recommendations.models import Event, Finding
from recommendations.tasks import look_at_own_dates
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

NEXT_YEAR = NOW + timedelta(days=400)


def due(day, **fields):
    row = factories.recommendation(**fields)
    return deadline(row, day)


def deadline(row, day, now=NOW):
    deadlines.move(row, due_on=day, reason="Agreed.", by=factories.user("editor"), now=now)
    return row


def test_a_deadline_is_told_the_day_after_it_and_once():
    row = due(date(2026, 11, 26))
    due(date(2026, 12, 24))
    assert deadlines.tell_passed(now=NOW) == 0
    tomorrow = NOW + timedelta(days=1)
    assert [deadlines.tell_passed(now=tomorrow) for _time in range(2)] == [1, 0]
    finding = Finding.objects.get()
    assert (finding.kind, finding.recommendation, finding.saw["due_on"], finding.sightings) == (
        "deadline_passed",
        row,
        "2026-11-26",
        1,
    )
    assert Event.objects.filter(verb="finding.brought", actor="deadline watch").count() == 1


def test_a_deadline_that_was_moved_and_passes_again_is_told_again_and_a_dismissed_one_not():
    row = due(date(2026, 11, 20))
    deadlines.tell_passed(now=NOW)
    findings.dismiss(Finding.objects.get(), by=factories.user("editor"), now=NOW, note="It will be moved.")
    assert deadlines.tell_passed(now=NOW) == 0
    deadline(row, date(2026, 12, 1))
    assert deadlines.tell_passed(now=NOW + timedelta(days=10)) == 1
    assert set(Finding.objects.values_list("state", flat=True)) == {"dismissed", "open"}


def test_what_is_closed_has_no_deadline_to_miss_and_no_verdict_to_grow_old():
    row = due(date(2026, 11, 20))
    factories.published(row, status="implemented")
    closures.close(row, reason="implemented", note="Done.", by=factories.user("reviewer"), now=NOW)
    much_later = NOW + timedelta(days=2000)
    assert (deadlines.tell_passed(now=NOW), freshness.tell_stale(now=much_later)) == (0, 0)


def test_a_verdict_is_told_as_stale_after_the_shelf_life_of_its_status_and_anew_after_the_next_one():
    row = factories.recommendation()
    factories.recommendation()  # never assessed: it cannot grow old
    factories.published(row, status="in_progress")
    assert freshness.tell_stale(now=NOW + timedelta(days=180)) == 0
    assert [freshness.tell_stale(now=NOW + timedelta(days=181)) for _time in range(2)] == [1, 0]
    finding = Finding.objects.get()
    assert (finding.kind, finding.rule, finding.recommendation) == ("verdict_stale", "verdict_stale", row)
    assert finding.detail == "It was last verified on 2026-11-26; “In progress” may stand for 180 days."

    factories.published(row, status="in_progress", effective_on=date(2014, 1, 1), now=NEXT_YEAR)
    assert freshness.tell_stale(now=NEXT_YEAR + timedelta(days=1)) == 0
    assert freshness.tell_stale(now=NEXT_YEAR + timedelta(days=181)) == 1


def test_a_difference_with_another_party_is_told_once_and_anew_with_their_next_verdict():
    row, other = factories.recommendation(), factories.institution()
    factories.published(row, status="in_progress")
    assert contests.tell_contested(now=NOW) == 0
    theirs = {"verdict_by": "oversight", "verdict_institution": other}
    factories.published(row, status="implemented", **theirs)
    assert [contests.tell_contested(now=NOW) for _time in range(2)] == [1, 0]
    finding = Finding.objects.get()
    assert (finding.kind, finding.recommendation) == ("verdict_contested", row)
    assert finding.detail == f"Ours says “In progress”; {other} says “Implemented”, as of 2013-01-01."

    factories.published(row, status="stalled", effective_on=date(2014, 1, 1), now=NEXT_YEAR, **theirs)
    assert contests.tell_contested(now=NEXT_YEAR) == 1


def test_asking_costs_the_same_for_one_row_and_for_three_once_they_are_told(django_assert_num_queries):
    for count in (1, 3):
        for _row in range(count):
            due(date(2026, 11, 20))
        look_at_own_dates()
        with django_assert_num_queries(9):  # three statements, each in a transaction of its own
            assert look_at_own_dates() == 0
