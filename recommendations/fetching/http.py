"""The only door to the internet.

The promise: no byte is sent to an address that `addresses.check_connection` refuses. It is kept where a
socket is made (connections.py), so it holds for literals, for names, for every redirect and for a name that
answers differently the second time. Nothing is taken from the environment: no proxy, no netrc, no cookie.
Each limit of `Limits` has a test that runs into it.

aiohttp is the client because a look costs it a tenth of httpx's processor time.
"""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
from yarl import URL

from .addresses import AMBIGUOUS, BadAddress, origin, read_url
from .answers import Answer, Failure, FailureKind, Hop, Limits, Message, Request, agent
from .bodies import read_body, read_start
from .connections import Lookup, connector
from .failures import Stop, stop_for
from .headers import kept_headers, retry_after_seconds
from .permission import Permission
from .robots import RulesInMemory, RulesStore

__all__ = [
    "Answer",
    "Door",
    "Failure",
    "FailureKind",
    "Hop",
    "Limits",
    "Message",
    "Onward",
    "Request",
    "agent",
]

REDIRECTS = (301, 302, 303, 307, 308)
ERROR_BODY_BYTES = 64 * 1024
MAX_HEADER_LINE = 16_384
MAX_HEADERS = 128

Got = TypeVar("Got")


@dataclass
class _Trail:
    """Where a look has been so far; survives the exception that ends it."""

    hops: list[Hop] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)
    downgraded: bool = False
    one_host: bool = False
    start_only: bool = False

    def elapsed_ms(self) -> int:
        return round((time.perf_counter() - self.started) * 1000)


@dataclass(frozen=True)
class Onward:
    """A look that a redirect leads to another host: whose turn that is, is for the caller to say (`Door.go_on`)."""

    url: URL
    trail: _Trail
    elapsed_ms: int

    @property
    def host(self) -> str:
        return self.url.host or ""


