"""What one row of somebody else's file says, in our nouns: plain values, whatever the format.

A reader (gao.py, uhri.py ...) turns a file into these, one after the other, and keeps none. What it cannot
read in a row it tells in `wrongs` and goes on: the person who sent the file should learn of all of it at
once. What makes the whole file another one than the format says (its header, its encoding) raises
FileRefused.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

CODE = re.compile(r"[-a-zA-Z0-9_]+")
CODE_LENGTH, TITLE_LENGTH, PLACE_LENGTH = 40, 300, 300
SOURCE_CODE_LENGTH = 20


@dataclass(frozen=True)
class Wrong:
    """Why a row is refused: the column as the file calls it, what stands there, and the rule it breaks."""

    column: str
    value: str
    rule: str


class FileRefused(Exception):
    """The file is not what it was said to be; nothing of it was read. `line` is counted from 1."""

    def __init__(self, rule: str, *, line: int = 1, column: str = "", value: str = "") -> None:
        super().__init__(f"line {line}, {column}: {value} ({rule})")
        self.rule, self.line, self.column, self.value = rule, line, column, value[:200]


@dataclass(frozen=True)
class Publication:
    """A document that a row says it comes from, where a file holds the recommendations of many."""

    code: str
    title: str
    published_on: date
    url: str = ""


@dataclass(frozen=True)
class Claim:
    """What a file says has happened: our status, beside the word it was given in.

    `effective_on` None: as of the day for which the file stands. `institution` is whose verdict it is, by
    code or by name as the format has it; "" for this office.
    """

    status: str
    label: str
    system: str
    verdict_by: str
    institution: str = ""
    effective_on: date | None = None
    rationale: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Answer:
    """What a file says an addressee answered; `institution` "": the first addressee. A missing day: as for a Claim."""

    kind: str
    label: str
    system: str
    institution: str = ""
    stated_on: date | None = None


@dataclass(frozen=True)
class IncomingRow:
    """One row. `columns` holds only what the file speaks of: what it leaves out is left as it is.

    `key` is what makes it the same row in the next file; `code` what the recommendation is called here.
    `addressees` and `themes` are codes of ours or names, as the format says; None: not spoken of. `label` is
    the file's own word for the status, also where it is no verdict.
    """

    line: int
    key: str
    code: str
    columns: dict[str, Any]
    source: str | Publication | None = None
    addressees: tuple[str, ...] | None = None
    themes: tuple[str, ...] | None = None
    claim: Claim | None = None
    answer: Answer | None = None
    label: str = ""
    version: int | None = None
    wrongs: tuple[Wrong, ...] = ()

    def refused_for(self, *wrongs: Wrong) -> "IncomingRow":
        return replace(self, wrongs=wrongs) if wrongs else self


@dataclass
class Reading:
    """A file being read. `as_of` and `passed_over` (rows that are no recommendations, by what they are) are
    complete once `rows` is exhausted."""

    rows: Iterator[IncomingRow]
    as_of: date | None = None
    passed_over: Counter[str] = field(default_factory=Counter)


def shape_wrongs(row: IncomingRow, named: dict[str, str]) -> Iterator[Wrong]:
    """What no row of ours could hold, whatever else is in the database.

    `named` gives the file's own name of a column where it differs.
    """

    def wrong(name: str, value: object, rule: str) -> Wrong:
        return Wrong(named.get(name, name), str(value)[:200], rule)

    if not CODE.fullmatch(row.code) or len(row.code) > CODE_LENGTH:
        yield wrong("code", row.code, "code_shape")
    for name, limit in (("title", TITLE_LENGTH), ("group", PLACE_LENGTH), ("locator", PLACE_LENGTH)):
        if len(str(row.columns.get(name, ""))) > limit:
            yield wrong(name, row.columns[name], "too_long")
    for name in ("title", "summary"):
        if name in row.columns and not str(row.columns[name]).strip():
            yield wrong(name, "", "required")
    for name, value in row.columns.items():
        if isinstance(value, str) and "\x00" in value:
            yield wrong(name, "", "no_text")


def digest(said: dict[str, Any]) -> str:
    """SHA-256 of all that a row says."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
