"""How many requests one caller may make: counted in windows of a minute, and announced in every answer.

One counter a caller in the cache, not a list of times: the usual throttle's list is read and written
whole on each request. The cache is each web process's own, so the limit is too.
"""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from recommendations.models import Token, User

WINDOW_SECONDS = 60


class Limit(BaseThrottle):
    """Limits by token, by person signed in, or by address, in this order."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.limit, caller = self._caller(request)
        window, passed = divmod(int(time.time()), WINDOW_SECONDS)
        self.reset = WINDOW_SECONDS - passed
        key = f"api-limit:{caller}:{window}"
        cache.add(key, 0, WINDOW_SECONDS * 2)
        used = _count(key)
        self.remaining = max(0, self.limit - used)
        view.limit = self  # type: ignore[attr-defined]
        return used <= self.limit

    def wait(self) -> float:
        return self.reset

    def announce(self, response: Response) -> None:
        response["RateLimit-Limit"] = str(self.limit)
        response["RateLimit-Remaining"] = str(self.remaining)
        response["RateLimit-Reset"] = str(self.reset)
        response["RateLimit-Policy"] = f"{self.limit};w={WINDOW_SECONDS}"

    def _caller(self, request: Request) -> tuple[int, Any]:
        rates: dict[str, int] = settings.API_REQUESTS_PER_MINUTE
        if isinstance(request.auth, Token):
            return rates["token"], f"token:{request.auth.pk}"
        if isinstance(request.user, User):
            return rates["person"], f"person:{request.user.pk}"
        return rates["address"], f"address:{self.get_ident(request)}"


def _count(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # the entry was put out of a full cache between the two calls
        cache.set(key, 1, WINDOW_SECONDS * 2)
        return 1
