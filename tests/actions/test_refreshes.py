"""Asking for many looks at once."""

from datetime import timedelta

import pytest

from recommendations.actions import refreshes
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import CheckRun, Event, Refresh, StatusCheck
from recommendations.queries.refreshes import findings, not_seen, progress
from tests import factories

pytestmark = pytest.mark.django_db

NOW = factories.NOW


def look(check, outcome, at):
    return CheckRun.objects.create(
        status_check=check, due_at=at, started_at=at, finished_at=at, outcome=outcome
    )


def test_checks_that_are_asked_for_come_due_in_the_persons_name_and_one_event_says_so():
    person = factories.user("editor")
    later, due = factories.check(next_due_at=NOW + timedelta(days=1)), factories.check(next_due_at=NOW)
    other = factories.check(next_due_at=NOW + timedelta(days=1))
    asked = refreshes.ask([later.pk, due.pk], by=person, now=NOW)
    rows = StatusCheck.objects.order_by("pk").values_list("requested_by", "requested_at", "next_due_at")
    assert list(rows) == [(person.pk, NOW, NOW), (person.pk, NOW, NOW), (None, None, other.next_due_at)]
    assert (asked.paused, set(asked.refresh.checks.all())) == (0, {later, due})
    event = Event.objects.get()
    assert (event.verb, event.actor, event.object_type, event.public) == (
        "refresh.asked",
        person.username,
        "refresh",
        False,
    )
    assert event.after == {"checks": 2}


def test_what_somebody_asked_for_first_stays_theirs_and_belongs_to_both():
    first, second = factories.user("editor"), factories.user("editor")
    check = factories.check()
    refreshes.ask([check.pk], by=first, now=NOW)
    asked = refreshes.ask([check.pk], by=second, now=NOW + timedelta(minutes=1))
    check.refresh_from_db()
    assert (check.requested_by, check.requested_at) == (first, NOW)
    assert set(asked.refresh.checks.all()) == {check}


def test_paused_checks_are_left_out_and_none_at_all_is_refused():
    person = factories.user("editor")
    paused, active = factories.check(state="paused"), factories.check()
    asked = refreshes.ask([paused.pk, active.pk], by=person, now=NOW)
    assert (asked.paused, list(asked.refresh.checks.all())) == (1, [active])
    with pytest.raises(Refused) as refusal:
        refreshes.ask([paused.pk], by=person, now=NOW)
    assert refusal.value.rule == "refresh_has_checks"
    assert Refresh.objects.count() == 1


def test_too_many_at_once_and_the_wrong_role_are_refused():
    with pytest.raises(Refused) as refusal:
        refreshes.ask(range(refreshes.MOST + 1), by=factories.user("editor"), now=NOW)
    assert refusal.value.rule == "refresh_not_too_large"
    with pytest.raises(NotAllowed):
        refreshes.ask([factories.check().pk], by=factories.user("viewer"), now=NOW)
    assert not Refresh.objects.exists()


def test_asking_costs_the_same_for_one_check_and_for_three(django_assert_num_queries):
    person = factories.user("editor")
    for number in (1, 3):
        ids = [factories.check().pk for _each in range(number)]
        with django_assert_num_queries(8):
            refreshes.ask(ids, by=person, now=NOW)


class TestProgress:
    @pytest.fixture
    def refresh(self):
        self.checks = [factories.check() for _each in range(4)]
        look(self.checks[0], "failed", NOW - timedelta(hours=1))  # before it was asked for
        ids = [check.pk for check in self.checks]
        return refreshes.ask(ids, by=factories.user("editor"), now=NOW).refresh

    def test_it_waits_until_somebody_looks(self, refresh):
        told = progress(refresh, now=NOW)
        assert (told.total, told.waiting, told.looking, told.done, told.percent) == (4, 4, 0, 0, 0)
        assert not told.over

    def test_the_first_look_after_it_was_asked_for_counts(self, refresh):
        seen, failed, held, paused = self.checks
        look(seen, "changed", NOW + timedelta(seconds=5))
        look(seen, "failed", NOW + timedelta(days=1))
        look(failed, "failed", NOW + timedelta(seconds=6))
        rows = StatusCheck.objects
        lease = {
            "lease": "00000000-0000-0000-0000-000000000001",
            "leased_until": NOW + timedelta(minutes=5),
        }
        rows.filter(pk=held.pk).update(**lease)
        rows.filter(pk=paused.pk).update(state="paused")
        told = progress(refresh, now=NOW + timedelta(seconds=7))
        assert told.by_outcome == {"changed": 1, "failed": 1}
        assert (told.waiting, told.looking, told.given_up, told.percent) == (0, 1, 1, 75)
        assert told.last_at == NOW + timedelta(seconds=6)
        rows.filter(pk=held.pk).update(lease=None, leased_until=None)
        look(held, "unchanged", NOW + timedelta(seconds=8))
        assert progress(refresh, now=NOW + timedelta(seconds=9)).over

    def test_what_saw_nothing_is_named(self, refresh):
        look(self.checks[1], "failed", NOW + timedelta(seconds=5))
        look(self.checks[2], "unchanged", NOW + timedelta(seconds=5))
        assert [run.status_check for run in not_seen(refresh, limit=10)] == [self.checks[1]]
        assert findings(refresh, limit=10) == []

    def test_it_costs_one_statement(self, refresh, django_assert_num_queries):
        with django_assert_num_queries(1):
            progress(refresh, now=NOW)
