"""Many at once: beat twice, workers twice, each with its own connection. Nothing lost, nothing doubled."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from recommendations.actions import checks, leases, runs
from recommendations.actions.runs import Exchange, Looked
from recommendations.fetching.adapters import Look
from recommendations.models import CheckRun, Finding, Host, StatusCheck
from recommendations.tasks import look_at_due, looking, sweep, writing
from tests import factories
from tests.fakeweb import FakeWeb

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "<main><p>The rule is in force since the year 2020.</p></main>"


@pytest.fixture(autouse=True)
def door(settings):
    settings.TRACKER_LIVE_CHECKS = True
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR,
        allow_loopback=True,
        ports=frozenset(range(65_536)),
        host_pause_seconds=0,
        respect_robots=False,
    )


@pytest.fixture
def web():
    with FakeWeb("127.0.0.1") as served:
        yield served


def watch(url, host="127.0.0.1", **fields):
    seen = factories.evidence(document=factories.document(url=url))
    return factories.check(evidence=seen, host=host, next_due_at=timezone.now(), every=86_400, **fields)


def together(*work: Callable[[], object]) -> list[object]:
    """Each in a thread with a connection of its own, begun at the same moment; what they answer."""
    start = threading.Barrier(len(work))

    def one(each: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return each()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(one, work))


def test_three_sweeps_at_once_look_at_everything_once_and_at_each_host_in_turn(web, settings):
    hosts = [f"127.0.0.{number}" for number in range(1, 9)]
    servers = [FakeWeb(host) for host in hosts]
    at_once: dict[str, list[int]] = {host: [0, 0] for host in hosts}
    lock = threading.Lock()

    def counting(host):
        async def answer(_asked, writer):
            with lock:
                at_once[host][0] += 1
                at_once[host][1] = max(at_once[host])
            await asyncio.sleep(0.02)
            with lock:
                at_once[host][0] -= 1
            body = WORDS.encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
            writer.write(head + body)

        return answer

    for host, server in zip(hosts, servers, strict=True):
        server.__enter__()
        for number in range(25):
            watch(server.at(f"/{number}", counting(host)), host)
    try:
        recorded = together(sweep, sweep, sweep)
    finally:
        for server in servers:
            server.__exit__()

    assert sum(recorded) == CheckRun.objects.count() == 200
    assert CheckRun.objects.values("status_check").distinct().count() == 200
    assert {most for _now, most in at_once.values()} <= {1, settings.TRACKER_DOOR.per_host}
    assert not StatusCheck.objects.filter(lease__isnull=False).exists()


def test_a_worker_that_lives_keeps_its_lease_however_slow_the_host(web, settings):
    settings.TRACKER_LEASE = timedelta(seconds=1.2)
    slow = watch(web.page("/slow", WORDS, delay=3))
    taken = []

    def another_worker():
        time.sleep(0.5)
        until = time.monotonic() + 3.5
        while time.monotonic() < until:
            taken.extend(leases.claim(lease=uuid4(), now=timezone.now(), limit=10, live=True))
            time.sleep(0.1)

    recorded, _none = together(lambda: look_at_due(live=True), another_worker)
    assert recorded == 1
    assert [claimed.pk for claimed in taken] == []
    assert CheckRun.objects.get().status_check == slow


def test_what_a_dead_worker_held_is_looked_at_when_its_lease_has_lapsed(web):
    check = watch(web.page("/", WORDS))
    (dead,) = leases.claim(
        lease=uuid4(), now=timezone.now(), limit=1, live=True, lasting=timedelta(seconds=0.5)
    )
    assert look_at_due(live=True) == 0
    time.sleep(0.6)
    assert look_at_due(live=True) == 1
    late = Looked(dead, Look("unchanged", {}), Exchange(http_status=200), timezone.now(), jitter=0)
    assert runs.record([late], now=timezone.now()) == set()
    assert CheckRun.objects.get().status_check == check


def test_when_the_time_is_up_what_was_not_begun_is_given_back_and_stays_due(web, settings):
    settings.TRACKER_DOOR = replace(settings.TRACKER_DOOR, per_host=1)
    for number in range(6):
        watch(web.page(f"/{number}", WORDS, delay=0.4))
    tally = looking.pull(live=True, seconds=0.6)
    assert (tally.claimed, tally.recorded, tally.released) == (6, 2, 4)
    assert StatusCheck.objects.filter(next_due_at__lte=timezone.now(), lease=None).count() == 4
    assert looking.pull(live=True).recorded == 4
    assert CheckRun.objects.count() == 6


def test_few_of_a_slow_host_are_held_and_all_of_it_is_looked_at_in_the_end(web, settings):
    settings.TRACKER_DOOR = replace(settings.TRACKER_DOOR, per_host=2, host_pause_seconds=0.02)
    for number in range(20):
        watch(web.page(f"/{number}", WORDS))
    held = []

    def watch_the_hands():
        for _time in range(40):
            held.append(StatusCheck.objects.filter(lease__isnull=False).count())
            time.sleep(0.01)

    recorded, _none = together(lambda: look_at_due(live=True), watch_the_hands)
    assert recorded == 20
    assert 0 < max(held) <= 8, "per_host, twice, and the claim made ahead of them"


def test_two_workers_that_see_a_host_fail_at_once_bring_one_finding():
    now = timezone.now()
    for _number in range(8):
        factories.check(
            host="down.example", failures=4, last_run_at=now, last_outcome="failed", next_due_at=now
        )
    claimed = leases.claim(lease=uuid4(), now=now, limit=8, live=True)
    look = Look(outcome="failed", next_state={}, note="timeout: the server did not answer in time")
    looked = [Looked(each, look, Exchange(reached=False), now, jitter=0) for each in claimed]
    halves = [looked[:4], looked[4:]]
    assert together(*(lambda half=half: len(writing.write_down(half)) for half in halves)) == [4, 4]
    assert Finding.objects.get().kind == "host_failing"
    assert Host.objects.get().finding == Finding.objects.get()


def test_a_look_that_cannot_be_written_loses_none_of_its_neighbours():
    now = timezone.now()
    for number in range(5):
        factories.check(host=f"{number}.example", next_due_at=now)
    claimed = leases.claim(lease=uuid4(), now=now, limit=5, live=True)
    notes = ["fine", "fine", "a NUL \x00 that PostgreSQL refuses", "fine", "fine"]
    looked = [
        Looked(each, Look("unchanged", {"etag": "x"}, note=note), Exchange(http_status=200), now, jitter=0)
        for each, note in zip(claimed, notes, strict=True)
    ]
    assert writing.write_down(looked) == {each.pk for each in claimed}
    outcomes = dict(CheckRun.objects.values_list("status_check", "outcome"))
    assert [outcomes[each.pk] for each in claimed] == [
        "unchanged",
        "unchanged",
        "failed",
        "unchanged",
        "unchanged",
    ]
    assert not StatusCheck.objects.filter(lease__isnull=False).exists()


CANNOT_WRITE = """
CREATE FUNCTION cannot_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER cannot_write BEFORE INSERT ON recommendations_checkrun FOR EACH ROW EXECUTE FUNCTION cannot_write();
"""


def test_a_worker_that_cannot_write_gives_up_and_gives_back(web, monkeypatch):
    """PostgreSQL itself refuses each run, as it does when its disk is full; the pull must end, and hold nothing."""
    monkeypatch.setattr(writing, "TRY_FOR", 0.1)
    monkeypatch.setattr(looking, "IN_HAND", 10)
    monkeypatch.setattr(looking, "CLAIM_AT_ONCE", 5)
    for number in range(30):
        watch(web.page(f"/{number}", WORDS))
    with connection.cursor() as cursor:
        cursor.execute(CANNOT_WRITE)
    try:
        with pytest.raises(OperationalError):
            look_at_due(live=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION cannot_write CASCADE")
    assert not StatusCheck.objects.filter(lease__isnull=False).exists()
    assert look_at_due(live=True) == CheckRun.objects.count() == 30


def test_a_look_that_answers_an_old_question_is_not_recorded_and_the_new_one_is_asked(web):
    check = watch(web.page("/", WORDS))
    (old,) = leases.claim(lease=uuid4(), now=timezone.now(), limit=1, live=True)
    checks.change(check, config={"confirm": 3}, by=factories.user("manager"), now=timezone.now())
    late = Looked(old, Look("unchanged", {}), Exchange(http_status=200), timezone.now(), jitter=0)
    assert runs.record([late], now=timezone.now()) == set()
    assert look_at_due(live=True) == 1
    assert CheckRun.objects.get().due_at == old.due_at


def test_a_pause_that_comes_while_a_look_is_under_way_stays():
    now = timezone.now()
    check = factories.check(next_due_at=now)
    claimed = leases.claim(lease=uuid4(), now=now, limit=1, live=True)
    checks.change(check, state="paused", by=factories.user("manager"), now=now)
    looked = [
        Looked(each, Look("unchanged", {}), Exchange(http_status=200), now, jitter=0) for each in claimed
    ]
    assert runs.record(looked, now=now) == {check.pk}
    check.refresh_from_db()
    assert (check.state, check.lease) == ("paused", None)


@pytest.mark.parametrize("number", [1, 40])
def test_a_batch_costs_the_same_statements_however_many_looks(number, django_assert_num_queries):
    now = timezone.now()
    for each in range(number):
        factories.check(host=f"{each}.example", next_due_at=now)
    with django_assert_num_queries(4):  # BEGIN, the lock of claims, the claim, COMMIT
        claimed = leases.claim(lease=uuid4(), now=now, limit=100, live=True)
    looked = [
        Looked(each, Look("unchanged", {}), Exchange(http_status=200), now, jitter=0) for each in claimed
    ]
    with django_assert_num_queries(4):  # BEGIN, whose lease stands, runs and due times, COMMIT
        assert len(runs.record(looked, now=now)) == number
    assert CheckRun.objects.count() == number
