"""What Celery runs. Each task may run twice, or die half way: what is due is a row, and stays due.

`look_at_due` keeps many looks in flight and claims the next as each ends, so that one slow address
costs no other check anything; no transaction is open while somebody's web server thinks.
"""

import asyncio
import logging
import random
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

from asgiref.sync import async_to_sync, sync_to_async
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from recommendations.actions import closures, deadlines, freshness, runs
from recommendations.fetching.adapters import OWN_KINDS, Look, Target, adapter, kind_of
from recommendations.fetching.answers import Answer, Failure, Request
from recommendations.fetching.http import Door
from recommendations.fetching.pulling import Result, looks
from recommendations.fetching.robots import RulesInMemory
from recommendations.models import CheckRun, Snapshot, StatusCheck
from recommendations.queries import own_dates
from recommendations.vocabulary import Outcome

log = logging.getLogger(__name__)

CLAIM_AT_ONCE = 50
PULL_SECONDS = 60.0
"""A sweep hands back to the queue after this long; leases last longer than that and one look together."""

STOPPED_EVERY = 0.2
"""Seconds between two questions whether to stop."""

ROBOTS = RulesInMemory()
"""What robots.txt files said, for as long as this process lives and each file may be kept."""

OnRun = Callable[[StatusCheck, CheckRun | None], None]


@shared_task(ignore_result=True)
def sweep() -> int:
    """Look at everything that is due; how many looks were recorded."""
    return look_at_due(live=settings.TRACKER_LIVE_CHECKS)


@shared_task(ignore_result=True)
def reopen_closures() -> int:
    """Reopen what was closed until a day that has come."""
    return closures.reopen_lapsed(now=timezone.now())


@shared_task(ignore_result=True)
def look_at_own_dates() -> int:
    """What has passed or grown old among all our own rows, checks or none; how many are new."""
    now = timezone.now()
    return deadlines.tell_passed(now=now) + freshness.tell_stale(now=now)


def look_at_due(
    *,
    live: bool,
    ids: Collection[int] | None = None,
    early: bool = False,
    on_run: OnRun | None = None,
    stopped: Callable[[], bool] | None = None,
) -> int:
    """Claim, look and record until nothing is due or the time is up; how many looks were recorded.

    `ids` limits it to these checks, `early` takes them even if they are not due, `on_run` is told of
    each look (with None where another worker had taken the check over). When `stopped` comes true, or something
    breaks, what was claimed and not looked at is given back at once.
    """
    return async_to_sync(_pull)(live, ids, early, on_run, stopped)


async def _pull(
    live: bool,
    ids: Collection[int] | None,
    early: bool,
    on_run: OnRun | None,
    stopped: Callable[[], bool] | None,
) -> int:
    recorded, lease = 0, uuid.uuid4()

    def count(check: StatusCheck, run: CheckRun | None) -> None:
        nonlocal recorded
        recorded += run is not None
        if on_run is not None:
            on_run(check, run)

    try:
        async with Door(settings.TRACKER_DOOR, rules=ROBOTS) as door:
            ended = looks(door, _due(lease, live, ids, early, count), waiting=2 * CLAIM_AT_ONCE)
            async with aclosing(ended if stopped is None else _until(stopped, ended)) as results:
                async for request, result in results:
                    count(request.key, await sync_to_async(_record)(request.key, result))
    finally:
        await sync_to_async(runs.give_back)(lease)
    return recorded


async def _until(
    stopped: Callable[[], bool], results: AsyncGenerator[Result, None]
) -> AsyncGenerator[Result, None]:
    """The results until `stopped` comes true, which is asked meanwhile too: the next result may be long in coming."""
    coming: asyncio.Future[Result | None] | None = None
    try:
        while not stopped():
            coming = coming or asyncio.ensure_future(anext(results, None))
            await asyncio.wait([coming], timeout=STOPPED_EVERY)
            if coming.done():
                result, coming = coming.result(), None
                if result is None:
                    return
                yield result
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await results.aclose()


