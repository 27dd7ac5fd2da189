"""One sweep's work: claim what is due, look at many at once, write down in batches.

Three things go on at a time and none waits for another: claims are made ahead of the looks, looks are in flight, and
what has ended is written down (writing.py). No transaction is open while somebody's web server thinks. The event loop
runs in a thread of its own and never touches the database; the thread that called does (asgiref's `sync_to_async`),
one thing after another.
"""

import asyncio
import gc
import logging
import math
import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.utils import timezone

from recommendations.actions import leases
from recommendations.actions.leases import Claimed
from recommendations.actions.runs import Exchange, Looked
from recommendations.fetching.adapters import OWN_KINDS, Look
from recommendations.fetching.answers import Answer, Failure, FailureKind, Request
from recommendations.fetching.http import Door
from recommendations.fetching.pulling import NotBegun, looks
from recommendations.fetching.robots import RulesInMemory
from recommendations.rules import schedules
from recommendations.tasks import reading
from recommendations.tasks.stopping import until
from recommendations.tasks.writing import DATABASE_AWAY, OnRun, Writer
from recommendations.vocabulary import Outcome

log = logging.getLogger(__name__)

PULL_SECONDS = 60.0
"""A sweep begins no look after this long and hands back to the queue; what it has not begun it gives back."""

IN_FLIGHT = 100
"""Looks at once."""

IN_HAND = 500
"""Checks claimed and not yet written down: enough that the looks never wait for a claim."""

CLAIM_AT_ONCE = 100

READERS = 2
"""Long documents that are read at once, each in a thread."""

ROBOTS = RulesInMemory()
"""What robots.txt files said, for as long as this process lives and each file may be kept."""


@dataclass(frozen=True)
class Tally:
    """How many checks one pull claimed, how many looks it recorded, and how many checks it gave back unlooked."""

    claimed: int
    recorded: int
    released: int


def look_at_due(
    *,
    live: bool,
    ids: Collection[int] | None = None,
    early: bool = False,
    on_run: OnRun | None = None,
    stopped: Callable[[], bool] | None = None,
) -> int:
    """Claim, look and record until nothing is due; how many looks were recorded.

    `ids` limits it to these checks, `early` takes them even if they are not due, `on_run` is told of each look that
    is over, once it is written down: the claim, and the run (not as read from the database: without its number), or
    None where another worker had taken the check over. When `stopped` comes true, or something breaks, what was
    claimed and not looked at is given back at once.
    """
    return pull(live=live, ids=ids, early=early, on_run=on_run, stopped=stopped).recorded


