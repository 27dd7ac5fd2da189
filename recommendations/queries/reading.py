"""Reading much of the database as one moment, in pieces, without holding it in memory.

A Reading is one transaction in which nothing changes any more (REPEATABLE READ, read only). It tells where in the
change feed it stands, so that whoever has read it can go on from there. PostgreSQL writes the rows (COPY) and they
pass through here as they come; who stops in the middle closes the Reading, which gives the connection back.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from django.db import connection, transaction

from recommendations.queries import changes
from recommendations.queries.changes import Cursor

CHUNK = 1 << 16
"""Bytes that are passed on at once: a row at a time would be many small writes to a network."""


class Reading:
    """One moment of the database, until `close`. `end` is the place in the change feed that it holds all before."""

    def __init__(self) -> None:
        outermost = not connection.in_atomic_block
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self._open = True
        try:
            if outermost:  # inside somebody else's transaction the moment is theirs
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self.end: Cursor = changes.end()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it; a second time does nothing."""
        if self._open:
            self._open = False
            self._transaction.__exit__(None, None, None)

    def csv(self, statement: str) -> Iterator[bytes]:
        """A table as CSV of RFC 4180: a header, lines that end with CR LF, and quotes only where they are needed."""
        return _chunks(
            row[:-1] + b"\r\n" for row in self._copy(statement, "(FORMAT csv, HEADER, ENCODING 'UTF8')")
        )

    def lines(self, statement: str) -> Iterator[bytes]:
        """JSON objects, one a line, as PostgreSQL makes them: `statement` selects one column of text.

        JSON has no control characters, so with two of them for quote and delimiter CSV leaves it as it is.
        """
        return _chunks(
            self._copy(statement, "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02', ENCODING 'UTF8')")
        )

    def rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The rows as values, a few at a time."""
        with closing(connection.chunked_cursor()) as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(2_000):
                yield from rows

    def _copy(self, statement: str, how: str) -> Iterator[bytes]:
        with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT WITH {how}") as rows:
            for row in rows:
                yield bytes(row)


def _chunks(rows: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(row)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


class Stream:
    """Pieces of an answer that are made while they are sent, and the Reading that they come from.

    The server closes it when all is sent, or when the reader has hung up.
    """

    def __init__(self, pieces: Iterator[bytes], reading: Reading) -> None:
        self._pieces, self._reading = pieces, reading

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._pieces
        finally:
            self.close()

    def close(self) -> None:
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()  # an open COPY ends before its transaction
        self._reading.close()
