"""The lines of a file of records on their way into the database: copied into a table of the transaction, and taken up
again block by block. Memory does not grow with the file.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from recommendations.actions.refusals import Refused
from recommendations.exchange import records
from recommendations.exchange.records import Record
from recommendations.models import Document
from recommendations.queries.record_shapes import MODELS

BLOCK = 1_000
"""Records taken up at once."""

HELD = 20_000
"""Codes of one noun whose numbers are remembered."""

TABLE = """
DROP TABLE IF EXISTS load_record;
CREATE TEMP TABLE load_record (line integer PRIMARY KEY, noun text, code text, part boolean, record text)
  ON COMMIT DROP;
CREATE INDEX ON load_record (noun, line)
"""
COPY = "COPY load_record (line, noun, code, part, record) FROM STDIN"
NEXT = """
SELECT line, record FROM load_record
 WHERE noun = %s AND line > %s AND part = coalesce(%s, part) ORDER BY line LIMIT %s
"""


def stage(lines: Iterable[Record], read: Callable[[int], None]) -> dict[str, int]:
    """Copy all of them; how many of each noun. `read` hears now and then how many there were."""
    numbers = dict.fromkeys(MODELS, 0)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(COPY) as copy:
            for number, each in enumerate(lines):
                numbers[each.noun] += 1
                part = each.noun == "recommendation" and each.values["parent"] is not None
                copy.write_row((each.line, each.noun, each.values["code"], part, each.text))
                if number % BLOCK == 0:
                    read(number)
        cursor.execute("ANALYZE load_record")
    return numbers


def blocks(noun: str, *, part: bool | None = None) -> Iterator[list[Record]]:
    """The records of a noun in the order of their lines; of recommendations, with `part`, only parts or only wholes."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT, [noun, last, part, BLOCK])
            found = [records.record(line, text) for line, text in cursor.fetchall()]
        if not found:
            return
        last = found[-1].line
        yield found


class Numbers:
    """The primary keys of rows by their codes, looked up for a block at a time and forgotten when they grow many."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int]] = {noun: {} for noun in (*MODELS, "document")}

    def learn(self, noun: str, codes: Iterable[str | None]) -> None:
        """Look up those of these codes that are not known yet, with one statement. Who needs several codes of one noun
        at a time names them in one call: an earlier one may be forgotten."""
        known, wanted = self._known[noun], {code for code in codes if code is not None}
        if len(known) + len(wanted) > HELD:
            known.clear()
        if missing := wanted - known.keys():
            rows = {"document": Document, **MODELS}[noun]._default_manager.filter(code__in=missing)
            known.update(rows.values_list("code", "pk"))

    def of(self, noun: str, code: str | None, line: int) -> Any:
        """The number of the row of this code, which a line names and `learn` has heard of; None for null."""
        if code is None:
            return None
        if code not in self._known[noun]:
            told = _("Line %(line)d: it names %(noun)s “%(code)s”, which the file does not hold.")
            raise Refused("record_named_unknown", told % {"line": line, "noun": noun, "code": code})
        return self._known[noun][code]
