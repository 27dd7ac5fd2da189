"""Hosts that fail as wholes or ask us to wait, on a web of our own: told once, left alone, and looked at again."""

import socket
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from recommendations.actions import leases, runs
from recommendations.actions.runs import Exchange, Looked
from recommendations.fetching.adapters import Look
from recommendations.models import CheckRun, Event, Finding, Host, StatusCheck
from recommendations.rules.schedules import FAILURES_UNTIL_FAILING
from recommendations.tasks import look_at_due
from tests import factories
from tests.fakeweb import FakeWeb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def door(settings):
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR,
        allow_loopback=True,
        ports=frozenset(range(65_536)),
        host_pause_seconds=0,
        respect_robots=False,
    )


@pytest.fixture
def web():
    with FakeWeb() as served:
        yield served


def watch(url, **fields):
    seen = factories.evidence(document=factories.document(url=url))
    due = timezone.now() - timedelta(seconds=1)
    return factories.check(evidence=seen, host="127.0.0.1", next_due_at=due, every=86_400, **fields)


def look_again(times=1):
    """So many looks at everything, due or not."""
    for _time in range(times):
        StatusCheck.objects.update(next_due_at=timezone.now() - timedelta(seconds=1))
        look_at_due(live=True)


def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class TestAnOutage:
    @pytest.fixture
    def dead(self):
        """Twelve checks of a host that nobody answers for."""
        port = closed_port()
        return [watch(f"http://127.0.0.1:{port}/{number}") for number in range(12)]

    def test_it_is_one_finding_that_says_how_many_and_since_when(self, dead):
        began = timezone.now()
        look_again(FAILURES_UNTIL_FAILING + 2)
        finding = Finding.objects.get()
        assert (finding.kind, finding.rule, finding.state) == ("host_failing", "host_fails", "open")
        assert finding.title.startswith("127.0.0.1 fails: 12 checks, since ")
        assert (finding.saw["checks_failing"], finding.saw["checks_looked_at"]) == (12, 12)
        assert began <= Host.objects.get().failing_since <= CheckRun.objects.earliest("id").finished_at
        assert StatusCheck.objects.filter(state="failing").count() == 12
        assert Event.objects.filter(verb="finding.brought").count() == 1

    def test_short_ones_are_not_told(self, dead):
        look_again(FAILURES_UNTIL_FAILING - 1)
        assert not Finding.objects.exists()
        assert CheckRun.objects.count() == 12 * (FAILURES_UNTIL_FAILING - 1)

    def test_two_checks_are_no_host(self):
        port = closed_port()
        for number in range(2):
            watch(f"http://127.0.0.1:{port}/{number}")
        look_again(FAILURES_UNTIL_FAILING)
        assert list(Finding.objects.values_list("kind", flat=True)) == ["check_failing"] * 2

    def test_a_page_that_cannot_be_read_speaks_for_itself(self, web):
        for number in range(4):
            watch(web.page(f"/{number}", "<html></html>"))
        look_again(FAILURES_UNTIL_FAILING)
        assert set(Finding.objects.values_list("kind", flat=True)) == {"check_failing"}
        assert not Host.objects.exists()

    def test_pages_of_a_host_that_answers_others_speak_for_themselves(self, web):
        for number in range(5):
            watch(web.page(f"/{number}", "<main><p>It is in force.</p></main>"))
        for number in range(3):
            watch(web.page(f"/broken/{number}", "oops", status=500))
        look_again(FAILURES_UNTIL_FAILING)
        assert sorted(Finding.objects.values_list("kind", flat=True)) == ["check_failing"] * 3

    def test_when_it_is_back_the_finding_says_so_and_what_waited_is_due_soon(self, web):
        pages = [web.page(f"/{number}", "down", status=502) for number in range(6)]
        watched = [watch(page) for page in pages]
        look_again(FAILURES_UNTIL_FAILING)
        finding = Finding.objects.get()

        for number in range(6):
            web.page(f"/{number}", f"<main><p>Page {number} is in force again.</p></main>")
        first = watched[0]
        StatusCheck.objects.filter(pk=first.pk).update(next_due_at=timezone.now())
        now = timezone.now()
        look_at_due(live=True)

        finding.refresh_from_db()
        assert finding.state == "open"
        assert now.isoformat() <= finding.saw["back_at"]
        assert "It answers again since" in finding.detail
        assert Event.objects.filter(verb="finding.ended", actor="host:127.0.0.1").count() == 1
        assert Host.objects.get().failing_since is None
        waiting = StatusCheck.objects.exclude(pk=first.pk)
        assert {check.state for check in waiting} == {"active"}
        assert max(check.next_due_at for check in waiting) <= timezone.now() + timedelta(minutes=10)

        look_again()
        assert set(StatusCheck.objects.values_list("failures", "last_outcome")) == {
            (0, "first_look"),
            (0, "unchanged"),
        }
        assert Finding.objects.count() == 1

    def test_what_still_fails_when_the_host_is_back_is_told_by_itself(self, web):
        for number in range(4):
            watch(web.page(f"/{number}", "down", status=502))
        look_again(FAILURES_UNTIL_FAILING)
        for number in range(3):
            web.page(f"/{number}", f"<main><p>Page {number} is in force again.</p></main>")
        look_again(2)
        assert sorted(Finding.objects.values_list("kind", flat=True)) == ["check_failing", "host_failing"]
        assert Finding.objects.get(kind="check_failing").evidence.document.url == web.url("/3")

    def test_a_later_outage_is_another_finding(self, web):
        def all_answer(status):
            for number in range(3):
                web.page(f"/{number}", f"<main><p>Page {number} is in force.</p></main>", status=status)

        for number in range(3):
            watch(web.url(f"/{number}"))
        all_answer(503)
        look_again(FAILURES_UNTIL_FAILING)
        all_answer(200)
        look_again()
        all_answer(503)
        look_again(FAILURES_UNTIL_FAILING)
        assert list(Finding.objects.values_list("kind", flat=True)) == ["host_failing"] * 2

    def test_a_check_that_fails_later_joins_and_a_decided_finding_stays_as_it_was(self, dead):
        look_again(FAILURES_UNTIL_FAILING)
        finding = Finding.objects.get()
        port = closed_port()
        watch(f"http://127.0.0.1:{port}/late")
        look_again(FAILURES_UNTIL_FAILING)
        joined = Finding.objects.get()
        assert (joined.pk, joined.saw["checks_failing"]) == (finding.pk, 13)


