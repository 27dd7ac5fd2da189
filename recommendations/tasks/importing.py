"""Judging and applying the imports that wait for a worker, and writing down meanwhile how far that has come."""

import logging
import threading
import time
import uuid
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from recommendations.actions import import_works
from recommendations.actions.import_works import Lost
from recommendations.actions.refusals import Refused
from recommendations.models import ImportWork
from recommendations.vocabulary import ImportPhase

log = logging.getLogger(__name__)

KEPT_EVERY = 1.0
"""Seconds between two writings of how far it has come."""

MORE_SECONDS = 60.0
"""A task that has worked for so long begins no other import."""

LONGEST_SECONDS = 3600
"""Celery ends a task after this long. Its message may well come back before: it then finds the lease held."""

DATABASE_AWAY = (OperationalError, InterfaceError)


@shared_task(ignore_result=True, time_limit=LONGEST_SECONDS)
def work_on_imports() -> int:
    """Judge and apply what waits, the longest waiting first; how many were worked on."""
    number, until = 0, time.monotonic() + MORE_SECONDS
    while time.monotonic() < until:
        work = import_works.claim(lease=uuid.uuid4(), now=timezone.now())
        if work is None:
            break
        number += 1
        work_on(work)
    return number


def work_on(work: ImportWork, *, lasting: timedelta = import_works.LEASE) -> None:
    """Do what was claimed; whatever happens is written down, or somebody else's to write down."""
    started = time.perf_counter()
    try:
        if work.tries > import_works.TRIES:
            with override(work.language):
                detail = _("%(number)d workers have died over it, one after another.") % {
                    "number": work.tries - 1
                }
            import_works.give_up(work, rule="import_workers_died", detail=detail, now=timezone.now())
            ended = "given up"
        else:
            ended = _worked(work, lasting)
    except Lost:
        ended = "lost"
    seconds = round(time.perf_counter() - started, 3)
    extra: dict[str, Any] = {
        "event": "import",
        "import": work.batch_id,
        "task": work.task,
        "seconds": seconds,
    }
    log.info("import: %s", ended, extra=extra | {"ended": ended})


def _worked(work: ImportWork, lasting: timedelta) -> str:
    try:
        with Keeper(work, lasting) as keeper:
            import_works.work_on(work, clock=timezone.now, tell=keeper.tell, lasting=lasting)
        return "done"
    except DATABASE_AWAY:
        # Nothing was done; it is taken up again, a few times.
        log.exception("import %s: the database went away", work.batch_id)
        connection.close()
        import_works.give_back(work)
        return "given back"
    except Refused as refusal:
        import_works.give_up(work, rule=refusal.rule, detail=refusal.message, now=timezone.now())
        return refusal.rule
    except Lost:
        raise
    except Exception:
        log.exception("import %s could not be worked on", work.batch_id)
        with override(work.language):
            detail = _("Something went wrong here. It has been noted.")
        import_works.give_up(work, rule="error", detail=detail, now=timezone.now())
        return "error"


class Keeper:
    """Holds the lease of a work while its worker lives, and writes down how far it has come.

    In a thread of its own with a connection of its own: the work is one transaction, and nobody sees into that.
    """

    def __init__(self, work: ImportWork, lasting: timedelta) -> None:
        self.work, self.lasting = work, lasting
        self.come: tuple[str, int, int] = (ImportPhase.WAITING, 0, 0)
        self.lost, self.ended = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._keep, name=f"import-{work.batch_id}", daemon=True)

    def __enter__(self) -> "Keeper":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self.thread.join()

    def tell(self, phase: str, done: int, total: int) -> None:
        """What the work says of itself. Raises Lost when it was cancelled or taken over meanwhile."""
        self.come = (phase, done, total)
        if self.lost.is_set():
            raise Lost

    def _keep(self) -> None:
        try:
            while not self.lost.is_set():
                self._write()
                if self.ended.wait(KEPT_EVERY):
                    return
        finally:
            connection.close()

    def _write(self) -> None:
        try:
            held = import_works.keep(self.work, self.come, now=timezone.now(), lasting=self.lasting)
        except DATABASE_AWAY:
            log.warning("the database is away; the lease is not renewed", extra={"event": "database_away"})
            connection.close()
        else:
            if not held:
                self.lost.set()
