"""How many requests one caller may make: counted in minutes, by all web processes together, and announced.

The count is kept in the database (actions/allowances.py), because that is there whenever anything can be answered
at all. A process takes leave for a few requests at once, and so most requests ask nobody.
"""

import threading
import time
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from recommendations.actions import allowances
from recommendations.api.authentication import caller
from recommendations.models import Token, User

WINDOW_SECONDS = 60

MOST_CALLERS = 10_000
"""Callers remembered by a process; beyond that those of earlier minutes are forgotten."""


@dataclass
class Leave:
    """What a process may still answer one caller in a minute, and what is left beyond that."""

    minute: int
    requests: int = 0
    left: int = 0
    ended: bool = False


@dataclass
class Leaves:
    """The leave that this process holds, by caller. Two threads may both take some: none is lost."""

    held: dict[str, Leave] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def use(self, name: str, limit: int, minute: int) -> tuple[bool, int]:
        """Whether one more request may be answered, and how many more after it."""
        leave = self._of(name, minute)
        with self.lock:
            if leave.requests:
                leave.requests -= 1
                return True, leave.requests + leave.left
            if leave.ended:
                return False, 0
        grant = allowances.take(
            _written(name), limit=limit, minute=minute
        )  # not under the lock: it asks the database
        with self.lock:
            leave.requests += grant.requests
            leave.left = grant.left
            leave.ended = not grant.requests
            if not leave.requests:
                return False, 0
            leave.requests -= 1
            return True, leave.requests + leave.left

    def _of(self, name: str, minute: int) -> Leave:
        with self.lock:
            leave = self.held.get(name)
            if leave is None or leave.minute != minute:
                if len(self.held) >= MOST_CALLERS:
                    self.held = {each: kept for each, kept in self.held.items() if kept.minute == minute}
                leave = self.held[name] = Leave(minute)
            return leave

    def clear(self) -> None:
        with self.lock:
            self.held.clear()


LEAVES = Leaves()


class Limit(BaseThrottle):
    """Limits by token, by person signed in, or by address, in this order."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.kind, name = self._caller(request)
        self.limit: int = settings.API_REQUESTS_PER_MINUTE[self.kind]
        if not self.limit:
            return True
        minute, passed = divmod(int(time.time()), WINDOW_SECONDS)
        self.reset = WINDOW_SECONDS - passed
        allowed, self.remaining = LEAVES.use(name, self.limit, minute)
        view.limit = self  # type: ignore[attr-defined]
        return allowed

    def wait(self) -> float:
        return self.reset

    def announce(self, response: Response) -> None:
        """As the IETF's draft has it, and as many clients knew it before."""
        response["RateLimit-Policy"] = f'"{self.kind}";q={self.limit};w={WINDOW_SECONDS}'
        response["RateLimit"] = f'"{self.kind}";r={self.remaining};t={self.reset}'
        response["RateLimit-Limit"] = str(self.limit)
        response["RateLimit-Remaining"] = str(self.remaining)
        response["RateLimit-Reset"] = str(self.reset)

    def _caller(self, request: Request) -> tuple[str, str]:
        if isinstance(request.auth, Token):
            return "token", caller(request)
        if isinstance(request.user, User):
            return "person", caller(request)
        return "address", f"address:{_network(self.get_ident(request))}"


def _network(address: Any) -> str:
    """The address, or of IPv6 the network of 64 bits that one subscriber has to themselves."""
    try:
        literal = ip_address(str(address))
    except ValueError:
        return str(address)
    if not isinstance(literal, IPv6Address):
        return str(literal)
    return str(literal.ipv4_mapped or ip_network((int(literal) >> 64 << 64, 64)))


def _written(name: str) -> str:
    kind, _colon, address = name.partition(":")
    return f"address:{allowances.masked(address)}" if kind == "address" else name
