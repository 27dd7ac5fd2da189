"""A real web server on loopback for tests: pages that can be changed, and servers that misbehave.

It speaks HTTP/1.1 by hand, because a well-made server library refuses to be as rude as the internet is.

    with FakeWeb() as web:
        web.page("/law", "<html>...", etag='"1"')
        web.url("/law")        # http://127.0.0.1:<port>/law
        web.requests           # [Asked(method, target, headers, body), ...] in the order of arrival
"""

import asyncio
import gzip
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; header names in lower case, `target` and `body` as sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


Handler = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
"""Writes a whole answer, status line included. The connection is closed after it."""


@dataclass
class PageServed:
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    delay: float = 0.0


class FakeWeb:
    """Use as a context manager. Methods may be called from the test's thread at any time."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.requests: list[Asked] = []
        self.pages: dict[str, PageServed | Handler] = {}
        self.port = 0

    def __enter__(self) -> Self:
        started = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def url(self, path: str = "/", host: str = "") -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    def page(
        self,
        path: str,
        body: str | bytes = b"",
        *,
        status: int = 200,
        content_type: str = "text/html; charset=utf-8",
        headers: dict[str, str] | None = None,
        etag: str = "",
        delay: float = 0.0,
    ) -> str:
        """Serves `body` at `path` from now on (304 when the asker holds `etag`) and returns its address."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = PageServed(
            content, status, {"Content-Type": content_type, **(headers or {})}, etag, delay
        )
        return self.url(path)

    def redirect(self, path: str, to: str, status: int = 301) -> str:
        return self.page(path, status=status, headers={"Location": to})

    def packed(self, path: str, body: str) -> str:
        return self.page(path, gzip.compress(body.encode()), headers={"Content-Encoding": "gzip"})

    def at(self, path: str, handler: Handler) -> str:
        """Lets `handler` write whatever it likes."""
        self.pages[path] = handler
        return self.url(path)

    def remove(self, path: str) -> None:
        self.pages.pop(path, None)

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.requests if asked.target.split("?")[0] == path]

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, self.host, self.port))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0.01))
        self.loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await self._read(reader):
                self.requests.append(asked)
                served = self.pages.get(asked.target.split("?")[0])
                if callable(served):
                    await served(asked, writer)
                    await writer.drain()
                    return
                await self._answer(served or PageServed(b"not here", 404), asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has had enough
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Asked | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ", 2)
        pairs = (line.split(":", 1) for line in lines if ":" in line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return Asked(method, target, headers, body)

    async def _answer(self, page: PageServed, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if page.delay:
            await asyncio.sleep(page.delay)
        status, body = page.status, page.body
        if page.etag and asked.headers.get("if-none-match") == page.etag:
            status, body = 304, b""
        headers = {**page.headers, **({"ETag": page.etag} if page.etag else {})}
        lines = [f"HTTP/1.1 {status} Served", *(f"{name}: {value}" for name, value in headers.items())]
        if status != 304:
            lines.append(f"Content-Length: {len(body)}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        await writer.drain()