def pull(
    *,
    live: bool,
    ids: Collection[int] | None = None,
    early: bool = False,
    on_run: OnRun | None = None,
    stopped: Callable[[], bool] | None = None,
    seconds: float = math.inf,
) -> Tally:
    """The same for at most so many `seconds`, and everything that was counted."""
    with _collecting_rarely():
        return async_to_sync(_pull)(live, ids, early, on_run, stopped, seconds)


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """A look makes hundreds of objects and nearly all of them end with it: looking for cycles among them as often as
    Python does by itself took a sixth of the processor time. They are still looked for: memory stays flat."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def _pull(
    live: bool,
    ids: Collection[int] | None,
    early: bool,
    on_run: OnRun | None,
    stopped: Callable[[], bool] | None,
    seconds: float,
) -> Tally:
    pulled = _Pull(live, ids, early, Writer(uuid.uuid4(), on_run), time.monotonic() + seconds)
    await pulled.run(stopped)
    return Tally(pulled.claimed, pulled.writer.recorded, pulled.writer.released)


class _Pull:
    def __init__(
        self, live: bool, ids: Collection[int] | None, early: bool, writer: Writer, until: float
    ) -> None:
        self.live, self.early, self.writer, self.until = live, early, writer, until
        self.wanted = None if ids is None else set(ids)
        self.claimed = 0
        self.in_hand: Counter[str] = Counter()
        self.number_in_hand = 0
        self.some_done = asyncio.Event()
        self.stopping = False
        self.held_until = math.inf  # nothing is held yet
        self.readers = asyncio.Semaphore(READERS)
        self.reading: set[asyncio.Task[None]] = set()
        writer.done = self._done
        # A host that is asked one question a second gets through no more; the rest of it waits where others can see it.
        politely = settings.TRACKER_DOOR.host_pause_seconds > 0
        self.per_host = max(4, 2 * settings.TRACKER_DOOR.per_host) if politely else IN_HAND

    async def run(self, stopped: Callable[[], bool] | None) -> None:
        writing, renewing = asyncio.create_task(self.writer.run()), asyncio.create_task(self._renew())
        writing.add_done_callback(lambda _task: self._stop())
        try:
            async with Door(settings.TRACKER_DOOR, rules=ROBOTS) as door:
                ended = looks(
                    door,
                    self._due(),
                    in_flight=IN_FLIGHT,
                    waiting=2 * IN_HAND,
                    until=self.until,
                    sure=self._sure,
                )
                async with aclosing(ended if stopped is None else until(stopped, ended)) as results:
                    async for request, result in results:
                        self._take(request.key, result)
                        if self.stopping:
                            break
            await asyncio.gather(*self.reading)
            self.writer.finish()
            await writing
        finally:
            for task in (writing, renewing, *self.reading):
                task.cancel()
            await asyncio.gather(writing, renewing, *self.reading, return_exceptions=True)
            self.writer.released += await sync_to_async(leases.give_back)(self.writer.lease)

    def _sure(self) -> bool:
        """Whether our leases hold for certain: others have taken over what a frozen process held."""
        return time.monotonic() < self.held_until

    def _stop(self) -> None:
        """Nobody writes any more. If that is too early, the database is away, and with it all reason to look on."""
        self.stopping = True
        self.some_done.set()

    async def _due(self) -> AsyncGenerator[Request, None]:
        """Claimed checks as requests, claimed in small lots while there is time to look at them.

        A check that cannot ask, or asks nobody, is no request: its look is over.
        """
        while await self._room() and time.monotonic() < self.until:
            claimed = await self._claim()
            own = [each for each in claimed if each.kind in OWN_KINDS]
            if own:
                for each, seen in zip(own, await sync_to_async(reading.look_at_own_rows)(own), strict=True):
                    self._end(each, seen, Exchange())
            for each in claimed:
                if each.kind in OWN_KINDS:
                    continue
                asked = reading.ask(each)
                if isinstance(asked, Request):
                    yield asked
                else:
                    self._end(each, asked, Exchange())
            if self.wanted is not None:
                self.wanted -= {each.pk for each in claimed}
            if self.wanted == set() or (not claimed and not self._full_hosts()):
                return
            if not claimed:
                await self._some_done()

    async def _claim(self) -> list[Claimed]:
        started, asked_at = time.perf_counter(), time.monotonic()
        claimed = await sync_to_async(leases.claim)(
            lease=self.writer.lease,
            now=timezone.now(),
            limit=CLAIM_AT_ONCE,
            live=self.live,
            ids=self.wanted,
            early=self.early,
            lasting=settings.TRACKER_LEASE,
            per_host=self.per_host,
            leave=self._full_hosts(),
        )
        self.held_until = min(self.held_until, asked_at + settings.TRACKER_LEASE.total_seconds())
        self.claimed += len(claimed)
        self.number_in_hand += len(claimed)
        self.in_hand.update(each.host for each in claimed)
        if claimed:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            extra = {"event": "claim", "checks": len(claimed), "milliseconds": milliseconds}
            log.info("claimed", extra=extra | {"hosts": len({each.host for each in claimed})})
        return claimed

    def _full_hosts(self) -> list[str]:
        return [host for host, number in self.in_hand.items() if host and number >= self.per_host]

    async def _room(self) -> bool:
        """Waits until another lot may be claimed; false when none is to be claimed any more."""
        while self.number_in_hand > IN_HAND - CLAIM_AT_ONCE and not self.stopping:
            await self._some_done()
        return not self.stopping

    async def _some_done(self) -> None:
        self.some_done.clear()
        await self.some_done.wait()

    def _done(self, claimed: Claimed) -> None:
        self.number_in_hand -= 1
        self.in_hand[claimed.host] -= 1
        if not self.in_hand[claimed.host]:
            del self.in_hand[claimed.host]
        self.some_done.set()

    def _take(self, claimed: Claimed, result: Answer | Failure | NotBegun) -> None:
        """What became of one request: read it at once if that is quick, else beside the looks in flight."""
        if isinstance(result, NotBegun):
            self.writer.give_back(claimed)
        elif _asked_to_wait(result):
            assert isinstance(result, Failure)
            wait = schedules.wait_until(timezone.now(), result.retry_after or 0.0)
            self.writer.give_back(claimed, closed_until=wait)
        elif not reading.is_light(result):
            self._read_apart(claimed, result)
        else:
            try:
                seen = reading.read(claimed, result, reading.want_text)
            except reading.TextWanted:
                self._read_apart(claimed, result)
            else:
                self._end(claimed, seen, reading.exchange(result), reading.raw(result, seen))

    def _read_apart(self, claimed: Claimed, result: Answer | Failure) -> None:
        async def read() -> None:
            async with self.readers:
                try:
                    before = await sync_to_async(reading.text_before)(claimed)
                except (
                    Exception
                ) as error:  # a text that cannot be unpacked must not make the check come due for ever
                    log.exception("check %s: the text before could not be had", claimed.pk)
                    note = f"the text before could not be had: {type(error).__name__}"
                    seen = Look(Outcome.FAILED, claimed.memory, note=note)
                else:
                    seen = await asyncio.to_thread(reading.read, claimed, result, lambda: before)
                self._end(claimed, seen, reading.exchange(result), reading.raw(result, seen))

        task = asyncio.create_task(read())
        self.reading.add(task)
        task.add_done_callback(self.reading.discard)

    def _end(self, claimed: Claimed, seen: Look, exchange: Exchange, raw: bytes | None = None) -> None:
        jitter = random.random()  # noqa: S311 - spreads looks in time; nothing depends on it being secret
        self.writer.add(Looked(claimed, seen, exchange, timezone.now(), jitter, raw))

    async def _renew(self) -> None:
        """Holds the lease for as long as this worker lives; a dead one renews nothing."""
        lasting: timedelta = settings.TRACKER_LEASE
        while True:
            await asyncio.sleep(lasting.total_seconds() / 3)
            asked_at = time.monotonic()
            if (
                asked_at >= self.held_until
            ):  # frozen for longer than the lease: it begins nothing any more, and ends
                self.held_until = -math.inf
                self._stop()
                return
            try:
                renewed = await sync_to_async(leases.renew)(
                    self.writer.lease, now=timezone.now(), lasting=lasting
                )
            except DATABASE_AWAY:
                log.warning(
                    "the database is away; the lease is not renewed", extra={"event": "database_away"}
                )
            else:
                self.held_until = asked_at + lasting.total_seconds()
                log.info("lease renewed", extra={"event": "renew", "checks": renewed})


def _asked_to_wait(result: Answer | Failure) -> bool:
    """Whether nobody was asked because the host had asked us to wait: no look at all, so the check stays due."""
    return isinstance(result, Failure) and result.kind is FailureKind.RETRY_LATER and not result.redirects