class Door:
    """`async with Door(limits) as door: answer = await door.look(Request(url))`. One event loop, many looks.

    `lookup` replaces the system's resolver (tests); `rules` is where robots.txt is kept between looks.
    """

    def __init__(
        self, limits: Limits, *, lookup: Lookup | None = None, rules: RulesStore | None = None
    ) -> None:
        self.limits = limits
        self.rules: RulesStore = rules or RulesInMemory()
        self._lookup = lookup
        self._permission = Permission(self.rules, limits.user_agent, self._ask_start)
        self._closed_until: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=connector(self.limits, self._lookup),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=self.limits.connect_seconds, sock_read=self.limits.read_seconds
            ),
            max_line_size=MAX_HEADER_LINE,
            max_field_size=MAX_HEADER_LINE,
            max_headers=MAX_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._permission.close()
        await self._session.close()

    async def look(self, request: Request) -> Answer | Failure:
        """One look, redirects followed. Whatever the network does comes back as a value; nothing is
        raised."""
        trail = _Trail()
        result = await self._in_time(request.url, trail, self._follow(request, trail))
        assert not isinstance(result, Onward)
        return result

    async def go_on(self, request: Request, onward: Onward | None = None) -> Answer | Failure | Onward:
        """One look as far as one host: where a redirect leads to another, that is the answer, to be handed in again.

        A popular resolver or archive is led to from many hosts; this way it is asked as politely as any other. The
        limits on redirects hold for the whole way, the time for each host.
        """
        if onward is None:
            trail = _Trail(one_host=True)
            return await self._in_time(request.url, trail, self._follow(request, trail))
        trail = onward.trail
        trail.started = time.perf_counter() - onward.elapsed_ms / 1000
        return await self._in_time(request.url, trail, self._follow(request, trail, onward.url))

    async def post(self, message: Message) -> Answer | Failure:
        """One delivery by POST, within the limits of a look: the same addresses, ports, times and sizes.

        No redirect is followed: what is signed for one address is not for another to have, so a 301 comes back as
        the Answer, with its `location` in the headers. Of the answer's body only the first 64 KiB are read. A
        Retry-After is the caller's to honour, for the one receiver that sent it: many live on one host, and one that
        is overrun must not silence the others. robots.txt is not consulted: the receiver asked to be told. Nothing
        is sent twice. Whatever the network does comes back as a value; nothing is raised.
        """
        trail = _Trail()
        return await self._in_time(message.url, trail, self._deliver(message, trail))

    async def _in_time(self, url: str, trail: _Trail, work: Coroutine[Any, Any, Got]) -> Got | Failure:
        try:
            async with asyncio.timeout(self.limits.total_seconds):
                return await work
        except Exception as error:  # whatever it is: a hostile server must not end the loop over the others
            stop = stop_for(error)
            return Failure(
                url, stop.kind, stop.detail, tuple(trail.hops), trail.elapsed_ms(), stop.retry_after
            )

    def pause_for(self, url: str) -> float:
        """Seconds to leave between two looks at the host of `url`: our own pause, or the longer one it asks
        for."""
        if not self.limits.respect_robots:
            return self.limits.host_pause_seconds
        try:
            rules = self.rules.get(origin(read_url(url)))
        except BadAddress:
            return 0.0
        asked = rules.crawl_delay(self.limits.user_agent) if rules else 0.0
        return max(self.limits.host_pause_seconds, asked)

    async def _follow(self, request: Request, trail: _Trail, at: URL | None = None) -> Answer | Onward:
        first = read_url(request.url)
        url = at or first
        while True:
            self._check_pause(url)
            if request.robots and self.limits.respect_robots:
                await self._permission.check(url)
            headers = self._headers(request, url, first)
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                self._note_pause(url, response)
                location = response.headers.get("Location", "")
                if response.status not in REDIRECTS or not location:
                    return await self._answer(request, response, url, trail)
            trail.hops.append(Hop(str(url), response.status))
            if len(trail.hops) > self.limits.max_redirects:
                raise Stop(FailureKind.TOO_MANY_REDIRECTS, f"more than {self.limits.max_redirects} redirects")
            next_url = _next_url(url, location)
            trail.downgraded = trail.downgraded or (url.scheme == "https" and next_url.scheme == "http")
            if trail.one_host and next_url.host != url.host:
                return Onward(next_url, trail, trail.elapsed_ms())
            url = next_url

    async def _deliver(self, message: Message, trail: _Trail) -> Answer:
        url = read_url(message.url)
        headers = {**message.headers, **self._own_headers(), "Content-Type": message.content_type}
        async with self._session.post(
            url, data=message.body, headers=headers, allow_redirects=False
        ) as response:
            body, wire = await read_start(response, ERROR_BODY_BYTES)
            return self._told(message.url, response, url, trail, body, wire)

    async def _answer(
        self, request: Request, response: aiohttp.ClientResponse, url: URL, trail: _Trail
    ) -> Answer:
        body: bytes | None = None
        wire = 0
        if response.status >= 400:
            body, wire = await read_start(response, ERROR_BODY_BYTES)
        elif trail.start_only:
            body, wire = await read_start(response, request.max_bytes or self.limits.max_bytes)
        elif response.status >= 200 and response.status != 304:
            body, wire = await read_body(response, request.max_bytes or self.limits.max_bytes)
        return self._told(request.url, response, url, trail, body, wire)

    def _told(
        self,
        asked: str,
        response: aiohttp.ClientResponse,
        url: URL,
        trail: _Trail,
        body: bytes | None,
        wire: int,
    ) -> Answer:
        if response.status < 200:
            raise Stop(FailureKind.UNREADABLE, f"the server answered {response.status} and nothing more")
        kept = kept_headers(response.headers)
        return Answer(
            url=asked,
            final_url=str(url),
            status=response.status,
            headers=kept,
            body=body,
            content_type=response.content_type.lower() if "content-type" in kept else "",
            charset=response.charset or "",
            etag=kept.get("etag", ""),
            last_modified=kept.get("last-modified", ""),
            redirects=tuple(trail.hops),
            bytes=wire,
            elapsed_ms=trail.elapsed_ms(),
            not_modified=response.status == 304,
            retry_after=retry_after_seconds(response.headers),
            downgraded=trail.downgraded,
        )

    def _headers(self, request: Request, url: URL, first: URL) -> dict[str, str]:
        headers = {
            **self._own_headers(),
            "Accept": request.accept,
            "Accept-Language": "en, es;q=0.8, *;q=0.5",
        }
        if str(url) == (request.validated_url or str(first)):
            if request.etag:
                headers["If-None-Match"] = request.etag
            if request.last_modified:
                headers["If-Modified-Since"] = request.last_modified
        if origin(url) == origin(first):
            headers.update(request.headers)
        return headers

    def _own_headers(self) -> dict[str, str]:
        return {"User-Agent": self.limits.user_agent, "Accept-Encoding": "gzip, deflate"}

    def _check_pause(self, url: URL) -> None:
        remaining = self._closed_until.get(origin(url), 0.0) - time.monotonic()
        if remaining > 0:
            raise Stop(FailureKind.RETRY_LATER, "the host asked us to come back later", remaining)

    def _note_pause(self, url: URL, response: aiohttp.ClientResponse) -> None:
        """A 429 or 503 with Retry-After closes the host for everyone, not only for the look that met it."""
        if response.status in (429, 503) and (seconds := retry_after_seconds(response.headers)):
            self._closed_until[origin(url)] = time.monotonic() + seconds

    async def _ask_start(self, request: Request) -> Answer:
        """The answer with as much of its body as `max_bytes`; raises what ended it."""
        answer = await self._follow(request, _Trail(start_only=True))
        assert isinstance(answer, Answer)  # no trail of one host
        return answer


def _next_url(url: URL, location: str) -> URL:
    """Where `location` leads from `url`; judged like any other address."""
    location = location.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip(" \t")
    if AMBIGUOUS.search(location.partition("#")[0]):
        raise BadAddress("the redirect's address holds a control character or a backslash")
    try:
        target = url.join(URL(location))
    except (ValueError, UnicodeError) as error:
        raise BadAddress("the redirect's address cannot be read") from error
    return read_url(str(target))
