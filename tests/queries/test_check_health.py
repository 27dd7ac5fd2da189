"""How all checks are doing: each number is that of its rows, and costs the same for one and for many."""

from datetime import timedelta

import pytest

from recommendations.actions.look_tallies import tally
from recommendations.models import CheckRun, Host, LookTally, StatusCheck
from recommendations.queries import check_health
from recommendations.queries.check_health import OfHost, OfKind, OfOutcome
from recommendations.queries.checks import STANDINGS, ended_within, standing
from tests import factories

pytestmark = pytest.mark.django_db

NOW = factories.NOW
MINUTE = timedelta(minutes=1)


def look(check, outcome, ago):
    """A look that ended so long ago."""
    at = NOW - ago
    return CheckRun.objects.create(
        status_check=check, due_at=at, started_at=at, finished_at=at, outcome=outcome
    )


@pytest.fixture
def checks():
    """Of two hosts: due, late, held, failing, paused and one for want of a key."""
    later = NOW + timedelta(days=1)
    held = {"lease": "00000000-0000-0000-0000-000000000001", "leased_until": NOW + MINUTE}
    return {
        "due": factories.check(next_due_at=NOW - MINUTE, host="a.example"),
        "late": factories.check(next_due_at=NOW - 20 * MINUTE, host="a.example"),
        "leased": factories.check(next_due_at=NOW - MINUTE, host="b.example", **held),
        "failing": factories.check(next_due_at=later, host="b.example", state="failing"),
        "failing_late": factories.check(
            next_due_at=NOW - timedelta(days=1), host="b.example", state="failing"
        ),
        "paused": factories.check(next_due_at=NOW - timedelta(days=9), host="c.example", state="paused"),
        "key_missing": factories.check(
            kind="series",
            evidence=None,
            indicator=factories.indicator(),
            next_due_at=later,
            host="d.example",
            last_outcome="key_missing",
        ),
    }


def test_the_numbers_of_this_moment_are_those_of_their_lists(checks):
    told = check_health.now(now=NOW)
    numbers = {
        how: set(standing(StatusCheck.objects.all(), how, now=NOW).values_list("pk", flat=True))
        for how in STANDINGS
    }
    assert numbers == {
        "due": {checks[name].pk for name in ("due", "late", "leased", "failing_late")},
        "late": {checks[name].pk for name in ("late", "failing_late")},
        "leased": {checks["leased"].pk},
        "key_missing": {checks["key_missing"].pk},
    }
    assert (told.due, told.late, told.leased) == (4, 2, 1)
    assert told.oldest_due_at == checks["failing_late"].next_due_at


def test_by_kind(checks):
    assert check_health.by_kind() == [
        OfKind("page", total=6, failing=2, paused=1, key_missing=0),
        OfKind("series", total=1, failing=0, paused=0, key_missing=1),
    ]


def test_the_worst_hosts_come_first(checks):
    assert check_health.worst_hosts(now=NOW) == [
        OfHost("b.example", total=3, failing=2, late=1),
        OfHost("a.example", total=2, failing=0, late=1),
    ]


def test_a_host_says_that_it_asked_us_to_wait_while_it_does(checks):
    until = NOW + timedelta(hours=1)
    Host.objects.create(name="a.example", closed_until=until)
    Host.objects.create(name="b.example", closed_until=NOW)
    told = {each.host: each.closed_until for each in check_health.worst_hosts(now=NOW)}
    assert told == {"a.example": until, "b.example": None}


def test_where_there_is_nothing_nothing_is_told():
    told = check_health.now(now=NOW)
    assert (told.due, told.late, told.leased, told.oldest_due_at) == (0, 0, 0, None)
    assert (check_health.by_kind(), check_health.worst_hosts(now=NOW)) == ([], [])
    assert (check_health.outcomes(now=NOW), check_health.last_look_at()) == ([], None)


class TestOutcomes:
    AGES = (
        timedelta(seconds=30),
        timedelta(minutes=59),
        timedelta(hours=5),
        timedelta(hours=23, minutes=59),
        timedelta(hours=24, minutes=1),
        timedelta(days=3),
        timedelta(days=6, hours=23, minutes=59),
        timedelta(days=7, minutes=1),
        timedelta(days=30),
    )

    @pytest.fixture(params=["12:00", "12:25"])
    def moment(self, request):
        """On the hour, and not: spans begin within an hour then."""
        return NOW if request.param == "12:00" else NOW + 25 * MINUTE

    @pytest.fixture
    def looks(self):
        check = factories.check()
        for ago in reversed(self.AGES):  # in the order in which time passes
            look(check, "unchanged", ago)
        look(check, "failed", timedelta(minutes=5))

    def counted(self, moment):
        """The truth, counted row by row."""
        day, week = (ended_within(CheckRun.objects.all(), days, now=moment) for days in (1, 7))
        return [
            OfOutcome(outcome, day.filter(outcome=outcome).count(), week.filter(outcome=outcome).count())
            for outcome in ("unchanged", "failed")
        ]

    def test_they_are_counted_where_nothing_was_tallied(self, looks, moment):
        assert check_health.outcomes(now=moment) == self.counted(moment)

    @pytest.mark.parametrize("tallied_at", [NOW - timedelta(hours=30), NOW - timedelta(hours=2), NOW])
    def test_and_the_same_with_the_hours_that_were(self, looks, moment, tallied_at):
        while tally(now=tallied_at):
            pass
        assert LookTally.objects.exists()
        assert check_health.outcomes(now=moment) == self.counted(moment)

    def test_an_hour_is_tallied_once_when_it_is_over(self, looks):
        while tally(now=NOW):
            pass
        before = list(LookTally.objects.values_list("hour", "outcome", "number"))
        assert tally(now=NOW) == 0
        assert tally(now=NOW + 9 * MINUTE) == 0, "its last looks may still be written down"
        while tally(now=NOW + 70 * MINUTE):
            pass
        after = list(LookTally.objects.values_list("hour", "outcome", "number"))
        assert after[: len(before)] == before
        assert sum(number for _hour, _outcome, number in after) == CheckRun.objects.count()

    def test_a_look_of_an_hour_that_is_tallied_is_not_counted_twice(self, looks):
        while tally(now=NOW):
            pass
        assert sum(LookTally.objects.values_list("number", flat=True)) == len(
            [ago for ago in self.AGES if NOW - ago < NOW.replace(hour=11)]
        )


def test_each_costs_one_statement_however_many_there_are(checks, django_assert_num_queries):
    for _each in range(2):
        with django_assert_num_queries(5):
            check_health.now(now=NOW)
            check_health.by_kind()
            check_health.worst_hosts(now=NOW)
            check_health.outcomes(now=NOW)
            check_health.last_look_at()
        for number in range(3):
            look(factories.check(host=f"{number}.example", state="failing"), "failed", MINUTE)
