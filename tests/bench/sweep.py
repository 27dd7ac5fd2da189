"""What a sweep costs with very many checks of which few are due; the goal is under 50 ms."""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from recommendations.actions import runs
from tests.bench.results import milliseconds, tell
from tests.bench.rows import CHECKS, make

NUMBER, DUE, GOAL_MS = 1_000_000, 2_000, 50.0


class _Undo(Exception):
    """Thrown to give the claimed checks back, so that each claim finds the same rows due."""


def run() -> None:
    make(CHECKS, number=NUMBER, due=DUE)

    def claim() -> None:
        try:
            with transaction.atomic():
                taken = runs.claim(lease=uuid4(), now=timezone.now(), limit=50, live=True)
                assert len(taken) == 50
                raise _Undo
        except _Undo:
            pass

    taken = milliseconds(claim)
    tell(
        "sweep",
        f"a claim of 50 among {NUMBER:,} checks, {DUE:,} due: {taken:.1f} ms ({taken / GOAL_MS:.2f} of the goal)",
        checks=NUMBER,
        due=DUE,
        milliseconds=taken,
        ratio_to_goal=taken / GOAL_MS,
    )
