"""Our own format, CSV or NDJSON: the columns are the API's field names, and references are codes of ours.

Any of the columns may be left out: what a file does not speak of is left as it is. An exported list can be
edited and brought back: what is worked out (counts, labels, dates of change) is known and not taken. A status
is a claim, to be decided by a person; `version` refuses a row that somebody changed since it was exported.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from recommendations.exchange import cells, delimited, mappings
from recommendations.exchange.incoming import (
    Answer,
    Claim,
    FileRefused,
    IncomingRow,
    Reading,
    Wrong,
    shape_wrongs,
)
from recommendations.vocabulary import Confidence, ResponseKind, Status, VerdictBy, Visibility

TEXTS = ("title", "summary", "group", "locator", "note", "visibility", "parent")
FLAGS = ("explicit", "priority")
LISTS = ("themes", "addressees")
CLAIM = (
    "status",
    "given_status",
    "given_system",
    "effective_on",
    "rationale",
    "confidence",
    "verdict_by",
    "verdict_institution",
)
ANSWER = ("response", "given_response", "stated_on", "response_institution")
TAKEN = ("code", "source", *TEXTS, *FLAGS, *LISTS, *CLAIM, *ANSWER, "version")
WORKED_OUT = (
    "id",
    "url",
    "status_label",
    "status_since",
    "closure",
    "closure_state",
    "closure_reason",
    "closure_review_on",
    "contested",
    "overdue",
    "stale",
    "due_on",
    "issued_on",
    "issued_precision",
    "parts_count",
    "evidence_count",
    "last_verified_at",
    "updated_at",
    "source_title",
    "source_published_on",
)
"""Columns of an export that follow from other rows."""

KNOWN = (*TAKEN, *WORKED_OUT)
REQUIRED = ("code",)
LONGEST_LINE = 1_000_000


def read_csv(file: BinaryIO) -> Reading:
    rows = delimited.free_rows(delimited.open_text(file), KNOWN, REQUIRED)
    return Reading(rows=(_row(line, _Cells(given)) for line, given in rows))


def read_ndjson(file: BinaryIO) -> Reading:
    return Reading(rows=(_row(line, _Values(given)) for line, given in _objects(file)))


def _objects(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    line = 0
    while text := file.readline(LONGEST_LINE + 1):
        line += 1
        if len(text) > LONGEST_LINE:
            raise FileRefused("line_too_long", line=line)
        if not text.strip():
            continue
        try:
            given = json.loads(text)
        except (ValueError, RecursionError) as error:
            rule = "encoding" if isinstance(error, UnicodeDecodeError) else "json"
            raise FileRefused(rule, line=line, value=str(error)) from error
        if not isinstance(given, dict):
            raise FileRefused("json", line=line, value="no object")
        for name in given:
            if name not in KNOWN:
                raise FileRefused("header_unknown", line=line, value=name)
        if "code" not in given:
            raise FileRefused("header_missing", line=line, column="code")
        yield line, given
    if line == 0:
        raise FileRefused("empty")


class _Cells:
    """The cells of a CSV row, all text; an empty cell says "none"."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str) -> str:
        return cells.plain(self.written(name))

    def written(self, name: str) -> str:
        """As an export wrote it, so that nothing changes when it comes back."""
        return cells.unguarded(self.given.get(name, "")).replace("\r\n", "\n").strip()

    def flag(self, name: str) -> bool | None:
        return cells.flag(self.given[name])

    def codes(self, name: str) -> tuple[str, ...] | None:
        return cells.many(self.given[name])


class _Values:
    """The values of a JSON object: texts, booleans, numbers, lists of codes, or of objects that have one."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def text(self, name: str) -> str:
        value = _code(self.given.get(name))
        return "" if value is None else str(value).strip()

    written = text

    def flag(self, name: str) -> bool | None:
        value = self.given[name]
        return value if isinstance(value, bool) else None

    def codes(self, name: str) -> tuple[str, ...] | None:
        value = self.given[name]
        return tuple(dict.fromkeys(str(_code(each)) for each in value)) if isinstance(value, list) else None


def _code(value: Any) -> Any:
    """Objects stand for what they name: {"code": "CFR60", "title": ...}."""
    return value.get("code", "") if isinstance(value, dict) else value


class _Row:
    """One row being read, and what is wrong with it."""

    def __init__(self, said: "_Cells | _Values") -> None:
        self.said = said
        self.wrongs: list[Wrong] = []

    def wrong(self, name: str, rule: str) -> None:
        self.wrongs.append(Wrong(name, str(self.said.given.get(name, ""))[:200], rule))

    def word(self, name: str, words: Any, default: str = "") -> str:
        word = self.said.text(name) or default
        if word and word not in words.values:
            self.wrong(name, "word_unknown")
        return word

    def day(self, name: str) -> date | None:
        text = self.said.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.wrong(name, "date")
            return None

    def columns(self) -> dict[str, Any]:
        found: dict[str, Any] = {name: self.said.written(name) for name in TEXTS if name in self.said}
        for name in FLAGS:
            if name in self.said:
                found[name] = self.said.flag(name)
                if found[name] is None:
                    self.wrong(name, "flag")
        if "visibility" in found and found["visibility"] not in Visibility.values:
            self.wrong("visibility", "word_unknown")
        return found

    def codes(self, name: str) -> tuple[str, ...] | None:
        if name not in self.said:
            return None
        found = self.said.codes(name)
        if found is None:
            self.wrong(name, "list")
        return found

    def claim(self) -> Claim | None:
        system, label = self.said.text("given_system"), self.said.text("given_status")
        status = self.word("status", Status)
        if label:
            status = self._meant("given_status", system, label).status
        if status in ("", Status.NOT_ASSESSED):
            return None
        return Claim(
            status=status,
            label=label,
            system=system if label else "",
            verdict_by=self.word("verdict_by", VerdictBy, VerdictBy.OFFICE),
            institution=self.said.text("verdict_institution"),
            effective_on=self.day("effective_on"),
            rationale=self.said.text("rationale"),
            confidence=self.word("confidence", Confidence),
        )

    def answer(self) -> Answer | None:
        system, label = self.said.text("given_system"), self.said.text("given_response")
        kind = self.word("response", ResponseKind)
        if label:
            kind = self._meant("given_response", system, label).response
        if kind in ("", ResponseKind.NONE):
            return None
        return Answer(
            kind=kind,
            label=label,
            system=system if label else "",
            institution=self.said.text("response_institution"),
            stated_on=self.day("stated_on"),
        )

    def version(self) -> int | None:
        text = self.said.text("version")
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            self.wrong("version", "number")
            return None
        return int(text) if text else None

    def _meant(self, name: str, system: str, label: str) -> mappings.Meaning:
        found = mappings.meaning(system, label)
        if found is None:
            self.wrong(name if system in mappings.TABLE else "given_system", "label_unknown")
        return found or mappings.Meaning()


def _row(line: int, said: _Cells | _Values) -> IncomingRow:
    reading = _Row(said)
    code = said.text("code")
    row = IncomingRow(
        line=line,
        key=code,
        code=code,
        columns=reading.columns(),
        source=said.text("source") or None,
        addressees=reading.codes("addressees"),
        themes=reading.codes("themes"),
        claim=reading.claim(),
        answer=reading.answer(),
        label=said.text("given_status"),
        version=reading.version(),
    )
    return row.refused_for(*reading.wrongs, *shape_wrongs(row, {}))
