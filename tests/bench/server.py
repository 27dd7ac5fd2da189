"""A web server on loopback that costs next to nothing, in a process of its own.

What a look costs is measured, so what serves it must not be what limits it. Each page is made once and written whole;
where that is asked for every answer takes some milliseconds, and one page in `SLOW_EVERY` takes `SLOW_SECONDS`.
`/page/N` is 46 kB of HTML; `/cached/N` the same with an ETag; `/robots.txt` is missing. Any host of 127/8 will do.
"""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

SLOW_EVERY, SLOW_SECONDS = 200, 2.0
HOSTS = 200
SENTENCES = " ".join(
    f"The agency reported step {number} of its plan to the committee." for number in range(60)
)


def page(number: int) -> bytes:
    """46 kB as a ministry serves them: menus, a script, the text itself, a foot."""
    menu = "".join(
        f'<li class="menu-item"><a href="/section/{each}">Section {each}</a></li>' for each in range(120)
    )
    text = "".join(f"<p>{SENTENCES}</p>" for _ in range(9))
    script = "var settings = {};" + "settings['key'] = 'value';" * 250
    return (
        f"<!doctype html><html><head><title>Report {number}</title><script>{script}</script></head><body>"
        f"<nav><ul>{menu}</ul></nav><main><h1>Report {number}</h1>{text}</main>"
        f"<footer>Contact the ministry</footer></body></html>"
    ).encode()


def slow_seconds(number: int) -> float:
    """One page of each `SLOW_EVERY` is slow, and each time on another host: whoever spares a host is not measured by it."""
    block, place = divmod(number, SLOW_EVERY)
    return SLOW_SECONDS if slow_pages and place == (block * 7 + SLOW_EVERY // 2) % SLOW_EVERY else 0.0


latency_seconds, slow_pages = 0.0, False
"""Set when the server starts."""


class Serving(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, self.rest = self.rest.split(b"\r\n\r\n", 1)
            self.answer(head)

    def answer(self, head: bytes) -> None:
        _method, target, _version = head.split(b"\r\n", 1)[0].split(b" ")
        _, folder, number = (target.split(b"?")[0] + b"/").split(b"/")[:3]
        if folder not in (b"page", b"cached") or not number.isdigit():
            self.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        tag = b'"v1-' + number + b'"'
        if folder == b"cached" and tag in head:
            answer = b"HTTP/1.1 304 Not Modified\r\nETag: " + tag + b"\r\n\r\n"
        else:
            answer = whole(int(number), tag if folder == b"cached" else b"")
        wait = slow_seconds(int(number)) or latency_seconds
        if wait:
            asyncio.get_running_loop().call_later(wait, self.write, answer)
        else:
            self.write(answer)

    def write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)


_made: dict[int, bytes] = {}


def whole(number: int, tag: bytes) -> bytes:
    body = _made.get(number % 500)
    if body is None:
        body = _made[number % 500] = page(number % 500)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n" % len(body)
    return head + (b"ETag: " + tag + b"\r\n" if tag else b"") + b"\r\n" + body


@contextlib.contextmanager
def serving(folder: Path, *, latency_ms: int = 0, slow: bool = False) -> Iterator[int]:
    """The server in a process of its own; its port. `slow`: some pages take two seconds."""
    told = folder / "bench-server-port"
    told.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server", str(told), str(latency_ms), str(int(slow))]
    )
    try:
        until = time.monotonic() + 20
        while not told.exists() or not told.read_text():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the benchmarks' web server did not start")
            time.sleep(0.05)
        yield int(told.read_text())
    finally:
        process.terminate()
        process.wait(10)


def addresses(port: int, number: int, folder: str = "page") -> list[str]:
    """So many addresses, spread over `HOSTS` hosts as a tracker's are over ministries and newspapers."""
    return [f"http://127.0.1.{each % HOSTS + 1}:{port}/{folder}/{each}" for each in range(number)]


async def serve(told: Path) -> None:
    server = await asyncio.get_running_loop().create_server(Serving, "0.0.0.0", 0, backlog=1000)
    told.write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    latency_seconds, slow_pages = int(sys.argv[2]) / 1000, sys.argv[3] == "1"
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Path(sys.argv[1])))
