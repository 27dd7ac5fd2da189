"""How a connection is made, and where the promise of http.py is kept.

aiohttp calls `socket_factory` with the very address of every connection, literal or resolved, at every
redirect. Its resolver, in contrast, is never asked for a literal, so a filter there alone would let
http://127.0.0.1 through.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

from .addresses import Refused, check_connection
from .answers import Limits
from .bodies import Unreadable

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Host and port in, address literals out; OSError when the name is not known."""

DNS_THREADS = 64
"""A name server that hangs holds a thread, not the others' look-ups: the loop's own pool has six on a small
machine."""


class GuardedResolver(AbstractResolver):
    """Resolves afresh for each connection and refuses a name if *any* of its addresses is not allowed."""

    def __init__(self, limits: Limits, lookup: Lookup | None = None) -> None:
        self.limits = limits
        self.lookup = lookup or self._system_lookup
        self.threads = ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = await self.lookup(host, port)
        if not addresses:
            raise OSError(f"{host} has no address")
        for address in addresses:
            check_connection(address, port, self.limits.ports, self.limits.allow_loopback)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def _system_lookup(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self.threads,
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG),
        )
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    async def close(self) -> None:
        self.threads.shutdown(wait=False, cancel_futures=True)


MOST_HINTS = 16
"""Answers that only announce the answer (100 Continue, 103 Early Hints): servers send one or none."""


class _Handler(ResponseHandler):
    """Gives up on a server that announces for ever: an announcement takes longer to read than to send, and the loop
    has others to serve. The library has no limit of its own."""

    hints = 0

    def set_response_params(self, **params: Any) -> None:
        self.hints = 0
        super().set_response_params(**params)

    def feed_data(self, data: Any, size: int = 0) -> None:
        if data[0].code < 200:
            self.hints += 1
        if self.hints <= MOST_HINTS:
            super().feed_data(data, size)
        elif self.exception() is None:
            self.set_exception(Unreadable("the server announces an answer again and again"))
            if self.transport is not None:
                self.transport.abort()


def connector(limits: Limits, lookup: Lookup | None) -> aiohttp.TCPConnector:
    """A connector none of whose sockets leads where `limits` does not allow."""

    def guarded_socket(info: Any) -> socket.socket:
        family, kind, protocol, _name, sockaddr = info
        check_connection(str(sockaddr[0]), sockaddr[1], limits.ports, limits.allow_loopback)
        if len(sockaddr) > 3 and sockaddr[3]:
            raise Refused(f"{sockaddr[0]} has a zone")
        return socket.socket(family, kind, protocol)

    made = aiohttp.TCPConnector(
        limit=0,  # how many looks are in flight is the puller's to say
        resolver=GuardedResolver(limits, lookup),
        use_dns_cache=False,
        socket_factory=guarded_socket,
        ssl=_tls_context(),
    )
    # There is no public way to say who reads a connection; ours is a kind of the library's.
    made._factory = partial(_Handler, loop=asyncio.get_running_loop())  # type: ignore[assignment]
    return made


@cache  # reading the authorities takes longer than a look, and each sweep opens a door
def _tls_context() -> ssl.SSLContext:
    """The system's trusted authorities; certifi's where the system has none (a bare container)."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not paths.capath:
        context.load_verify_locations(certifi.where())
    context.hostname_checks_common_name = False  # only the names that a certificate is for (RFC 9525)
    return context
