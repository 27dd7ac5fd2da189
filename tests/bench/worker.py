"""A worker as `celery worker` starts one: a process for each core, all of which look at what is due until nothing is."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from django.db import connections
from django.utils import timezone

from recommendations.models import CheckRun, StatusCheck
from recommendations.tasks import look_at_due

PROCESSES = os.cpu_count() or 1


@contextmanager
def worker() -> Iterator[Callable[[], None]]:
    """Yields what looks at all that is due and makes sure that each look is a run. The processes stand ready by then;
    they know the settings as these are now."""
    connections.close_all()  # what is forked must not share one
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("fork")) as pool:
        list(pool.map(_stand_ready, range(PROCESSES)))

        def record_all() -> None:
            before = CheckRun.objects.count()
            due = StatusCheck.objects.filter(next_due_at__lte=timezone.now()).count()
            recorded = sum(pool.map(_look, range(PROCESSES)))
            assert recorded == due == CheckRun.objects.count() - before, (
                f"{recorded} of {due} looks were recorded"
            )

        yield record_all


def _stand_ready(_number: int) -> None:
    StatusCheck.objects.exists()
    time.sleep(0.3)  # or the first process would take all of the greetings


def _look(_number: int) -> int:
    return look_at_due(live=True)
