"""The servers of behaviours.yaml, in a process of their own, so that what they hold is not counted as ours.

    python -m tests.fetching.attacks.server     one line of JSON, {name: port}; ends with its standard input

A behaviour is a coroutine that is given the two streams of a connection, after a question has been read (unless it
`SPEAKS_FIRST`). Its name is that of the row with `_` for spaces. Those called robots misbehave at /robots.txt alone.
"""

import asyncio
import gzip
import json
import random
import socket
import struct
import sys
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from .limits import DOOR, MIB

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
Behaviour = Callable[[Reader, Writer], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n"
DEFLATE = OK + b"Content-Encoding: deflate\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"\r\n"
ROBOTS_OK = b"HTTP/1.1 404 No rules\r\nContent-Length: 0\r\n\r\n"

ZEROS = b"\0" * (64 * MIB)
BOMB, DEFLATED = gzip.compress(ZEROS, mtime=0), zlib.compress(ZEROS)
del ZEROS
PACKED = gzip.compress(b"<p>words</p>" * 100, mtime=0)
NOISE = random.Random(7).randbytes(100_000)

BEHAVIOURS: dict[str, Behaviour] = {}
SPEAKS_FIRST: set[str] = set()


def whole(head: bytes, body: bytes = b"") -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def behaves(name: str) -> Callable[[Behaviour], Behaviour]:
    def keep(behaviour: Behaviour) -> Behaviour:
        BEHAVIOURS[name] = behaviour
        return behaviour

    return keep


def says(name: str, *parts: bytes, then: str = "close", first: bool = False) -> None:
    """Sends these parts, and then closes, stays, ends its own side or resets."""

    async def behaviour(reader: Reader, writer: Writer) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
        if then == "stay":
            await asyncio.sleep(60)
        elif then == "end":
            writer.write_eof()
            await asyncio.sleep(60)
        elif then == "reset":
            await asyncio.sleep(0.05)
            connection: socket.socket = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    BEHAVIOURS[name] = behaviour
    if first:
        SPEAKS_FIRST.add(name)


def goes_on(name: str, start: bytes, piece: bytes, pause: float = 0.0) -> None:
    """Sends `start` and then `piece` for ever."""

    async def behaviour(reader: Reader, writer: Writer) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    BEHAVIOURS[name] = behaviour


def drips(name: str, text: bytes) -> None:
    """Sends `text` byte by byte, each in time for the limit between two bytes, and none for that of the whole."""

    async def behaviour(reader: Reader, writer: Writer) -> None:
        while True:
            for position in range(len(text)):
                writer.write(text[position : position + 1])
                await writer.drain()
                await asyncio.sleep(DOOR.read_seconds / 5)

    BEHAVIOURS[name] = behaviour


# Never ending, or ending late
goes_on("endless body", OK + END, b"x" * 65_536)
goes_on("endless chunks", OK + CHUNKED + END, chunk(b"x" * 32_768))
goes_on("endless tiny chunks", OK + CHUNKED + END, chunk(b"x") * 5_000)
goes_on("endless body of an error", b"HTTP/1.1 500 No\r\n\r\n", b"x" * 65_536)
goes_on("endless status line", b"HTTP/1.1 200 ", b"O" * 65_536)
goes_on("endless header", OK + b"X-Long: ", b"x" * 65_536)
goes_on("endless header name", OK, b"x" * 65_536)
goes_on("endless headers", OK, b"X-More: yes\r\n" * 1_000)
goes_on("endless chunk extension", OK + CHUNKED + END + b"5;", b"x" * 65_536)
goes_on("endless chunk size", OK + CHUNKED + END, b"0" * 65_536)
goes_on("endless trailers", OK + CHUNKED + END + chunk(b"words") + b"0\r\n", b"X-More: yes\r\n" * 1_000)
goes_on("endless continue", b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
goes_on("endless hints", b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 100)
goes_on("endless blank lines", b"", b"\r\n" * 1_000)
goes_on("endless empty blocks", DEFLATE + END + b"\x78\x9c", b"\x00\x00\x00\xff\xff" * 10_000)
goes_on("endless file name", GZIP + END + b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff", b"n" * 65_536)
goes_on("endless gzip members", GZIP + END, gzip.compress(b"", mtime=0) * 1_000)
goes_on("slow body", OK + END, b"x", DOOR.read_seconds / 5)
goes_on("slow chunks", OK + CHUNKED + END, chunk(b"x"), DOOR.read_seconds / 5)
goes_on("slow packed body", DEFLATE + END + b"\x78\x9c", b"\x00\x00\x00\xff\xff", DOOR.read_seconds / 5)
goes_on("slow header", OK + b"X-Slow: ", b"x", DOOR.read_seconds / 5)
goes_on("slow headers", OK, b"X-Slow: yes\r\n", DOOR.read_seconds / 5)
drips("slow status line", b"HTTP/1.1 200 " + b"O" * 10_000)
says("silent", then="stay")
says("silent after the status", b"HTTP/1.1 200 OK\r\n", then="stay")
says("silent in the headers", OK + b"X-Half: ", then="stay")
says("silent in the body", OK + b"Content-Length: 900\r\n\r\nwords", then="stay")
says("silent in a chunk", OK + CHUNKED + END + b"10\r\nwords", then="stay")
says("silent after the last chunk", OK + CHUNKED + END + chunk(b"words") + b"0\r\n", then="stay")
says("silent in a packed body", whole(GZIP, PACKED)[:-10], then="stay")


@behaves("endless packed body")
async def _endless_gzip(reader: Reader, writer: Writer) -> None:
    await _endless(writer, GZIP, zlib.compressobj(wbits=31))


@behaves("endless deflated body")
async def _endless_deflate(reader: Reader, writer: Writer) -> None:
    await _endless(writer, DEFLATE, zlib.compressobj())


async def _endless(writer: Writer, head: bytes, packer: Any) -> None:
    writer.write(head + END)
    while True:
        writer.write(packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_SYNC_FLUSH))
        await writer.drain()


@behaves("half open")
async def _half_open(reader: Reader, writer: Writer) -> None:
    writer.get_extra_info("socket").shutdown(socket.SHUT_RD)
    await asyncio.sleep(60)


# Too large, or larger than it looks
says("announced too large", OK + b"Content-Length: 99999999999\r\n\r\n", then="stay")
says("one byte too many", whole(OK, b"x" * (DOOR.max_bytes + 1)))
says("just enough", whole(OK, b"x" * DOOR.max_bytes))
says("gzip bomb", whole(GZIP, BOMB))
says("deflate bomb", whole(DEFLATE, DEFLATED))
says("bare deflate bomb", whole(DEFLATE, DEFLATED[2:-4]))
says("nested gzip bomb", whole(OK + b"Content-Encoding: gzip, gzip\r\n", gzip.compress(BOMB)))
says("hidden gzip bomb", whole(GZIP, gzip.compress(BOMB)))
says("gzip bomb as an error", whole(b"HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\n", BOMB))
says(
    "gzip bomb in chunks",
    GZIP + CHUNKED + END,
    *(chunk(BOMB[at : at + 7]) for at in range(0, len(BOMB), 7)),
    chunk(b""),
)
says("gzip bomb after an honest member", whole(GZIP, PACKED + BOMB))
says("gzip in ten layers", whole(OK + b"Content-Encoding: " + b", ".join([b"gzip"] * 10) + END, PACKED))
says("brotli", whole(OK + b"Content-Encoding: br\r\n", b"\x0b\x02\x80words\x03"))
says("zstd", whole(OK + b"Content-Encoding: zstd\r\n", b"\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00words"))
says("compress", whole(OK + b"Content-Encoding: compress\r\n", b"\x1f\x9d\x90words"))
says("an encoding of 10 KB", whole(OK + b"Content-Encoding: " + b"a" * 10_000 + END, b"words"))
says("many headers", whole(OK + b"".join(b"X-%d: yes\r\n" % number for number in range(129)), b"x"))
says("a long header", whole(OK + b"X-Long: " + b"x" * 20_000 + END, b"x"))
says("a long status line", b"HTTP/1.1 200 " + b"O" * 20_000 + b"\r\nContent-Length: 0\r\n\r\n")
says(
    "many cookies",
    whole(OK + b"".join(b"Set-Cookie: a%d=%s\r\n" % (each, b"b" * 4_000) for each in range(100)), b"x"),
)
says(
    "headers of a megabyte",
    whole(OK + b"".join(b"X-%d: %s\r\n" % (each, b"b" * 10_000) for each in range(100)), b"x"),
)

# Not what it says
says("not packed", whole(GZIP, b"words " * 100))
says("cut packing", whole(GZIP, PACKED[:-12]))
says("broken checksum", whole(GZIP, PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:]))
says("junk after packing", whole(GZIP, PACKED + b"junk"))
says("packed nothing", whole(GZIP))
says("longer than announced", OK + b"Content-Length: 5\r\n\r\nwords and more of them")
says("shorter than announced", OK + b"Content-Length: 900\r\n\r\nwords")
says("two lengths", OK + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nwords12")
says("a list of lengths", OK + b"Content-Length: 5, 7\r\n\r\nwords12")
says("a negative length", OK + b"Content-Length: -5\r\n\r\nwords")
says("a length with a plus", OK + b"Content-Length: +5\r\n\r\nwords")
says("a length in hexadecimal", OK + b"Content-Length: 0x5\r\n\r\nwords")
says("a length too long for a number", OK + b"Content-Length: " + b"9" * 40 + b"\r\n\r\nwords")
says("length and chunks", OK + b"Content-Length: 3\r\n" + CHUNKED + END + chunk(b"words") + b"0\r\n\r\n")
says("chunks twice", OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + chunk(b"words") + b"0\r\n\r\n")
says("chunks of another coding", OK + b"Transfer-Encoding: xchunked\r\n\r\n" + chunk(b"words") + b"0\r\n\r\n")
says("a chunk that is none", OK + CHUNKED + END + b"zzz\r\nwords\r\n0\r\n\r\n")
says("a chunk of a negative size", OK + CHUNKED + END + b"-1\r\nwords\r\n0\r\n\r\n")
says("a chunk too large for a number", OK + CHUNKED + END + b"1" + b"0" * 20 + b"\r\nwords\r\n0\r\n\r\n")
says("a chunk too long", OK + CHUNKED + END + b"3\r\nwords\r\n0\r\n\r\n")
says("a second answer", whole(OK, b"first") + whole(OK, b"second"), then="stay")
says("an answer before the question", whole(OK, b"words"), then="stay", first=True)
says("a page called an image", whole(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n", b"<html><p>words"))
says("a program called a page", whole(OK, b"MZ\x90\0" + NOISE))
says(
    "a charset that is none", whole(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=klingon\r\n", b"x")
)
says("a charset of a codec", whole(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=bz2\r\n", b"x"))
says("a content type of 10 KB", whole(b"HTTP/1.1 200 OK\r\nContent-Type: " + b"a/" * 5_000 + END, b"x"))
says("a body where none belongs", b"HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\nwords")
says("not modified unasked", b"HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n")
says("a part", whole(b"HTTP/1.1 206 Part\r\nContent-Range: bytes 0-4/99\r\n", b"words"))

# Not HTTP as we speak it
says("HTTP 0.9", b"<html><p>words</p></html>")
says("HTTP 1.0", b"HTTP/1.0 200 OK\r\n\r\nwords")
says("HTTP 2", b"\x00\x00\x12\x04\x00\x00\x00\x00\x00")
says("HTTP 9.9", b"HTTP/9.9 200 OK\r\nContent-Length: 1\r\n\r\nx")
says("no version", b"200 OK\r\nContent-Length: 0\r\n\r\n")
says("a status that is none", b"HTTP/1.1 9999 What\r\n\r\n")
says("a negative status", b"HTTP/1.1 -200 What\r\n\r\n")
says("a few hints", b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 3 + whole(OK, b"words"))
says("an upgrade", b"HTTP/1.1 101 On\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", NOISE)
says(
    "an upgrade to WebSocket",
    b"HTTP/1.1 101 On\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    then="stay",
)
says("a proxy's question", whole(b'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="a"\r\n', b"x"))
says("a password's question", whole(b'HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm="a"\r\n', b"x"))
says("a shell", b"SSH-2.0-OpenSSH_9.9\r\n")
says("mail", b"220 mail.example ESMTP\r\n")
says("TLS", b"\x15\x03\x01\x00\x02\x02\x46")
says("noise", NOISE)
says("zeros", b"\0" * 100_000)
says("a header without a colon", OK + b"words\r\nContent-Length: 0\r\n\r\n")
says("a header without a name", OK + b": words\r\nContent-Length: 0\r\n\r\n")
says("a header with a space before the colon", OK + b"X-One : yes\r\nContent-Length: 0\r\n\r\n")
says("a header with a NUL", OK + b"X-One: a\0b\r\nContent-Length: 0\r\n\r\n")
says("a header in bytes", OK + b"ETag: \xff\xfe\r\nContent-Length: 0\r\n\r\n")
says("a folded header", OK + b"X-One: a\r\n b\r\nContent-Length: 0\r\n\r\n")
says("bare line feeds", b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx")

# Leaving
says("leaves at once")
says("leaves in the status", b"HTTP/1.1 2")
says("leaves in the headers", OK + b"X-Half: ")
says("leaves in a chunk", OK + CHUNKED + END + b"10\r\nwords")
says("resets at once", then="reset")
says("resets in the body", OK + b"Content-Length: 900\r\n\r\nwords", then="reset")
says("says nothing and ends its side", then="end")

# Asking for more than it should get
says("a pause of ages", whole(b"HTTP/1.1 503 No\r\nRetry-After: 1" + b"0" * 30 + END))
says("a pause that is none", whole(b"HTTP/1.1 503 No\r\nRetry-After: -1\r\n"))
says(
    "a pause until the year 9999", whole(b"HTTP/1.1 503 No\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n")
)

# robots.txt in the way
TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
RULES = b"User-agent: *\nDisallow: /private\n"
goes_on("robots endless", TEXT + END + RULES, b"# more\n" * 1_000)
goes_on("robots slow", TEXT + END, b"#", DOOR.read_seconds / 5)
says("robots silent", then="stay")
says("robots bomb", whole(TEXT + b"Content-Encoding: gzip\r\n", BOMB))
says("robots broken", b"SSH-2.0-OpenSSH_9.9\r\n")
says("robots binary", whole(TEXT, NOISE))
says("robots elsewhere", whole(b"HTTP/1.1 302 Go\r\nLocation: http://10.0.0.1/robots.txt\r\n"))
says("robots in a circle", whole(b"HTTP/1.1 302 Go\r\nLocation: /robots.txt\r\n"))
says("robots with a million rules", whole(TEXT, RULES + b"Disallow: /a\n" * 38_000))
says("robots with a cruel pattern", whole(TEXT, b"User-agent: *\nDisallow: /" + b"a*" * 5_000 + b"$\n"))
says("robots with a pause of ages", whole(TEXT, b"User-agent: *\nCrawl-delay: 1000000000\n"))


async def _serve(name: str, reader: Reader, writer: Writer) -> None:
    try:
        if name not in SPEAKS_FIRST:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ", 2)[1]
                if (target == b"/robots.txt") == name.startswith("robots"):
                    break
                writer.write(whole(OK, b"fine") if name.startswith("robots") else ROBOTS_OK)
                await writer.drain()
        await BEHAVIOURS[name](reader, writer)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass  # the other side has had enough
    finally:
        writer.close()


async def _main() -> None:
    servers = {}
    for name in BEHAVIOURS:
        servers[name] = await asyncio.start_server(
            lambda reader, writer, name=name: _serve(name, reader, writer), "127.0.0.1", 0
        )
    ports = {name: server.sockets[0].getsockname()[1] for name, server in servers.items()}
    sys.stdout.write(json.dumps(ports) + "\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
