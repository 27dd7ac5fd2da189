"""The public record: everything the public may see, as one JSON object for each row of a noun that stands alone.

A record holds what belongs to its row: a recommendation its verdicts with their citations, its responses, deadlines,
closures and relations; a piece of evidence its document and its links; an indicator its observations. Other
records are named by their codes. The change feed, `exports/tracker.ndjson` and `manage.py load` speak of these and
of nothing else, so a mirror, an export and a restored tracker can be compared byte by byte. Nothing in a record
changes by the passing of time: what depends on the day (overdue, stale, open) is worked out by whoever reads it.

PostgreSQL makes the JSON: a record is never parsed or built in Python. Moments are UTC with microseconds, dates hold
only as much as is known of them, what is not known is null and what is not said is "".
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.db import connection

from recommendations.queries.record_shapes import FROM, MODELS, RECORDS, public

NOUNS = ("institution", "theme", "source", "recommendation", "evidence", "indicator", "figure")
"""The nouns that have records, in an order in which each names only what came before it, or its like."""

FORMAT = 1
"""The version of the form of records; it is another number when a reader of the old one would be misled."""

HEADER = b'{"noun" : "tracker", "format" : %d}\n' % FORMAT
"""The first line of a file of records."""

Wanted = Mapping[str, Collection[int]]
"""Primary keys by noun."""

Key = tuple[str, str]
"""A noun and the code of a row."""


@dataclass(frozen=True)
class Record:
    """A public row and what is said of it, as JSON."""

    pk: int
    text: str


def of(wanted: Wanted) -> dict[Key, Record]:
    """The public ones among these rows; one statement for each noun that is wanted."""
    return _read("x.id", wanted)


def by_code(wanted: Mapping[str, Collection[str]]) -> dict[Key, Record]:
    """The same for rows that are named by their codes."""
    return _read("x.code", wanted)


def _read(column: str, wanted: Mapping[str, Collection[int] | Collection[str]]) -> dict[Key, Record]:
    found: dict[Key, Record] = {}
    with connection.cursor() as cursor:
        for noun in NOUNS:
            if names := list(wanted.get(noun, ())):
                cursor.execute(f"{statement(noun)} AND {column} = ANY(%s)", [names])
                found |= {(noun, code): Record(pk, text) for pk, code, text in cursor.fetchall()}
    return found


def every(noun: str) -> str:
    """The statement `SELECT record` of all public records of a noun, in the order of their codes."""
    return f'SELECT record FROM ({statement(noun)} ORDER BY x.code COLLATE "C") all_of_them'  # noqa: S608 - our text


def lines(read: Callable[[str], Iterator[bytes]]) -> Iterator[bytes]:
    """All public records as one file; `read` gives the lines of a statement."""
    yield HEADER
    for noun in NOUNS:
        yield from read(every(noun))


@cache
def statement(noun: str) -> str:
    """`SELECT id, code, record` of a noun's public rows; it ends inside its WHERE and calls the row `x`."""
    seen = public(MODELS[noun].objects.published(), "x.id")
    return f"SELECT x.id, x.code, ({RECORDS[noun]()})::text AS record FROM {FROM[noun]} WHERE {seen}"  # noqa: S608
