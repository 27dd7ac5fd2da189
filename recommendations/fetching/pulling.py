"""Many looks at once: N in flight, the next pulled as each ends, nobody waiting for a batch's slowest.

Each host has lanes (`Limits.per_host`): a lane asks one request after another, with the pause between them
that we keep or that the host asks for. A request whose host is busy waits in its host's queue and holds no
slot; one that is redirected to another host waits in that host's queue next. An answer in several pages is one
look: its lane asks for one after another.
"""

import asyncio
import math
import time
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from dataclasses import replace
from enum import Enum

from .addresses import BadAddress, origin, read_url
from .answers import Answer, Failure, Request
from .http import Door, Onward


class NotBegun(Enum):
    """What a request comes back with that nobody was asked for: the time was up."""

    TIME_IS_UP = "time is up"


Result = tuple[Request, Answer | Failure | NotBegun]
Waiting = tuple[Request, Onward | None]

MAX_PAGES = 5
PAGES_SECONDS = 60.0
"""After so many pages, or so long, no further one is asked for; whoever reads them sees that more is left."""


async def looks(
    door: Door,
    requests: Iterable[Request] | AsyncIterable[Request],
    *,
    in_flight: int = 100,
    waiting: int = 1_000,
    until: float = math.inf,
    sure: Callable[[], bool] = lambda: True,
) -> AsyncGenerator[Result, None]:
    """Yields (request, result) as each look ends, in the order of ending.

    At `until` (of time.monotonic) no further look is begun: what still waits comes back as NotBegun. So does what would
    begin while the caller is not `sure` that it may still look: a process that was frozen has lost its leases.

    `requests` is pulled lazily, at most `waiting` taken and not yet given back, so it may be an asynchronous
    generator that claims what is due. An error that it raises is raised here, after what was in flight has
    been given back. Closing the generator (or leaving `async for` and closing) cancels what is in flight.
    """
    puller = _Puller(door, in_flight, waiting, until, sure)
    feeder = asyncio.create_task(puller.feed(requests))
    try:
        while (result := await puller.results.get()) is not None:
            puller.room.release()
            yield result
        await feeder
    finally:
        feeder.cancel()
        for lane in list(puller.lanes):
            lane.cancel()
        await asyncio.gather(feeder, *puller.lanes, return_exceptions=True)


class _Puller:
    def __init__(
        self, door: Door, in_flight: int, waiting: int, until: float, sure: Callable[[], bool]
    ) -> None:
        self.door = door
        self.until, self.sure = until, sure
        self.slots = asyncio.Semaphore(in_flight)
        self.room = asyncio.Semaphore(max(waiting, in_flight))
        # Bodies wait here for whoever reads them: few, since each may have `max_bytes`. A slot is held until then.
        self.results: asyncio.Queue[Result | None] = asyncio.Queue(maxsize=max(1, in_flight // 4))
        self.queues: dict[str, deque[Waiting]] = defaultdict(deque)
        self.busy: dict[str, int] = defaultdict(int)
        self.rested_at: dict[str, float] = {}
        self.lanes: set[asyncio.Task[None]] = set()

    async def feed(self, requests: Iterable[Request] | AsyncIterable[Request]) -> None:
        """Takes requests while there is room; ends the results when all lanes are done, also if the source broke."""
        broken: Exception | None = None
        try:
            await self._take(requests)
        except Exception as error:
            broken = error
        while self.lanes:
            await asyncio.wait(self.lanes)
        await self.results.put(None)
        if broken:
            raise broken

    async def _take(self, requests: Iterable[Request] | AsyncIterable[Request]) -> None:
        source = requests if isinstance(requests, AsyncIterable) else _each(requests)
        try:
            await self.room.acquire()
            async for request in source:
                self._enqueue(_host(request.url), (request, None))
                await self.room.acquire()
        finally:
            if isinstance(source, AsyncGenerator):
                await source.aclose()  # it may hold a claim, and should not wait for the garbage collector

    def _enqueue(self, host: str, waiting: Waiting) -> None:
        self.queues[host].append(waiting)
        if self.busy[host] < self.door.limits.per_host:
            self.busy[host] += 1
            lane = asyncio.create_task(self._lane(host))
            self.lanes.add(lane)
            lane.add_done_callback(self.lanes.discard)

    async def _lane(self, host: str) -> None:
        queue = self.queues[host]
        while queue:
            request, onward = queue.popleft()
            await self._rest(host, str(onward.url) if onward else request.url)
            async with self.slots:
                result = await self._look(host, request, onward)
                if isinstance(result, Onward):
                    self._enqueue(result.host, (request, result))
                else:
                    await self.results.put((request, result))
        self.busy[host] -= 1
        if not self.busy[host]:  # a worker that lives for months must not remember every host
            del self.busy[host], self.queues[host]

    async def _look(
        self, host: str, request: Request, onward: Onward | None
    ) -> Answer | Failure | NotBegun | Onward:
        if time.monotonic() >= self.until or not self.sure():
            return NotBegun.TIME_IS_UP
        result = await self.door.go_on(request, onward)
        if request.next_page is not None and isinstance(result, Answer):
            return await self._with_next_pages(host, request, result)
        return result

    async def _with_next_pages(self, host: str, request: Request, first: Answer) -> Answer | Failure:
        """The first page with those that follow it in `more`. One that fails is the result: half an answer would
        pass for the whole. A link to another host is left alone, since the headers may hold a key."""
        assert request.next_page is not None
        pages, until = [first], time.monotonic() + PAGES_SECONDS
        while pages[-1].status == 200 and len(pages) < MAX_PAGES and time.monotonic() < until:
            url = request.next_page(pages[-1])
            if not url or not _same_origin(url, request.url):
                break
            await self._rest(host, url)
            page = replace(request, url=url, etag="", last_modified="", validated_url="")
            result = await self.door.look(page)
            if isinstance(result, Failure) or result.status != 200:
                return result
            pages.append(result)
        size, elapsed = sum(each.bytes for each in pages), sum(each.elapsed_ms for each in pages)
        return replace(first, more=tuple(pages[1:]), bytes=size, elapsed_ms=elapsed)

    async def _rest(self, host: str, url: str) -> None:
        """Waits until the host may be asked again, and books the time after; not when nobody will be asked any more."""
        pause = self.door.pause_for(url)
        now = time.monotonic()
        if pause <= 0 or now >= self.until:
            return
        start = max(now, self.rested_at.get(host, now))
        if len(self.rested_at) > 10_000:
            self.rested_at = {name: at for name, at in self.rested_at.items() if at > now}
        self.rested_at[host] = start + pause
        if start > now:
            await asyncio.sleep(min(start, self.until) - now)


def _host(url: str) -> str:
    try:
        return read_url(url).host or ""
    except BadAddress:
        return ""


def _same_origin(url: str, other: str) -> bool:
    try:
        return origin(read_url(url)) == origin(read_url(other))
    except BadAddress:
        return False


async def _each(requests: Iterable[Request]) -> AsyncGenerator[Request, None]:
    for request in requests:
        yield request
