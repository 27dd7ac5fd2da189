"""Validators that are known before an answer is made, so that what has not changed costs nearly nothing.

An ETag has two parts: the hash of the answer, and (for what all the public reads) a key of everything the answer is
made of: the revision of the record, the day, the language, the address and this release. An equal key means an equal
answer. The day stands for the clock: whether something is open, overdue or stale is judged by days.
"""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

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
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]


def refuse_known(request: Request, key: str) -> None:
    """Raises NotModified when the caller holds an answer made under this key."""
    for etag in _sent(request):
        if etag.endswith(f'-{key}"'):
            raise NotModified(etag)


def etag(content: bytes, key: str = "") -> str:
    """A strong validator of what is answered: its hash, and the key under which it was made."""
    told = hashlib.sha256(content).hexdigest()[:32]
    return f'"{told}-{key}"' if key else f'"{told}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the caller holds the same answer, under whatever key it was made."""
    return any(each == "*" or matches(each, etag) for each in _sent(request))


def matches(given: str, etag: str) -> bool:
    """Whether two ETags are of the same answer."""
    return _told(given) == _told(etag)


def _told(etag: str) -> str:
    return etag.strip().strip('"').partition("-")[0]


def _sent(request: Request) -> list[str]:
    return [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]


@cache
def _release() -> str:
    """A hash of this application: another release may answer the same question otherwise."""
    told = hashlib.sha256()
    for path in sorted([*CODE.rglob("*.py"), *CODE.rglob("*.mo")]):
        told.update(path.read_bytes())
    return told.hexdigest()
