"""A web of many hosts, of which some misbehave, in a process of its own: `python -m tests.faults.web HOSTS FOLDER`.

Each host is an address of loopback (127.1.0.1, 127.1.0.2 ...), all on one port, which is written to FOLDER/port.
How a host behaves follows from its number. When it is ended it writes FOLDER/asked.json: for each host, when each
request came and when it was over, so that whoever reads it can tell how many were under way at once.
"""

import asyncio
import json
import signal
import struct
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET

Behaviour = Callable[[str, asyncio.StreamWriter], Awaitable[None]]

GIVES_UP = 12.0
"""Seconds after which a server that hangs or drips closes the connection: longer than a look, shorter than a lease.
What a frozen worker had asked is over by the time that others take its checks."""

PARAGRAPH = (
    "<p>The department reported on step %s of its plan, and the committee took note of it in public.</p>"
)


def address(number: int) -> str:
    """The host with that number, from 0."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def answer(target: str, status: str = "200 OK", more: str = "", declared: int | None = None) -> bytes:
    body = f"<html><main><h1>Page {target}</h1>{PARAGRAPH % target * 3}</main></html>".encode()
    length = len(body) if declared is None else declared
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n"
    )
    return f"{head}{more}\r\n".encode() + body


async def quick(target: str, to: asyncio.StreamWriter) -> None:
    to.write(answer(target))


async def slow(target: str, to: asyncio.StreamWriter) -> None:
    await asyncio.sleep(1.0)
    to.write(answer(target))


async def broken(target: str, to: asyncio.StreamWriter) -> None:
    to.write(answer(target, "500 Internal Server Error"))


async def closed_for_now(target: str, to: asyncio.StreamWriter) -> None:
    to.write(answer(target, "503 Service Unavailable", "Retry-After: 1\r\n"))


async def hanging(target: str, to: asyncio.StreamWriter) -> None:
    await asyncio.sleep(GIVES_UP)


async def resetting(target: str, to: asyncio.StreamWriter) -> None:
    to.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    to.transport.abort()


async def dripping(target: str, to: asyncio.StreamWriter) -> None:
    to.write(answer(target, declared=1_000_000))
    for _drop in range(int(GIVES_UP / 0.2)):
        await asyncio.sleep(0.2)
        to.write(b"<p>")


async def cut_short(target: str, to: asyncio.StreamWriter) -> None:
    to.write(answer(target, declared=1_000_000))


async def not_http(target: str, to: asyncio.StreamWriter) -> None:
    to.write(b"220 mail.example ESMTP ready\r\n")


MISBEHAVIOURS: tuple[Behaviour, ...] = (
    hanging,
    slow,
    broken,
    closed_for_now,
    resetting,
    dripping,
    cut_short,
    not_http,
)


def behaviour(number: int) -> Behaviour:
    """Of 24 hosts in a row 8 misbehave, each in another way."""
    place = number % 24
    return MISBEHAVIOURS[place] if place < len(MISBEHAVIOURS) else quick


class Web:
    def __init__(self, hosts: int) -> None:
        self.numbers = {address(number): number for number in range(hosts)}
        self.asked: dict[str, list[tuple[float, float]]] = defaultdict(list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer. It is over when it is answered, or when whoever asked has gone."""
        host = writer.get_extra_info("sockname")[0]
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            return
        began = time.time()
        answering = asyncio.create_task(self._answer(host, head.split(b" ", 2)[1].decode(), writer))
        gone = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait([answering, gone], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.asked[host].append((began, time.time()))
            for task in (answering, gone):
                task.cancel()
            await asyncio.gather(answering, gone, return_exceptions=True)
            writer.close()

    async def _answer(self, host: str, target: str, writer: asyncio.StreamWriter) -> None:
        if target == "/robots.txt":
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            await behaviour(self.numbers[host])(target, writer)
        if not writer.is_closing():
            await writer.drain()


async def main(hosts: int, folder: Path) -> None:
    web, stopped = Web(hosts), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_server(web.serve, address(0), 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    rest = [address(number) for number in range(1, hosts)]
    others = await asyncio.start_server(web.serve, rest, port, backlog=1024)
    (folder / "port.part").write_text(str(port))
    (folder / "port.part").rename(folder / "port")
    await stopped.wait()
    (folder / "asked.json").write_text(json.dumps(web.asked))
    server.close()
    others.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
