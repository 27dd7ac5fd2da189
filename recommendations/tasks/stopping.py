"""Ending early: a person at the terminal has had enough."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

STOPPED_EVERY = 0.2
"""Seconds between two questions whether to stop."""

T = TypeVar("T")


async def until(stopped: Callable[[], bool], results: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The results until `stopped` comes true, which is asked meanwhile too: the next result may be long in coming."""
    coming: asyncio.Future[T | None] | None = None
    try:
        while not stopped():
            coming = coming or asyncio.ensure_future(anext(results, None))
            await asyncio.wait([coming], timeout=STOPPED_EVERY)
            if coming.done():
                result, coming = coming.result(), None
                if result is None:
                    return
                yield result
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await results.aclose()
