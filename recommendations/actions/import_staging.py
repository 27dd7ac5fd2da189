"""A file's rows on their way into the database: names become codes, and all is copied into a table of the transaction.

The table `import_staging` has one row for each of the file: `line, key, code, digest, said, problems`. Memory
does not grow with the file; only the names of bodies, themes and sources that it mentions are held.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, BinaryIO, Protocol

from django.db import connection

from recommendations.exchange import cells
from recommendations.exchange.formats import Format
from recommendations.exchange.incoming import FileRefused, IncomingRow, Publication, Reading, Wrong, digest
from recommendations.models import Institution, Source, Theme
from recommendations.vocabulary import ImportPhase

TABLE = """
-- Two imports in one transaction (a test, a person's own script) find a clean table each.
DROP TABLE IF EXISTS import_staging, import_known, import_compared, import_wrong, import_judged, import_done,
                     import_vanished;
CREATE TEMP TABLE import_staging (
  line integer PRIMARY KEY, key text, code text, digest text, said jsonb, problems jsonb
) ON COMMIT DROP
"""
COPY = "COPY import_staging (line, key, code, digest, said, problems) FROM STDIN"
AGAIN = """
INSERT INTO import_staging (line, key, code, digest, said, problems)
SELECT line, key, code, digest, said, '[]' FROM recommendations_importrow WHERE import_id = %s
"""
KEY_LENGTH = 500
TOLD_EVERY = 500
"""Rows between two tellings of how far the file is read."""

HALF = re.compile("[\ud800-\udfff]")

Brings = dict[str, dict[str, dict[str, str]]]
"""`{"institutions" | "themes" | "sources": {code: {name or title ...}}}`: what a file would add besides its rows."""


class Directory:
    """Codes of the bodies, themes and sources that a file names; `brings` holds those that it would add."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self.brings: Brings = {"institutions": {}, "themes": {}, "sources": {}}
        self._bodies, self._body_codes = _by_name(
            Institution.objects.select_related("merged_into"), lambda row: (row.merged_into or row).code
        )
        self._themes, self._theme_codes = _by_name(Theme.objects.all(), lambda row: row.code)
        self._sources = set(Source.objects.values_list("code", flat=True))

    def body(self, name: str) -> str:
        if self.format.coded:
            return name
        return self._found(name, self._bodies, self._body_codes, "institutions")

    def speaker(self, name: str) -> str:
        """Whose verdict it is. In our own format a code; else known by name, as all bodies are."""
        return self.body(name) if name else ""

    def theme(self, name: str) -> str:
        if self.format.coded:
            return name
        return self._found(name, self._themes, self._theme_codes, "themes")

    def source(self, publication: Publication) -> tuple[str, bool]:
        """The code, and whether it is the same document as an earlier row of the file said."""
        told = {
            "title": publication.title[:500],
            "published_on": publication.published_on.isoformat(),
            "url": publication.url,
        }
        if publication.code not in self._sources:
            return publication.code, self.brings["sources"].setdefault(publication.code, told) == told
        return publication.code, True

    def _found(self, name: str, names: dict[str, str], codes: set[str], noun: str) -> str:
        known = names.get(name.casefold())
        if known is not None:
            return known
        code, number = base, _ = (cells.slug(name, 50).lower() or noun, 1)
        while code in codes:
            number += 1
            code = f"{base}-{number}"
        codes.add(code)
        names[name.casefold()] = code
        self.brings[noun][code] = {"name": name[:300]}
        return code


class Tell(Protocol):
    """Hears how far it has come: so much of so much of this phase. What it raises ends the work."""

    def __call__(self, phase: str, done: int, total: int) -> None: ...


def silent(phase: str, done: int, total: int) -> None:
    """Where nobody listens."""


@dataclass(frozen=True)
class Come:
    """Tells how many bytes of a file have been read."""

    file: BinaryIO
    size: int
    tell: Tell

    def row(self, number: int) -> None:
        if number % TOLD_EVERY == 0:
            self.tell(ImportPhase.READING, min(self.file.tell(), self.size), self.size)


def stage(reading: Reading, directory: Directory, *, source: str, most_rows: int, come: Come) -> int:
    """Copy all rows; how many there were. Raises FileRefused with the line where the file cannot be read on."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy(COPY) as copy:
            for row in reading.rows:
                count += 1
                if count > most_rows:
                    raise FileRefused("too_many_rows", line=row.line, value=str(most_rows))
                copy.write_row(_staged(row, directory, source))
                come.row(count)
        cursor.execute("ANALYZE import_staging")
    if not count and not reading.passed_over:
        raise FileRefused("empty")
    return count


def stage_again(batch_id: int) -> None:
    """The rows of a dry run, to be judged once more."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute(AGAIN, [batch_id])
        cursor.execute("ANALYZE import_staging")


def _staged(row: IncomingRow, directory: Directory, source: str) -> tuple[Any, ...]:
    wrongs = list(row.wrongs)
    said = _said(row, directory, source, wrongs)
    if len(row.key) > KEY_LENGTH:
        wrongs.append(Wrong("key", row.key[:100], "too_long"))
    text = json.dumps(said, ensure_ascii=False)
    whole = "".join((text, row.key, row.code))
    # PostgreSQL keeps neither NUL nor half a character.
    if "\\u0000" in text or "\x00" in whole or HALF.search(whole):
        told = [{"column": "", "value": "", "rule": "no_text"}]
        return row.line, f"row {row.line}", f"row-{row.line}", "", "{}", json.dumps(told)
    told = [{"column": each.column, "value": _kept(each.value), "rule": each.rule} for each in wrongs]
    own = {name: value for name, value in said.items() if name != "version"}
    return row.line, row.key[:KEY_LENGTH], row.code[:200], digest(own), text, json.dumps(told)


def _said(row: IncomingRow, directory: Directory, source: str, wrongs: list[Wrong]) -> dict[str, Any]:
    columns = dict(row.columns)
    if "parent" in columns:
        columns["parent"] = columns["parent"] or None
    if code := _source(row, directory, source, wrongs):
        columns["source"] = code
    if row.themes is not None:
        columns["themes"] = sorted({directory.theme(name) for name in row.themes})
    if row.addressees is not None:
        columns["addressees"] = list(dict.fromkeys(directory.body(name) for name in row.addressees))
    said: dict[str, Any] = {"code": row.code, "columns": columns, "label": row.label}
    if row.claim is not None:
        said["claim"] = asdict(row.claim) | {
            "institution": directory.speaker(row.claim.institution),
            "effective_on": _day(row.claim.effective_on),
        }
    if row.answer is not None:
        said["answer"] = asdict(row.answer) | {
            "institution": directory.speaker(row.answer.institution),
            "stated_on": _day(row.answer.stated_on),
        }
    if row.version is not None:
        said["version"] = row.version
    return said


def _source(row: IncomingRow, directory: Directory, source: str, wrongs: list[Wrong]) -> str:
    """The code of the source a row belongs to; "" where neither the row nor the import names one."""
    if isinstance(row.source, Publication):
        code, same = directory.source(row.source)
        if not same:
            wrongs.append(Wrong(directory.format.named["source"], row.source.code, "source_differs"))
        return code
    if source and row.source not in (None, source):
        wrongs.append(Wrong("source", str(row.source), "source_other"))
    return row.source or source


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _kept(value: str) -> str:
    """What can be stored of a value that is told as wrong."""
    return value.replace("\x00", "").encode(errors="replace").decode()


def _by_name(rows: Any, code_of: Callable[[Any], str]) -> tuple[dict[str, str], set[str]]:
    """Codes by every name a row goes by (in any case), and all codes."""
    names: dict[str, str] = {}
    codes = set()
    for row in rows:
        codes.add(row.code)
        for name in _names(row):
            names.setdefault(name.casefold(), code_of(row))
    return names, codes


def _names(row: Any) -> Iterator[str]:
    yield row.name
    yield from getattr(row, "aliases", ())
    yield row.code
