"""Writing looks down while others are in flight: a hundred at once, or what there is after a quarter of a second."""

import asyncio
import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from recommendations.actions import leases, runs
from recommendations.actions.leases import Claimed
from recommendations.actions.runs import Looked
from recommendations.fetching.adapters import Look
from recommendations.models import CheckRun
from recommendations.vocabulary import Outcome

log = logging.getLogger(__name__)

AT_ONCE = 100
AFTER = 0.25
"""Seconds after which what has ended is written down, however little it is."""

DATABASE_AWAY = (OperationalError, InterfaceError)
TRY_FOR = 20.0
"""Seconds for which a database that is away is asked again: it may be starting anew. A commit of which we did not
hear is not repeated, for with it the lease went."""

QUIET = frozenset({Outcome.UNCHANGED, Outcome.FIRST_LOOK})
"""Outcomes of which a log of every look would drown the others; they are lines of level DEBUG."""

OnRun = Callable[[Claimed, CheckRun | None], None]


class Writer:
    """What has ended and is to be written down, and what is to be given back, under one lease.

    `done` is called for each claim that is done with, `on_run` for each look as well.
    """

    def __init__(self, lease: uuid.UUID, on_run: OnRun | None = None) -> None:
        self.lease, self.on_run = lease, on_run
        self.recorded = self.released = 0
        self.done: Callable[[Claimed], None] = lambda _claimed: None
        self._looked: list[Looked] = []
        self._unlooked: list[Claimed] = []
        self._closed: dict[str, datetime] = {}
        self._since = 0.0
        self._wake = asyncio.Event()
        self._over = False

    def add(self, looked: Looked) -> None:
        if not self._looked:
            self._since = time.monotonic()
            self._wake.set()
        self._looked.append(looked)
        if len(self._looked) >= AT_ONCE:
            self._wake.set()

    def give_back(self, claimed: Claimed, closed_until: datetime | None = None) -> None:
        """Not looked at; `closed_until`: because its host asked us to wait until then."""
        self._unlooked.append(claimed)
        if closed_until is not None:
            self._closed[claimed.host] = closed_until
            self._wake.set()

    def finish(self) -> None:
        """No more will come: `run` ends when all is written."""
        self._over = True
        self._wake.set()

    async def run(self) -> None:
        while True:
            await self._enough()
            batch, self._looked = self._looked[:AT_ONCE], self._looked[AT_ONCE:]
            self._since = time.monotonic()
            if batch:
                await self._write(batch)
            if self._unlooked and (self._closed or self._over or len(self._unlooked) >= AT_ONCE):
                await self._release()
            if self._over and not self._looked and not self._unlooked:
                return

    async def _enough(self) -> None:
        """Waits until there are enough, or the oldest has waited long enough, or no more will come."""
        while not (self._over or self._closed or len(self._looked) >= AT_ONCE):
            wait = self._since + AFTER - time.monotonic() if self._looked else None
            if wait is not None and wait <= 0:
                return
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                return

    async def _write(self, batch: list[Looked]) -> None:
        started = time.perf_counter()
        recorded = await sync_to_async(write_down)(batch)
        self.recorded += len(recorded)
        for looked in batch:
            self.done(looked.claimed)
            if self.on_run is not None:
                self.on_run(looked.claimed, _run(looked) if looked.claimed.pk in recorded else None)
        _log_batch(batch, recorded, time.perf_counter() - started)

    async def _release(self) -> None:
        unlooked, self._unlooked = self._unlooked, []
        closed, self._closed = self._closed, {}
        pks = [each.pk for each in unlooked]
        self.released += await sync_to_async(leases.release)(
            self.lease, pks, now=timezone.now(), closed=closed
        )
        for claimed in unlooked:
            self.done(claimed)
        log.info("given back", extra={"event": "release", "checks": len(pks), "closed_hosts": sorted(closed)})


def write_down(batch: Sequence[Looked]) -> set[int]:
    """Record these looks, together if that goes and else one by one; the numbers of the checks recorded.

    A look that cannot be written down, whatever a server sent, loses none of its neighbours, and is recorded as one
    that failed. While the database is away it is asked again for a while; then its error is raised.
    """
    until = time.monotonic() + TRY_FOR
    while True:
        try:
            return _write_down(batch)
        except DATABASE_AWAY:
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            log.warning("the database is away; %d looks wait", len(batch), extra={"event": "database_away"})
            connection.close()
            time.sleep(0.5)


def _write_down(batch: Sequence[Looked]) -> set[int]:
    now = timezone.now()
    try:
        return runs.record(batch, now=now)
    except DATABASE_AWAY:
        raise
    except Exception:
        log.exception("a batch of %d looks could not be written down together", len(batch))
    recorded: set[int] = set()
    for looked in batch:
        try:
            recorded |= runs.record([looked], now=now)
        except DATABASE_AWAY:
            raise
        except Exception as error:
            log.exception("check %s: its look could not be written down", looked.claimed.pk)
            recorded |= runs.record([_failed(looked, error)], now=now)
    return recorded


def _failed(looked: Looked, error: Exception) -> Looked:
    note = f"what it brought could not be written down: {type(error).__name__}"
    exchange = replace(looked.exchange, final_url="", content_type="")
    return replace(
        looked, look=Look(Outcome.FAILED, looked.claimed.memory, note=note), exchange=exchange, raw=None
    )


def _run(looked: Looked) -> CheckRun:
    """The run as it was written, for whoever follows the pull; without its number."""
    return CheckRun(
        status_check_id=looked.claimed.pk,
        due_at=looked.claimed.due_at,
        finished_at=looked.finished_at,
        outcome=looked.look.outcome,
        http_status=looked.exchange.http_status,
        final_url=looked.exchange.final_url,
        size=looked.exchange.size,
        elapsed_ms=looked.exchange.elapsed_ms,
        detail=looked.look.note,
    )


def _log_batch(batch: Sequence[Looked], recorded: set[int], seconds: float) -> None:
    outcomes = Counter(str(each.look.outcome) for each in batch if each.claimed.pk in recorded)
    log.info(
        "looks written down",
        extra={
            "event": "batch",
            "looks": len(batch),
            "recorded": len(recorded),
            "taken_over": len(batch) - len(recorded),
            "outcomes": dict(outcomes),
            "milliseconds": round(seconds * 1000, 1),
        },
    )
    for looked in batch:
        level = logging.DEBUG if looked.look.outcome in QUIET else logging.INFO
        if log.isEnabledFor(level):
            log.log(level, "look", extra=_line(looked, looked.claimed.pk in recorded))


def _line(looked: Looked, recorded: bool) -> dict[str, object]:
    return {
        "event": "run",
        "check": looked.claimed.pk,
        "kind": looked.claimed.kind,
        "host": looked.claimed.host,
        "due_at": looked.claimed.due_at.isoformat(),
        "outcome": str(looked.look.outcome),
        "http_status": looked.exchange.http_status,
        "bytes": looked.exchange.size,
        "milliseconds": looked.exchange.elapsed_ms,
        "found": len(looked.look.found),
        "detail": looked.look.note,
        "recorded": recorded,
    }
