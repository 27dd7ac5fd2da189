"""Looks a second, each a recorded CheckRun, against a bare loop that only gets and hashes the same pages.

Ours are made by a worker as it is started everywhere, a process for each core; the bare loop is one process, as in
the figures it is compared with. Both ask the same server in turns; the ratio is the median of the turns. Four cases:
nothing changed and the server says so (304); nothing changed and the server sends all of it; the first look, which
reads the page and keeps its text; and, for the second of them, a server that takes the time of one on the internet to
answer. What one process of ours does by itself is told for that one as well.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import aiohttp
from django.conf import settings
from django.db import connection

from recommendations.fetching.answers import Limits
from recommendations.tasks import look_at_due
from recommendations.tasks.looking import IN_FLIGHT
from tests.bench.results import tell
from tests.bench.rows import make
from tests.bench.server import addresses, serving
from tests.bench.worker import PROCESSES, worker

NUMBER = int(os.environ.get("BENCH_LOOKS", "6000"))
TURNS = 3
LATENCY_MS = 40

WATCHED = """
INSERT INTO recommendations_document (code, title, publisher_wording, url)
SELECT 'look' || n, 'Page ' || n, '', 'http://127.0.1.' || n %% 200 + 1 || ':' || %(port)s || %(folder)s || n
  FROM generate_series(0, %(number)s - 1) n;
INSERT INTO recommendations_evidence (code, document_id, kind, title, publisher_wording, finding, occurred_on,
       date_precision, verified, checked_against, from_memory, caution, visibility, updated_at, version)
SELECT d.code, d.id, 'report', d.title, '', 'Something.', '2020-01-01', 'day', true, '{}', '[]', '', 'public', now(), 1
  FROM recommendations_document d;
INSERT INTO recommendations_statuscheck (kind, evidence_id, config, every, state, host, next_due_at, memory,
       last_outcome, failures, quiet_runs, created_at, version)
SELECT 'page', e.id, '{}', 86400, 'active', substring(d.url from '//([^:]+):'), now(), '{}', '', 0, 0, now(), 1
  FROM recommendations_evidence e JOIN recommendations_document d ON d.id = e.document_id;
ANALYZE recommendations_document, recommendations_evidence, recommendations_statuscheck;
"""
DUE = "UPDATE recommendations_statuscheck SET next_due_at = now(), quiet_runs = 0"
"""Everything due at once, as after a night without a worker."""


def open_door() -> Limits:
    """The door as it is, but open to loopback and without the pauses that would be all that is measured."""
    return replace(
        settings.TRACKER_DOOR,
        allow_loopback=True,
        ports=frozenset(range(65_536)),
        host_pause_seconds=0,
        respect_robots=False,
    )


def run() -> None:
    settings.TRACKER_DOOR = open_door()
    folder = Path(settings.TRACKER_VAR)
    with serving(folder) as port, worker() as record_all:
        watch(port, "/page/")
        first = _turns(record_all, port, "page", 1)
        unchanged = _turns(record_all, port, "page", TURNS)
        _lead("'/page/', '/cached/'")
        _turns(record_all, port, "cached", 1)
        not_modified = _turns(record_all, port, "cached", TURNS)
    with serving(folder, latency_ms=LATENCY_MS) as port, worker() as record_all:
        _lead("'/cached/', '/page/'", port)
        distant = _turns(record_all, port, "page", TURNS)
        alone = _turns(lambda: look_at_due(live=True), port, "page", TURNS)
    late = f"nothing changed, answered after {LATENCY_MS} ms"
    for name, (ours, bare), of_what in (
        ("looks", unchanged, "nothing changed"),
        ("looks-304", not_modified, "not modified (304)"),
        ("looks-first", first, "first looks: read, text kept"),
        ("looks-distant", distant, late),
        ("looks-one-process", alone, f"{late}, one process of ours"),
    ):
        tell(
            name,
            f"{ours:,.0f} recorded looks a second, {ours / bare:.2f} of a bare loop ({bare:,.0f}): {of_what}",
            looks=NUMBER,
            looks_per_second=ours,
            bare_per_second=bare,
            ratio=ours / bare,
            processes=PROCESSES if name != "looks-one-process" else 1,
        )


def _lead(folders: str, port: int | None = None) -> None:
    """Lead all addresses to another folder of the server, or to another server."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE recommendations_document SET url = replace(url, {folders})")
        if port is not None:
            cursor.execute(
                "UPDATE recommendations_document SET url = regexp_replace(url, ':\\d+/', %s)", [f":{port}/"]
            )


def watch(port: int, folder: str, number: int = NUMBER) -> None:
    """A check for each page of the server, all due."""
    make(WATCHED, port=port, folder=folder, number=number)


def _turns(record_all: Callable[[], object], port: int, folder: str, turns: int) -> tuple[float, float]:
    """Ours and bare, in looks a second: the medians of so many turns each, taken one after the other."""
    urls = addresses(port, NUMBER, folder)
    asyncio.run(bare(urls[:200]))  # the server makes its pages when they are first asked for
    ours, theirs = [], []
    for _turn in range(turns):
        connection.cursor().execute(DUE)
        ours.append(_per_second(record_all))
        theirs.append(_per_second(lambda: asyncio.run(bare(urls))))
    return median(ours), median(theirs)


def _per_second(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return NUMBER / (time.perf_counter() - started)


async def bare(urls: list[str]) -> None:
    """What no design can be faster than: get, read, hash, forget."""
    gate = asyncio.Semaphore(IN_FLIGHT)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def look(url: str) -> str:
            async with gate, session.get(url) as answer:
                return hashlib.sha256(await answer.read()).hexdigest()

        await asyncio.gather(*(look(url) for url in urls))
