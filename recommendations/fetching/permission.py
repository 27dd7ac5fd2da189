"""Asking a site's robots.txt before looking, once for all the looks that wait for the same answer."""

import asyncio
from collections.abc import Awaitable, Callable

from yarl import URL

from .addresses import origin
from .answers import Answer, FailureKind, Request
from .failures import Stop, stop_for
from .robots import KEEP_FAILURE_SECONDS, KEEP_SECONDS, MAX_BYTES, UNREACHABLE, Rules, RulesStore, rules_from

SECONDS = 10.0
ALIKE = (FailureKind.REFUSED, FailureKind.BAD_URL, FailureKind.DNS, FailureKind.TLS, FailureKind.RETRY_LATER)
"""Where robots.txt fails so, the page itself would fail alike, and says more about why."""


class Permission:
    """What `agent` may look at, by the rules kept in `rules` or asked for with `ask` (raises what ended it)."""

    def __init__(self, rules: RulesStore, agent: str, ask: Callable[[Request], Awaitable[Answer]]) -> None:
        self.rules, self.agent, self.ask = rules, agent, ask
        self.asking: dict[str, asyncio.Task[Rules]] = {}

    async def check(self, url: URL) -> None:
        """Raises Stop unless the site lets us look at `url`."""
        place = origin(url)
        rules = self.rules.get(place)
        if rules is None:
            asking = self.asking.get(place)
            if asking is None:
                asking = self.asking[place] = asyncio.create_task(self._ask(url))
                asking.add_done_callback(lambda task: self._asked(place, task))
            # Others wait for the same answer: one who gives up must not end it.
            rules = await asyncio.shield(asking)
        if rules.text is None:
            detail = "the site's robots.txt cannot be read now"
            raise Stop(FailureKind.ROBOTS_UNAVAILABLE, detail, KEEP_FAILURE_SECONDS)
        if not rules.allows(str(url), self.agent):
            raise Stop(FailureKind.ROBOTS, "the site's robots.txt asks us not to look")

    def close(self) -> None:
        for asking in list(self.asking.values()):
            asking.cancel()

    def _asked(self, place: str, task: asyncio.Task[Rules]) -> None:
        self.asking.pop(place, None)
        if not task.cancelled():
            task.exception()  # taken note of: the look that asked may have timed out and gone

    async def _ask(self, url: URL) -> Rules:
        where = str(url.origin() / "robots.txt")
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self.ask(
                    Request(where, accept="text/plain", robots=False, max_bytes=MAX_BYTES)
                )
        except Exception as error:
            if stop_for(error).kind in ALIKE:
                raise
            rules = UNREACHABLE
        else:
            rules = rules_from(answer.status, answer.body or b"")
        self.rules.put(origin(url), rules, KEEP_FAILURE_SECONDS if rules.text is None else KEEP_SECONDS)
        return rules
