"""Each filter of the list of recommendations, and several together, today and at a moment of the past; comparing two
days; the overview. The goal is that the past costs at most GOAL times today."""

import os

from django.core.cache import cache
from django.test import Client, override_settings

from tests.bench import million
from tests.bench.api import BASE, get
from tests.bench.results import milliseconds, tell

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
GOAL = 4.0
THEN = "as_of=2018-06-30&known_at=2026-01-01"

FILTERS = [
    "",
    "source=S000010",
    "source=S040000",
    "theme=theme3",
    "theme=theme38",
    "theme=theme41",
    "addressee=body5",
    "addressee=body290",
    *(
        f"status={status}"
        for status in (
            "not_assessed",
            "unable_to_assess",
            "no_action",
            "in_progress",
            "partially_implemented",
            "substantially_implemented",
            "implemented",
            "met_by_other_means",
            "stalled",
            "reversed",
            "not_implemented",
        )
    ),
    "response=none",
    "response=accepted",
    "response=rejected",
    "open=true",
    "open=false",
    "contested=true",
    "contested=false",
    "overdue=true",
    "overdue=false",
    "stale=true",
    "stale=false",
    "priority=true",
    "due_before=2015-01-01",
    "due_after=2015-01-01",
    "due_after=2025-01-01",
    "issued_after=2015-01-01",
    "issued_before=1995-01-01",
    "q=hydroelectric",
    "q=laboratory",
    "q=enforcement",
    "status=in_progress&theme=theme3",
    "status=reversed&theme=theme3",
    "status=reversed&theme=theme38",
    "status=implemented&addressee=body5",
    "status=unable_to_assess&addressee=body290",
    "status=stalled&response=rejected",
    "status=implemented&open=false",
    "status=implemented&contested=true",
    "theme=theme3&response=accepted",
    "theme=theme38&open=false",
    "addressee=body5&overdue=true",
    "addressee=body290&contested=true",
    "theme=theme3&addressee=body5&status=in_progress",
    "q=laboratory&status=implemented",
    "q=enforcement&open=false",
    "q=hydroelectric&contested=true",
    "status=reversed&source=S000010",
    "response=accepted&overdue=true&open=true",
]


def run(number: int = ROWS, only: str = "") -> None:
    million.generate(number)
    limits = dict.fromkeys(("token", "person", "address"), 10**9)
    figures: dict[str, float] = {}
    with override_settings(API_REQUESTS_PER_MINUTE=limits):
        client = Client(SERVER_NAME="localhost")
        for asked in FILTERS:
            if only in asked:
                figures |= _compared(client, asked)
    over = {name: ratio for name, ratio in figures.items() if name.endswith(" ratio") and ratio > GOAL}
    worst = ", ".join(f"{name.removesuffix(' ratio')} {ratio:.1f}" for name, ratio in over.items()) or "none"
    tell(
        f"past_{number}", f"lists of the past that cost more than {GOAL:g} times today's: {worst}", **figures
    )


def _compared(client: Client, asked: str) -> dict[str, float]:
    cache.clear()
    address = f"{BASE}recommendations/?limit=100&level=all&{asked}"
    today = milliseconds(lambda: get(client, address), 5)
    then = milliseconds(lambda: get(client, f"{address}&{THEN}"), 5)
    counted = milliseconds(lambda: get(client, f"{address}&{THEN}&include=count"), 1)
    print(
        f"{then / today:6.1f} times  {today:8.1f} -> {then:8.1f}, with its count {counted:8.1f} ms  {asked}",
        flush=True,
    )
    return {
        f"{asked} today": today,
        f"{asked} then": then,
        f"{asked} counted": counted,
        f"{asked} ratio": then / today,
    }