async def _due(
    lease: uuid.UUID, live: bool, ids: Collection[int] | None, early: bool, on_run: OnRun
) -> AsyncIterator[Request]:
    """Claimed checks as requests, claimed in small lots while there is time to look at them.

    A check that cannot ask is no request: it says so and waits for its next time.
    """
    wanted = None if ids is None else set(ids)
    until = time.monotonic() + PULL_SECONDS
    while time.monotonic() < until or early:
        claimed = await sync_to_async(runs.claim)(
            lease=lease,
            now=timezone.now(),
            limit=CLAIM_AT_ONCE,
            live=live,
            ids=wanted,
            early=early,
            lasting=settings.TRACKER_LEASE,
        )
        for check in claimed:
            if check.kind in OWN_KINDS:
                asked: Request | Look = await sync_to_async(_look_at_own_rows)(check)
            else:
                asked = _asked(check)
            if isinstance(asked, Request):
                yield asked
            else:
                on_run(check, await sync_to_async(_write_down)(check, asked, runs.Exchange()))
        if wanted is not None:
            wanted -= {check.pk for check in claimed}
        if not claimed or wanted == set():
            return


def _asked(check: StatusCheck) -> Request | Look:
    """What to ask for of a network, or the look that says why nothing can be asked."""
    kind = adapter(check.kind)
    if kind.KEY and not _key(check):
        return Look(Outcome.KEY_MISSING, check.memory, note=f"{kind.KEY} is not set")
    try:
        return replace(kind.request(_target(check), check.config, check.memory), key=check)
    except (
        Exception
    ) as error:  # Settings that a kind no longer understands must not stop the checks behind it.
        log.exception("check %s could not ask", check.pk)
        return Look(Outcome.FAILED, check.memory, note=f"could not ask: {type(error).__name__}")


def _look_at_own_rows(check: StatusCheck) -> Look:
    """The look of a kind that asks nobody: what our rows say at this moment."""
    assert check.recommendation is not None
    rows = own_dates.of(check.recommendation, now=timezone.now())
    try:
        return OWN_KINDS[check.kind].look(
            rows, target=_target(check), config=check.config, state=check.memory
        )
    except Exception as error:  # as in _asked: the checks behind it must not wait for ever
        log.exception("check %s could not look", check.pk)
        return Look(Outcome.FAILED, check.memory, note=f"could not look: {type(error).__name__}")


def _record(check: StatusCheck, result: Answer | Failure) -> CheckRun | None:
    try:
        look = adapter(check.kind).read(
            result,
            target=_target(check),
            config=check.config,
            state=check.memory,
            previous_text=lambda: _previous_text(check),
        )
    except Exception as error:  # A page that breaks our reading must not come due for ever.
        log.exception("check %s could not read what it got", check.pk)
        look = Look(Outcome.FAILED, check.memory, note=f"could not be read: {type(error).__name__}")
    return _write_down(check, look, _exchange(result))


def _write_down(check: StatusCheck, look: Look, exchange: runs.Exchange) -> CheckRun | None:
    now = timezone.now()
    return runs.record(
        check,
        look,
        exchange,
        started_at=now - timedelta(milliseconds=exchange.elapsed_ms),
        now=now,
        jitter=random.random(),  # noqa: S311 - spreads looks in time; nothing depends on it being secret
    )


def _exchange(result: Answer | Failure) -> runs.Exchange:
    if isinstance(result, Answer):
        return runs.Exchange(
            http_status=result.status,
            final_url=result.final_url,
            content_type=result.content_type,
            size=result.bytes,
            elapsed_ms=result.elapsed_ms,
        )
    return runs.Exchange(elapsed_ms=result.elapsed_ms)


def _target(check: StatusCheck) -> Target:
    """What a check watches: an evidence's address, or what its settings ask on behalf of a row of ours."""
    if check.evidence is not None:
        return Target(url=check.evidence.document.url, title=check.evidence.title)
    row = check.recommendation or check.indicator
    assert row is not None
    return Target(
        url=kind_of(check.kind).address(check.config),
        title=str(row),
        about=f"{row._meta.model_name} {row.code}",
        key=_key(check),
    )


def _key(check: StatusCheck) -> str:
    """The key that the register asks for, from the setting of its name; "" where none is needed or set."""
    name = kind_of(check.kind).KEY
    return str(getattr(settings, name)) if name else ""


def _previous_text(check: StatusCheck) -> str | None:
    if check.evidence is None:
        return None  # registers keep no text
    seen = Snapshot.objects.filter(
        document=check.evidence.document, text_hash=check.memory.get("text_hash", "")
    ).first()
    return seen.text if seen else None
