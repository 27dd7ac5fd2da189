"""Short ways for the tests of this folder to open a door onto loopback and look through it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from recommendations.fetching.http import Answer, Door, Failure, Limits, Request, agent
from recommendations.fetching.pulling import looks

LIMITS = Limits(
    user_agent=agent("test", "tracker@example.org"),
    allow_loopback=True,
    connect_seconds=2,
    read_seconds=1,
    total_seconds=2,
    max_bytes=200_000,
    per_host=50,
    host_pause_seconds=0,
    respect_robots=False,
)


def look(request: Request | str, limits: Limits = LIMITS, **door: Any) -> Answer | Failure:
    """One look through a door of its own."""

    async def run() -> Answer | Failure:
        async with Door(limits, **door) as opened:
            return await opened.look(Request(request) if isinstance(request, str) else request)

    return asyncio.run(run())


def look_at_all(
    requests: Sequence[Request], limits: Limits = LIMITS, *, in_flight: int = 50, **door: Any
) -> list[tuple[Request, Answer | Failure]]:
    """Many looks through one door, in the order in which they ended."""

    async def run() -> list[tuple[Request, Answer | Failure]]:
        async with Door(limits, **door) as opened:
            return [result async for result in looks(opened, requests, in_flight=in_flight)]

    return asyncio.run(run())
