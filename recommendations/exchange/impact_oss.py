"""Recommendations as IMPACT OSS imports and exports them (CSV).

The columns may stand in any order; which of the linked ones a file has depends on the installation. What the
state answered is `support_level` (0 noted, 1 supported in part, 2 supported, empty: not applicable). Links to
actions and indicators are not taken: they are codes of another tracker. They are counted.
"""

from typing import BinaryIO

from recommendations.exchange import cells, delimited, mappings
from recommendations.exchange.incoming import Answer, IncomingRow, Reading, Wrong, shape_wrongs

SYSTEM = "IMPACT OSS"
REQUIRED = ("reference", "title")
LINKS = (
    "action-id",
    "action-reference",
    "indicator-id",
    "indicator-reference",
    "category-id",
    "category-reference",
)
KNOWN = (
    *REQUIRED,
    "framework_id",
    "description",
    "response",
    "support_level",
    "category-short-title",
    *LINKS,
)
NAMED = {"code": "reference", "summary": "description"}


def read(file: BinaryIO) -> Reading:
    reading = Reading(rows=iter(()))

    def row(line: int, given: dict[str, str]) -> IncomingRow:
        for name in LINKS:
            if given.get(name):
                reading.passed_over[name] += 1
        return _row(line, given)

    rows = delimited.free_rows(delimited.open_text(file), KNOWN, REQUIRED)
    reading.rows = (row(line, given) for line, given in rows)
    return reading


def _row(line: int, given: dict[str, str]) -> IncomingRow:
    wrongs: list[Wrong] = []
    reference = cells.plain(given["reference"])
    if not reference:
        wrongs.append(Wrong("reference", "", "required"))
    title = cells.words_of_html(given["title"])
    summary = cells.words_of_html(given.get("description") or "") or title
    row = IncomingRow(
        line=line,
        key=reference,
        code=cells.slug(reference, 40),
        columns={
            "title": title if len(title) <= cells.TITLE_LENGTH else cells.title_of(title),
            "summary": summary,
            "note": cells.words_of_html(given.get("response") or ""),
            "locator": reference,
        },
        themes=cells.many(given["category-short-title"]) if "category-short-title" in given else None,
        answer=_answer(given, wrongs),
        label=given.get("support_level", ""),
    )
    return row.refused_for(*wrongs, *shape_wrongs(row, NAMED))


def _answer(given: dict[str, str], wrongs: list[Wrong]) -> Answer | None:
    if "support_level" not in given:
        return None
    level = given["support_level"].strip()
    meant = mappings.meaning(SYSTEM, level)
    if meant is None:
        wrongs.append(Wrong("support_level", level, "label_unknown"))
        return None
    return Answer(kind=meant.response, label=level, system=SYSTEM)
