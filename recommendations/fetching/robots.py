"""robots.txt (RFC 9309): whether a site lets us look, and how often.

The rules are kept by origin for a while; where they are kept is the caller's to say (a process's memory by
default), since a fleet of workers may share them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from protego import Protego

MAX_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 kibibytes; what is longer is read up to here."""

KEEP_SECONDS = 24 * 3600
KEEP_FAILURE_SECONDS = 600
"""How long rules stand before they are asked for again; an unreachable robots.txt is asked again sooner."""

MAX_CRAWL_DELAY = 30.0
"""Seconds. A site may ask for more; one look then simply follows another after half a minute."""


@dataclass(frozen=True)
class Rules:
    """What an origin's robots.txt says. `text` is None when it could not be had: then nobody may look (RFC
    9309, 2.3.1.4)."""

    text: str | None

    def allows(self, url: str, agent: str) -> bool:
        if not self.text:
            return self.text is not None
        return parsed(self.text).can_fetch(url, agent)

    def crawl_delay(self, agent: str) -> float:
        """Seconds asked for between two looks; 0.0 where nothing is asked."""
        if not self.text or "crawl-delay" not in self.text.lower():
            return 0.0
        return min(float(parsed(self.text).crawl_delay(agent) or 0.0), MAX_CRAWL_DELAY)


ALLOW_ALL = Rules("")
UNREACHABLE = Rules(None)

MOST_PARSED = 1_000_000
"""Characters of the texts whose rules are kept ready: half a megabyte of rules takes eight to hold."""

_parsed: dict[str, Protego] = {}


def parsed(text: str) -> Protego:
    """The rules of one text. Kept, because most hosts have the same few texts and each is asked many
    times."""
    rules = _parsed.get(text)
    if rules is None:
        rules = Protego.parse(text)
        if len(text) + sum(map(len, _parsed)) > MOST_PARSED:
            _parsed.clear()
        _parsed[text] = rules
    return rules


class RulesStore(Protocol):
    """Where rules are kept between looks."""

    def get(self, origin: str) -> Rules | None: ...

    def put(self, origin: str, rules: Rules, seconds: float) -> None: ...


MOST_KEPT = 32_000_000
"""Characters of all texts kept: a worker that lives for months must not grow for months."""


class RulesInMemory:
    """Rules kept in this process, the oldest given up for the newest. `clock` is monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.kept: dict[str, tuple[float, Rules]] = {}
        self.size = 0

    def get(self, origin: str) -> Rules | None:
        until, rules = self.kept.get(origin, (0.0, None))
        return rules if self.clock() < until else None

    def put(self, origin: str, rules: Rules, seconds: float) -> None:
        self._forget(origin)
        size = len(rules.text or "")
        while self.kept and (len(self.kept) >= 5_000 or self.size + size > MOST_KEPT):
            self._forget(next(iter(self.kept)))
        self.size += size
        self.kept[origin] = (self.clock() + seconds, rules)

    def _forget(self, origin: str) -> None:
        if origin in self.kept:
            self.size -= len(self.kept.pop(origin)[1].text or "")


def rules_from(status: int, body: bytes) -> Rules:
    """RFC 9309, 2.3.1: 4xx means no rules, 5xx that they cannot be had. A last line that was cut is left out."""
    if status >= 500:
        return UNREACHABLE
    if status >= 400:
        return ALLOW_ALL
    if len(body) >= MAX_BYTES:
        body = body[: body.rfind(b"\n") + 1]
    return Rules(body.decode("utf-8", "replace").replace("\x00", ""))
