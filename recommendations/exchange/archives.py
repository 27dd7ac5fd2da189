"""Zip files that are written while they are sent: nothing is held but the piece at hand."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime


class _Outbox:
    """Where the archive is written to, and taken away from at once. It cannot be gone back in, and need not be."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = b"".join(self._held)
        self._held.clear()
        return taken


def zipped(
    files: Iterable[tuple[str, Iterable[bytes]]], *, at: datetime, large: bool = True
) -> Iterator[bytes]:
    """The bytes of a zip file of these files, each in the pieces it comes in, dated `at`.

    `large` allows for files of more than 4 GiB, in a way that old spreadsheet programs do not read.
    """
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload] # all it needs
        for name, pieces in files:
            about = zipfile.ZipInfo(name, at.timetuple()[:6])
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            with archive.open(about, "w", force_zip64=large) as file:
                for piece in pieces:
                    file.write(piece)
                    if taken := outbox.take():
                        yield taken
    yield outbox.take()
