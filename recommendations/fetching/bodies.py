"""Reading a body within limits: counted on the wire, counted again as it is unpacked.

The client's own decompression is switched off: a few kilobytes can unpack to gigabytes, so each piece is
unpacked with a ceiling, and the reading stops at the first byte too many.
"""

import zlib
from typing import Any

from aiohttp import ClientResponse

PIECE = 65_536
"""Bytes unpacked at a time."""

MAX_MEMBERS = 64
"""Gzip streams may be concatenated; honest servers send one."""


class TooLarge(Exception):
    """More bytes than the limit, on the wire or unpacked."""


class Unreadable(Exception):
    """The body is not packed as its header says, or in a way that we did not ask for."""


class Unpacker:
    """Undoes one Content-Encoding piece by piece. `encoding` is "", "identity", "gzip", "x-gzip" or
    "deflate"."""

    def __init__(self, encoding: str, limit: int) -> None:
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Unreadable(f"the body is encoded as {encoding[:40]!r}, which was not asked for")
        self.encoding = encoding
        self.limit = limit
        self.out = bytearray()
        self.members = 0
        self.engine: Any = None  # zlib's decompressor has no public type

    def feed(self, piece: bytes) -> None:
        """Unpacks one piece. Raises TooLarge and Unreadable."""
        if self.encoding in ("", "identity"):
            self._keep(piece)
            return
        try:
            while piece and self._ready(piece):
                self._keep(self.engine.decompress(piece, PIECE))
                piece = self.engine.unused_data if self.engine.eof else self.engine.unconsumed_tail
        except zlib.error as error:
            raise Unreadable("the body is not packed as its header says") from error

    def _ready(self, piece: bytes) -> bool:
        """Whether an engine stands ready for `piece`. What follows the end of a stream is ignored, as
        browsers do."""
        if self.engine is not None and not self.engine.eof:
            return True
        if self.members and (self.encoding == "deflate" or self.members >= MAX_MEMBERS or piece[0] != 0x1F):
            return False
        self.members += 1
        window = 16 + zlib.MAX_WBITS
        if self.encoding == "deflate":
            # It means zlib (RFC 9110), yet some servers send it bare: a zlib stream says so in its first byte.
            window = zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS
        self.engine = zlib.decompressobj(window)
        return True

    def _keep(self, piece: bytes) -> None:
        if len(self.out) + len(piece) > self.limit:
            raise TooLarge(f"the body is larger than {self.limit} bytes")
        self.out += piece

    def finish(self) -> bytes:
        """The whole body. Raises Unreadable if its packing has no end."""
        if self.engine is not None:
            self._keep(self.engine.flush())
            if not self.engine.eof:
                raise Unreadable("the body ends in the middle of its packing")
        return bytes(self.out)


async def read_body(response: ClientResponse, limit: int) -> tuple[bytes, int]:
    """The unpacked body and the bytes that came over the wire. Raises TooLarge and Unreadable."""
    announced = response.content_length
    if announced is not None and announced > limit:
        raise TooLarge(f"the body is announced with {announced} bytes; the limit is {limit}")
    unpacker = Unpacker(response.headers.get("Content-Encoding", "").strip().lower(), limit)
    wire = 0
    async for piece in response.content.iter_any():
        wire += len(piece)
        if wire > limit:
            raise TooLarge(f"the body is larger than {limit} bytes")
        unpacker.feed(piece)
    return unpacker.finish(), wire


async def read_start(response: ClientResponse, limit: int) -> tuple[bytes, int]:
    """As much of a body as comes within `limit`: for error pages, of which only the first words matter, and for
    robots.txt. What cannot be unpacked ends it."""
    unpacker = None
    wire = 0
    try:
        unpacker = Unpacker(response.headers.get("Content-Encoding", "").strip().lower(), limit)
        async for piece in response.content.iter_any():
            unpacker.feed(piece[: limit - wire])
            wire += len(piece)
            if wire >= limit:
                break
    except (TooLarge, Unreadable):
        pass
    return (bytes(unpacker.out) if unpacker else b""), wire
