"""Many addresses one after another: what each costs, and which cost much more than with 10,000 rows."""

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from tests.bench.results import milliseconds, tell

GOAL, NOISE_MS = 2.0, 20.0
"""How often the same may cost at a million; differences of so few milliseconds are noise."""

MOST_MS = 20_000
SMALL = 10_000


def walk(
    kind: str, number: int, client: Client, addresses: Iterable[tuple[str, str]], only: str = ""
) -> None:
    """Measure each (name, address) whose name has `only` in it, and tell the slowest and those that grew."""
    taken = {}
    for name, address in addresses:
        if only in name:
            taken[name] = _measured(client, address)
            print(f"{taken[name]:9.1f} ms  {name}", flush=True)
    _judge(kind, number, taken)


def _measured(client: Client, address: str) -> float:
    """The median of three; of what takes longer than MOST_MS that much."""

    def get() -> None:
        cache.clear()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(MOST_MS)])
    try:
        return milliseconds(get, 3)
    except OperationalError:
        return MOST_MS
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")


def _judge(kind: str, number: int, taken: dict[str, float]) -> None:
    before = Path(settings.TRACKER_VAR) / "bench" / f"{kind}_{SMALL}.json"
    small = json.loads(before.read_text()) if before.exists() and number != SMALL else {}
    over = [
        name
        for name, ms in taken.items()
        if ms > max(GOAL * small.get(name, ms), small.get(name, ms) + NOISE_MS)
    ]
    for name in over:
        print(
            f"{taken[name] / small[name]:6.1f} times what it costs at {SMALL:,}: {name}, {taken[name]:.0f} ms"
        )
    slowest = sorted(taken, key=lambda name: -taken[name])[:10]
    told = ", ".join(f"{name} {taken[name]:.0f}" for name in slowest)
    tell(
        f"{kind}_{number}",
        f"{len(taken)} addresses; {len(over)} cost more than {GOAL:g} times the same at {SMALL:,}; slowest (ms): {told}",
        **taken,
    )
