"""Workers at imports: many at once, killed and frozen in the middle, seen from outside. Real processes and leases."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from recommendations.actions import import_works
from recommendations.models import (
    Event,
    ImportPiece,
    ImportRow,
    ImportWork,
    Notification,
    Recommendation,
)
from recommendations.tasks import importing, work_on_imports
from tests import factories
from tests.test_two_workers import together
from tracker.embedded.paths import PROJECT

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 15_000

WORKER = """
import json, sys, uuid
from datetime import timedelta
import django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from django.utils import timezone
from recommendations.actions import import_works
from recommendations.tasks import importing
importing.KEPT_EVERY = 0.05
lasting = timedelta(seconds=float(sys.argv[2]))
work = import_works.claim(lease=uuid.uuid4(), now=timezone.now(), lasting=lasting)
importing.work_on(work, lasting=lasting)
"""


@pytest.fixture
def manager():
    factories.source(code="REP")
    return factories.user("manager")


def bring(by, rows=ROWS):
    lines = "".join(f"REP-{number},REP,Title {number},{'Do it. ' * 20}\n" for number in range(rows))
    file = io.BytesIO(f"code,source,title,summary\n{lines}".encode())
    return import_works.bring(file, format="csv", filename="rows.csv", by=by, now=timezone.now(), later=True)


class Worker:
    """A process that takes what waits; `until` waits for a phase and acts on it."""

    def __init__(self, lasting: float) -> None:
        command = [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], str(lasting)]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings", "LOG_LEVEL": "INFO"}
        self.process = subprocess.Popen(
            command, env=environment, cwd=PROJECT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()

    def send_when(self, phase: str, number: int) -> None:
        until = time.monotonic() + 60
        while not ImportWork.objects.filter(phase=phase).exists():
            assert time.monotonic() < until, self.process.communicate(timeout=5)
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.01)
        self.process.send_signal(number)


def take_over():
    """Another worker, as often as beat would fire, until there is nothing left to do."""
    until = time.monotonic() + 60
    while ImportWork.objects.filter(ended_at=None).exists():
        assert time.monotonic() < until
        work_on_imports()
        time.sleep(0.1)


@pytest.mark.parametrize("phase", ["reading", "judging"])
def test_a_worker_killed_while_it_judges_leaves_nothing_and_another_takes_it_up(manager, phase):
    batch = bring(manager)
    with Worker(lasting=1.0) as worker:
        worker.send_when(phase, signal.SIGKILL)
        worker.process.wait()
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count(), ImportPiece.objects.count()) == ("waiting", 0, 3)
    assert work_on_imports() == 0, "its lease still stands"
    take_over()
    batch.refresh_from_db()
    assert (batch.state, batch.rows_new, batch.work.tries) == ("examined", ROWS, 2)
    assert ImportRow.objects.count() == ROWS
    assert Notification.objects.count() == 1


def test_a_worker_killed_while_it_applies_leaves_nothing_and_another_takes_it_up(manager):
    batch = bring(manager)
    work_on_imports()
    import_works.ask_to_apply(batch, by=manager, now=timezone.now())
    events = Event.objects.count()
    with Worker(lasting=1.0) as worker:
        worker.send_when("writing", signal.SIGKILL)
        worker.process.wait()
    assert (Recommendation.objects.count(), Event.objects.count()) == (0, events)
    take_over()
    batch.refresh_from_db()
    assert (batch.state, Recommendation.objects.count(), batch.work.tries) == ("applied", ROWS, 2)
    assert Event.objects.filter(verb="recommendation.created").count() == ROWS
    assert Event.objects.filter(verb="import.applied").count() == 1


@pytest.mark.parametrize(("task", "phase"), [("examine", "reading"), ("apply", "writing")])
def test_a_worker_frozen_until_another_has_done_it_does_nothing_any_more(manager, task, phase):
    batch = bring(manager)
    if task == "apply":
        work_on_imports()
        import_works.ask_to_apply(batch, by=manager, now=timezone.now())
    with Worker(lasting=1.0) as worker:
        worker.send_when(phase, signal.SIGSTOP)
        take_over()
        worker.process.send_signal(signal.SIGCONT)
        _out, said = worker.process.communicate(timeout=60)
    assert '"ended": "done"' not in said
    assert ImportRow.objects.count() == ROWS
    assert Notification.objects.count() == (2 if task == "apply" else 1)
    assert Recommendation.objects.count() == (ROWS if task == "apply" else 0)


def test_three_workers_at_once_and_beat_twice_do_it_once(manager):
    batch = bring(manager, rows=3_000)
    assert sum(together(work_on_imports, work_on_imports, work_on_imports)) == 1
    assert work_on_imports() == 0
    import_works.ask_to_apply(batch, by=manager, now=timezone.now())
    assert sum(together(work_on_imports, work_on_imports, work_on_imports)) == 1
    assert Recommendation.objects.count() == 3_000
    assert Event.objects.filter(verb="import.applied").count() == 1
    assert Notification.objects.count() == 2


def test_what_is_being_ended_is_not_claimed_and_nobody_waits_for_it(manager):
    batch = bring(manager, rows=10)
    import_works.claim(lease=uuid4(), now=timezone.now(), lasting=timedelta(0))
    with transaction.atomic():
        import_works.cancel(batch, by=manager, now=timezone.now())
        [claimed] = together(lambda: import_works.claim(lease=uuid4(), now=timezone.now()))
    assert claimed is None
    assert ImportWork.objects.get().phase == "cancelled"


def test_what_is_judged_can_be_called_off_and_is_seen_from_outside(manager, monkeypatch):
    monkeypatch.setattr(importing, "KEPT_EVERY", 0.02)
    batch = bring(manager)
    seen = []

    def look_and_cancel():
        until = time.monotonic() + 30
        while time.monotonic() < until:
            row = ImportWork.objects.get()
            if row.phase == "reading" and row.done:
                seen.append((row.done, row.total))
                if len(seen) == 3:
                    import_works.cancel(batch, by=manager, now=timezone.now())
                    return
            time.sleep(0.02)

    together(work_on_imports, look_and_cancel)
    batch.refresh_from_db()
    assert (batch.state, batch.work.phase) == ("cancelled", "cancelled")
    assert [total for _done, total in seen] == [batch.size] * 3
    assert 0 < seen[0][0] <= seen[-1][0] < batch.size
    assert (ImportRow.objects.count(), ImportPiece.objects.count()) == (0, 0)
