"""What a sweep costs with very many checks of which few are due; the goal is under 50 ms.

Claims are timed alone and as a worker makes them: until nothing is due, with the hosts whose hands are full left
alone, while 200 checks are under another worker's lease. BENCH_SWEEP sets another number of checks.
"""

import os
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from recommendations.actions import leases
from recommendations.queries import health
from recommendations.tasks.looking import CLAIM_AT_ONCE
from tests.bench.results import milliseconds, tell
from tests.bench.rows import CHECKS, make

NUMBER, DUE, GOAL_MS = int(os.environ.get("BENCH_SWEEP", "1000000")), 2_000, 50.0


class _Undo(Exception):
    """Thrown to give the claimed checks back, so that each claim finds the same rows due."""


def run() -> None:
    make(CHECKS, number=NUMBER, due=DUE)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) recommendations_statuscheck")

    def claim() -> None:
        try:
            with transaction.atomic():
                taken = leases.claim(
                    lease=uuid4(),
                    now=timezone.now(),
                    limit=CLAIM_AT_ONCE,
                    live=True,
                    per_host=4,
                    leave=["x.example"],
                )
                assert len(taken) == CLAIM_AT_ONCE
                raise _Undo
        except _Undo:
            pass

    taken = milliseconds(claim)
    assert len(leases.claim(lease=uuid4(), now=timezone.now(), limit=200, live=True)) == 200
    beside = milliseconds(claim)
    measured = milliseconds(lambda: health.checks(now=timezone.now()))
    tell(
        "sweep",
        f"a claim of {CLAIM_AT_ONCE} among {NUMBER:,} checks, {DUE:,} due: {taken:.1f} ms"
        f" ({taken / GOAL_MS:.2f} of the goal), {beside:.1f} beside another worker; its metrics: {measured:.1f} ms",
        checks=NUMBER,
        due=DUE,
        milliseconds=taken,
        beside_another_milliseconds=beside,
        metrics_milliseconds=measured,
        ratio_to_goal=taken / GOAL_MS,
    )
