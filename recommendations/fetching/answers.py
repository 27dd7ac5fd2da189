"""What is asked of the door and what comes back: plain frozen values, nothing of the client library."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.5"


class FailureKind(StrEnum):
    """Why no answer came. The first two are our own doing; the rest is the network's or the server's."""

    REFUSED = "refused"  # the door: not a public address, not an allowed port
    BAD_URL = "bad_url"
    DNS = "dns"
    TLS = "tls"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    ROBOTS = "robots"  # the site's robots.txt asks us not to look
    ROBOTS_UNAVAILABLE = "robots_unavailable"  # it cannot be read now, so nobody may look (RFC 9309)
    RETRY_LATER = "retry_later"  # the host asked for a pause that is not over; it was not asked again
    UNREADABLE = "unreadable"  # not HTTP, or packed otherwise than it says


def agent(version: str, contact: str = "") -> str:
    """The User-Agent that names the tracker and whom to write to: `PolicyRecommendationTracker/1.0
    (+contact)`."""
    name = f"PolicyRecommendationTracker/{version}"
    return f"{name} (+{contact})" if contact else name


@dataclass(frozen=True)
class Limits:
    """How far the door opens. Times in seconds, sizes in bytes; `max_bytes` holds on the wire and
    unpacked."""

    user_agent: str
    allow_loopback: bool = False
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})
    max_redirects: int = 5
    max_bytes: int = 10 * 1024 * 1024
    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    total_seconds: float = 30.0
    per_host: int = 2
    host_pause_seconds: float = 1.0
    respect_robots: bool = True


@dataclass(frozen=True)
class Request:
    """One look to be had. `key` is the caller's own handle and comes back untouched.

    `etag` and `last_modified` are sent to `validated_url` only (default: `url`), the address they came from:
    after a redirect to somewhere else they would call a page unchanged that was never seen.

    `headers` may carry an API key: they are not shown in a repr, not kept in an answer, and not sent on when
    a redirect leaves the origin. `robots=False` is for documented APIs, which robots.txt is not about.

    `next_page` reads from an answer the address of the page that follows, as the register gives it ("" at the
    end); the puller then follows it, and the look is whole or fails.
    """

    url: str
    key: Any = None
    etag: str = ""
    last_modified: str = ""
    validated_url: str = ""
    accept: str = ACCEPT
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    max_bytes: int | None = None
    robots: bool = True
    next_page: "Callable[[Answer], str] | None" = field(default=None, repr=False)


RESERVED = frozenset(
    """accept-encoding connection content-encoding content-length content-type cookie expect host keep-alive
    proxy-authorization proxy-connection te trailer transfer-encoding upgrade user-agent""".split()  # noqa: SIM905 - a list would be one word a line
)
"""Headers that are the door's to write: with them a message could be cut in two, or pass for somebody else's."""


@dataclass(frozen=True)
class Message:
    """One body to be delivered by POST, to an address that somebody else gave us (a webhook).

    `headers` are the caller's own (a signature, an id), shown in no repr and kept in no answer; `key` is the
    caller's own handle. Raises ValueError for a header that is the door's to write, or that is none: that is the
    caller's mistake and not the receiver's.
    """

    url: str
    body: bytes = field(repr=False)
    key: Any = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name, value in [*self.headers.items(), ("Type", self.content_type)]:
            if name.lower() in RESERVED:
                raise ValueError(f"the header {name} is the door's to write")
            if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", name) or not re.fullmatch(
                r"[\x20-\x7e]{0,2000}", value
            ):
                raise ValueError(f"the header {name[:100]!r} is none, or its value is none")


@dataclass(frozen=True)
class Hop:
    """One redirect on the way: the address that sent us on, and with which status."""

    url: str
    status: int


@dataclass(frozen=True)
class Answer:
    """What a server answered, whatever its status.

    `headers` are the few worth keeping, in lower case. `body` is None for 304; for other failures (400 and
    up) it is cut at 64 KiB. `bytes` came over the wire. `retry_after` is in seconds. `downgraded` says that
    the way led from https to http. `more` holds the pages that followed, in their order (Request.next_page).
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes | None
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    redirects: tuple[Hop, ...] = ()
    bytes: int = 0
    elapsed_ms: int = 0
    not_modified: bool = False
    retry_after: float | None = None
    downgraded: bool = False
    more: "tuple[Answer, ...]" = ()

    @property
    def moved_to(self) -> str:
        """The new address if every redirect on the way was permanent (301, 308), else ""."""
        if self.redirects and all(hop.status in (301, 308) for hop in self.redirects):
            return self.final_url
        return ""


@dataclass(frozen=True)
class Failure:
    """Why a look brought no answer; `detail` is one English sentence without secrets."""

    url: str
    kind: FailureKind
    detail: str
    redirects: tuple[Hop, ...] = ()
    elapsed_ms: int = 0
    retry_after: float | None = None
