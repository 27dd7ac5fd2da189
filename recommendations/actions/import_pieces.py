"""The bytes of a file that waits to be judged, in pieces that are never all in memory."""

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from recommendations.models import Import, ImportPiece

SIZE = 1 << 20
"""Bytes of a piece, before they are compressed."""

LEVEL = 1
"""zlib's quickest: the pieces live for minutes."""


def keep(batch: Import, file: BinaryIO) -> None:
    """Store the file, from its beginning."""
    file.seek(0)
    for place, content in enumerate(iter(lambda: file.read(SIZE), b"")):
        ImportPiece.objects.create(batch=batch, place=place, content=zlib.compress(content, LEVEL))


@contextmanager
def opened(batch: Import) -> Iterator[BinaryIO]:
    """The file as it was brought, on this machine's disk for as long as it is read."""
    with tempfile.TemporaryFile() as file:
        rows = ImportPiece.objects.filter(batch=batch).order_by("place")
        for place in range(rows.count()):
            file.write(zlib.decompress(rows.values_list("content", flat=True).get(place=place)))
        file.seek(0)
        yield file


def drop(batch: Import) -> None:
    """Forget the bytes: what they said is kept in rows, or nobody wants it."""
    ImportPiece.objects.filter(batch=batch)._raw_delete("default")
