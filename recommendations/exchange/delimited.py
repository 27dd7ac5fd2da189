"""CSV as others write it: a preamble, a header that must be the one expected, rows that must be as long as it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from recommendations.exchange.incoming import FileRefused

csv.field_size_limit(1_000_000)  # of one cell; the library's own limit is a tenth of that


def open_text(file: BinaryIO) -> io.TextIOWrapper:
    """The bytes as UTF-8, with or without a byte order mark, line breaks as they are."""
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


def preamble(text: io.TextIOWrapper, lines: int) -> list[str]:
    """The lines before the header, without their line ends."""
    with decoding():
        return [text.readline().rstrip("\r\n") for _line in range(lines)]


def rows(
    text: Iterable[str], header: Sequence[str], *, after: int = 0, aliases: Mapping[str, str] | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """`(line, {column: cell})` of each row; `line` is where the row begins in the file, which has `after` lines
    before the header.

    The header must be exactly `header`, in this order; `aliases` gives known other spellings of a column.
    Raises FileRefused with `header_unknown`, `row_length` or `csv`.
    """
    reader = csv.reader(text, strict=True)
    found = _next(reader, after)
    if found is None:
        raise FileRefused("empty", line=after + 1)
    named = [(aliases or {}).get(name, name) for name in found]
    for place, name in enumerate(header):
        if place >= len(named):
            raise FileRefused("header_missing", line=after + 1, column=name)
        if named[place] != name:
            raise FileRefused("header_unknown", line=after + 1, column=name, value=found[place])
    if len(named) > len(header):
        raise FileRefused("header_unknown", line=after + 1, value=found[len(header)])
    yield from _cells(reader, named, after)


def free_rows(
    text: Iterable[str], known: Sequence[str], required: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """As `rows`, where the header may have any of the `known` columns, in any order, and must have the `required`."""
    reader = csv.reader(text, strict=True)
    found = _next(reader, 0)
    if found is None:
        raise FileRefused("empty")
    for name in found:
        if name not in known:
            raise FileRefused("header_unknown", value=name)
        if found.count(name) > 1:
            raise FileRefused("header_twice", column=name)
    for name in required:
        if name not in found:
            raise FileRefused("header_missing", column=name)
    yield from _cells(reader, found, 0)


def _cells(
    reader: Iterator[list[str]], header: list[str], after: int
) -> Iterator[tuple[int, dict[str, str]]]:
    while True:
        line = after + _line(reader) + 1
        cells = _next(reader, after)
        if cells is None:
            return
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise FileRefused("row_length", line=line, value=str(len(cells)))
        yield line, dict(zip(header, cells, strict=True))


def _next(reader: Iterator[list[str]], after: int) -> list[str] | None:
    with decoding():
        try:
            return next(reader, None)
        except csv.Error as error:
            raise FileRefused("csv", line=after + _line(reader), value=str(error)) from error


def _line(reader: Iterator[list[str]]) -> int:
    """How many lines a CSV reader has read; its class has no name to annotate with."""
    return int(reader.line_num)  # type: ignore[attr-defined]


class decoding:  # noqa: N801 - reads as a word of the statement it is used in
    """What is no UTF-8 refuses the file: a guess would change names silently."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, UnicodeDecodeError):
            raise FileRefused("encoding", value=str(error.object[error.start : error.end])) from error
