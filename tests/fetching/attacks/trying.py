"""Short ways to try one attack through a door of its own."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from recommendations.fetching import addresses, connections
from recommendations.fetching.http import Answer, Door, Failure, Limits, Message, Request

from .limits import DOOR
from .tables import Case


def outcome(result: Answer | Failure) -> Any:
    """What the tables name: the kind of a failure, the status of an answer."""
    return result.status if isinstance(result, Answer) else result.kind.value


def look(url: str, limits: Limits = DOOR, **door: Any) -> Answer | Failure:
    return through(lambda opened: opened.look(Request(url)), limits, **door)


def post(url: str, limits: Limits = DOOR, **door: Any) -> Answer | Failure:
    return through(lambda opened: opened.post(Message(url, b"{}")), limits, **door)


def through(deed: Callable[[Door], Any], limits: Limits, **door: Any) -> Any:
    async def run() -> Any:
        async with Door(limits, **door) as opened:
            return await deed(opened)

    return asyncio.run(run())


def resolver(case: Case) -> Callable[[str, int], Any]:
    """Numbers are read as the C library reads them, other names as the case says; nobody is asked."""

    async def lookup(host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            return [str(found[0][4][0])]
        except (OSError, UnicodeError):
            if case.more in ("", "nothing"):
                raise OSError(f"{host} is not known") from None
            return [case.more]

    return lookup


def counts_as_public(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Lets one loopback port stand for a public server, so that what it says is judged with loopback shut."""

    def check(address: str, asked: int, *rest: Any) -> None:
        if (address, asked) != ("127.0.0.1", port):
            addresses.check_connection(address, asked, *rest)

    monkeypatch.setattr(connections, "check_connection", check)
