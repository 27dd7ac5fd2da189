"""Looks a second, each a recorded CheckRun, against a bare loop that only gets and hashes the same pages."""

import asyncio
import hashlib
import time
from dataclasses import replace

import aiohttp
from django.conf import settings
from django.utils import timezone

from recommendations.actions.checks import host_of
from recommendations.models import CheckRun, Document, Evidence, StatusCheck
from recommendations.tasks import look_at_due
from tests.bench.results import tell
from tests.fakeweb import FakeWeb

PAGES = 200
WORDS = " ".join(f"The agency reported step {number} of its plan to the committee." for number in range(300))


def run() -> None:
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR, allow_loopback=True, host_pause_seconds=0, per_host=50, respect_robots=False
    )
    with FakeWeb() as web:
        for number in range(PAGES):
            web.page(f"/{number}", f"<html><main><h1>Page {number}</h1><p>{WORDS}</p></main></html>")
        addresses = [web.url(f"/{number}") for number in range(PAGES)]
        _watch(addresses)
        started = time.perf_counter()
        recorded = look_at_due(live=True)
        ours = recorded / (time.perf_counter() - started)
        assert CheckRun.objects.count() == recorded == PAGES
        started = time.perf_counter()
        asyncio.run(_bare(addresses))
        bare = PAGES / (time.perf_counter() - started)
    tell(
        "looks",
        f"{ours:.0f} recorded looks a second, {ours / bare:.2f} of a bare loop ({bare:.0f})",
        looks_per_second=ours,
        bare_per_second=bare,
        ratio=ours / bare,
    )


def _watch(addresses: list[str]) -> None:
    now = timezone.now()
    for number, address in enumerate(addresses):
        document = Document.objects.create(code=f"look-{number}", title="Page", url=address)
        evidence = Evidence.objects.create(
            code=f"look-{number}",
            document=document,
            kind="report",
            title="Page",
            finding="Something.",
            occurred_on=now.date(),
            updated_at=now,
        )
        StatusCheck.objects.create(
            kind="page",
            evidence=evidence,
            every=86400,
            host=host_of(address),
            next_due_at=now,
            created_at=now,
        )


async def _bare(addresses: list[str]) -> None:
    gate = asyncio.Semaphore(50)

    async with aiohttp.ClientSession() as session:

        async def look(address: str) -> str:
            async with gate, session.get(address) as answer:
                return hashlib.sha256(await answer.read()).hexdigest()

        await asyncio.gather(*(look(address) for address in addresses))
