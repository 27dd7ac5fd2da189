"""Validators that are known before an answer is made, so that what has not changed costs nearly nothing.

An ETag is the hash of the answer. For what all the public reads, a process remembers it under a key of everything the
answer is made of: the revision of the record, the day, the language, the address and this release. An equal key means
an equal answer. The day stands for the clock: whether something is open, overdue or stale is judged by days.

The key is told to nobody: the revision moves with what is internal as well, and an ETag must not.
"""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

from django.core.cache import BaseCache, caches
from django.utils.http import parse_etags
from django.utils.translation import get_language
from rest_framework.request import Request

from recommendations.queries.revisions import revision

CODE = Path(__file__).parents[1]


class NotModified(Exception):
    """What the caller has is what would be answered; `etag` is the one they hold."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def key(request: Request, *, now: datetime) -> str:
    """The key of an answer to this request, as the public may read it. One statement."""
    made_of = (revision(), now.date(), get_language(), request.build_absolute_uri(), _release())
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


def refuse_known(request: Request, key: str) -> None:
    """Raises NotModified when the caller holds the answer that this process has made under this key."""
    held = _remembered().get(key) if "If-None-Match" in request.headers else None
    if held is not None and is_known(request, held):
        raise NotModified(held)


def remember(key: str, etag: str) -> None:
    """What was answered under this key."""
    _remembered().set(key, etag)


def _remembered() -> BaseCache:
    return caches["validators"]


def etag(content: bytes) -> str:
    """A strong validator of what is answered: its hash."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the caller holds the same answer."""
    return any(each == "*" or matches(each, etag) for each in _sent(request))


def matches(given: str, etag: str) -> bool:
    """Whether two ETags are of the same answer."""
    return given.strip().strip('"') == etag.strip('"')


def _sent(request: Request) -> list[str]:
    return [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]


@cache
def _release() -> str:
    """A hash of this application: another release may answer the same question otherwise."""
    told = hashlib.sha256()
    for path in sorted([*CODE.rglob("*.py"), *CODE.rglob("*.mo")]):
        told.update(path.read_bytes())
    return told.hexdigest()