class TestPleaseWait:
    """429 and 503 with Retry-After: for the whole host, whoever asks."""

    @pytest.fixture
    def throttled(self, web, settings):
        settings.TRACKER_DOOR = replace(settings.TRACKER_DOOR, per_host=1)
        urls = [
            web.page(f"/{number}", "slow down", status=429, headers={"Retry-After": "1800"})
            for number in range(5)
        ]
        return [watch(url) for url in urls]

    def test_one_look_is_enough_and_the_others_stay_due_without_a_run(self, web, throttled):
        assert look_at_due(live=True) == 1
        assert len(web.requests) == 1
        assert CheckRun.objects.get().outcome == "blocked"
        others = StatusCheck.objects.exclude(pk=CheckRun.objects.get().status_check_id)
        assert all(check.next_due_at <= timezone.now() and check.lease is None for check in others)

    def test_no_other_worker_asks_before_the_time_and_then_one_does(self, web, throttled):
        look_at_due(live=True)
        assert look_at_due(live=True) == 0
        now, wait = timezone.now(), timedelta(seconds=1_795)
        claim = {"live": True, "limit": 10}
        assert leases.claim(lease=uuid4(), now=now + wait, **claim) == []
        assert len(leases.claim(lease=uuid4(), now=now + timedelta(seconds=1_805), **claim)) == 4

    def test_the_host_that_a_redirect_led_to_is_the_one_that_asked(self, web):
        with FakeWeb("127.0.0.2") as popular:
            busy = popular.page("/", "slow down", status=503, headers={"Retry-After": "600"})
            watch(web.redirect("/there", busy))
            look_at_due(live=True)
        assert list(Host.objects.values_list("name", flat=True)) == ["127.0.0.2"]

    def test_other_hosts_are_asked_meanwhile(self, throttled):
        look_at_due(live=True)
        with FakeWeb("127.0.0.2") as other:
            seen = factories.evidence(document=factories.document(url=other.page("/", "<p>Open.</p>")))
            factories.check(evidence=seen, host="127.0.0.2", next_due_at=timezone.now())
            assert look_at_due(live=True) == 1

    def test_an_error_without_retry_after_closes_nobody(self, web):
        for number in range(3):
            watch(web.page(f"/{number}", "busy", status=503))
        assert look_at_due(live=True) == 3
        assert not Host.objects.exists()


def test_of_two_batches_the_second_joins_the_outage_that_the_first_began():
    now = timezone.now()
    for _number in range(4):
        factories.check(
            host="down.example", failures=4, last_run_at=now, last_outcome="failed", next_due_at=now
        )
    for _turn in range(2):
        claimed = leases.claim(lease=uuid4(), now=now, limit=2, live=True)
        look = Look(outcome="failed", next_state={}, note="timeout")
        looked = [Looked(each, look, Exchange(reached=False), now, jitter=0) for each in claimed]
        assert len(runs.record(looked, now=now)) == 2
    assert Finding.objects.get().kind == "host_failing"
