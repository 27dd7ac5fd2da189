"""Claims that hold each other up no longer than they must."""

import threading
import time
import uuid

import pytest
from django.db import DatabaseError, connection, connections

from recommendations.actions import leases
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_freezes_in_the_middle_of_a_claim_holds_nobody_up(monkeypatch):
    """It stops where it has the lock of all claims and has not claimed yet; PostgreSQL ends its session."""
    monkeypatch.setattr(leases, "FROZEN_AFTER", "300ms")
    check = factories.check()
    began, thawed, refused = threading.Event(), threading.Event(), []

    def frozen_at_claiming(execute, sql, *rest):
        if "FOR UPDATE OF c SKIP LOCKED" in sql:
            began.set()
            thawed.wait(20)
        return execute(sql, *rest)

    def freeze():
        with connection.execute_wrapper(frozen_at_claiming):
            try:
                leases.claim(lease=uuid.uuid4(), now=factories.NOW, limit=1, live=True)
            except DatabaseError as error:
                refused.append(error)
            finally:
                connections.close_all()

    worker = threading.Thread(target=freeze)
    worker.start()
    assert began.wait(20)
    started = time.monotonic()
    claimed = leases.claim(lease=uuid.uuid4(), now=factories.NOW, limit=1, live=True)
    assert [each.pk for each in claimed] == [check.pk]
    assert 0.1 < time.monotonic() - started < 15
    thawed.set()
    worker.join(20)
    assert len(refused) == 1
