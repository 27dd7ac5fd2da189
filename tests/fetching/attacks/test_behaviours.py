"""What a server may do once it is connected to: each look ends in a value, in time, and holds little meanwhile."""

import asyncio
import json
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace

import pytest
from django.conf import settings

from recommendations.fetching import connections
from recommendations.fetching.http import Answer, Request

from . import server, tables
from .limits import DOOR, OPEN, PATIENT, PEAK_BYTES, ROBOTS_BYTES, SECONDS, TRACED
from .trying import look, outcome, through

CASES = tables.behaviours()
AT_ONCE = 12.0
STARVED = 12  # times as long as it should take, on a machine that has other work as well
BOMBS = [case.name for case in CASES if "too_large" in case.expected or "bomb" in case.name]


@pytest.fixture(scope="module")
def ports():
    """Where each behaviour is served, by a process of its own."""
    command = [sys.executable, "-m", "tests.fetching.attacks.server"]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as serving:
        yield json.loads(serving.stdout.readline())
        serving.stdin.close()
        serving.kill()


def test_each_row_has_its_server_and_each_server_its_row():
    assert {case.name for case in CASES} == set(server.BEHAVIOURS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_look_ends_in_a_value_in_time_and_in_little_memory(case, ports):
    limits = OPEN if {"timeout", "robots_unavailable"} & set(case.expected) else PATIENT
    connections._tls_context()  # the authorities are read once for the life of a process
    tracemalloc.start()
    started, worked = time.perf_counter(), time.process_time()
    try:
        result = look(f"http://127.0.0.1:{ports[case.name]}/", limits)
        seconds, work = time.perf_counter() - started, time.process_time() - worked
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert outcome(result) in case.expected, result
    assert work < TRACED * (limits.total_seconds + 1)
    assert seconds < STARVED * (limits.total_seconds + 1)
    assert peak < PEAK_BYTES + (ROBOTS_BYTES if case.name.startswith("robots") else 0)
    if isinstance(result, Answer):
        assert len(result.body or b"") <= DOOR.max_bytes
        assert sum(map(len, result.headers.values())) < 20_000


def test_all_at_once_through_one_door_hold_up_nobody(ports):
    """As a worker meets them: all these servers and an honest one, in one loop, which none of them may hold."""
    names = {name: f"http://127.0.0.1:{port}/" for name, port in ports.items()}
    started = time.perf_counter()

    async def all_at_once(door):
        looks = {name: asyncio.create_task(door.look(Request(url))) for name, url in names.items()}
        await asyncio.sleep(0)
        honest = await door.look(Request(names["just enough"]))
        if (
            outcome(honest) == "timeout"
        ):  # on a machine that starves all of them; a check is tried again as well
            honest = await door.look(Request(names["just enough"]))
        return honest, {name: outcome(await look) for name, look in looks.items()}

    honest, told = through(all_at_once, replace(OPEN, read_seconds=AT_ONCE / 4, total_seconds=AT_ONCE / 2))
    assert outcome(honest) == 200
    assert time.perf_counter() - started < STARVED / 4 * AT_ONCE
    late = ("timeout", "robots_unavailable")  # what was starved by the others
    wrong = {case.name: told[case.name] for case in CASES if told[case.name] not in (*case.expected, *late)}
    assert wrong == {}


def test_the_bombs_do_not_break_a_process_that_may_hold_little_more(ports):
    """What Python does not count (zlib, TLS, the parser in C) is bounded too: the system itself would refuse it."""
    addresses = [f"http://127.0.0.1:{ports[name]}/" for name in BOMBS]
    told = subprocess.run(
        [sys.executable, "-m", "tests.fetching.attacks.confined", *addresses],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=4 * SECONDS * len(addresses),
    )
    assert told.returncode == 0, told.stderr
    kinds = json.loads(told.stdout)
    expected = {case.name: case.expected for case in CASES}
    assert [(name, kind) for name, kind in zip(BOMBS, kinds, strict=True) if kind not in expected[name]] == []
    assert len(BOMBS) > 15


def test_an_answer_hidden_behind_another_is_given_to_nobody(ports):
    async def two_looks(door):
        request = Request(f"http://127.0.0.1:{ports['a second answer']}/")
        return [await door.look(request) for _time in range(2)]

    first, second = through(two_looks, OPEN)
    assert (first.body, getattr(second, "body", b"first")) == (b"first", b"first")


def test_a_pause_is_at_most_a_day(ports):
    def asked(name):
        result = look(f"http://127.0.0.1:{ports[name]}/", OPEN)
        return result.retry_after

    assert [asked(f"a pause {what}") for what in ("of ages", "that is none", "until the year 9999")] == [
        86_400.0,
        None,
        86_400.0,
    ]
