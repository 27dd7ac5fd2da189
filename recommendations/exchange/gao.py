"""GAO's list of open recommendations, as its database exports it (CSV).

Five lines come before the header: a title, who prepared it, a moment ("status as of Sep 28, 2026 at 7:05 PM
EST": the label says EST all year, so only the day is read), two empty ones. Then eleven columns, one spelt with
two spaces, and a row for each recommendation and agency. Only what is open is listed: what is closed leaves
the file. Names and telephone numbers of staff are not read. "Open" is not a verdict: nobody says that nothing
was done.
"""

import hashlib
import re
from datetime import date
from typing import BinaryIO

from recommendations.exchange import cells, delimited, mappings
from recommendations.exchange.incoming import (
    SOURCE_CODE_LENGTH,
    Claim,
    FileRefused,
    IncomingRow,
    Publication,
    Reading,
    Wrong,
    shape_wrongs,
)
from recommendations.vocabulary import VerdictBy

SYSTEM = "GAO"
SPEAKER = "Government Accountability Office"
PUBLICATION, NUMBER, ISSUED = "Publication Name", "Publication  Number", "Date Publication Issued"
HEADER = (
    PUBLICATION,
    NUMBER,
    ISSUED,
    "Director Name",
    "Director Phone",
    "Agency",
    "Recommendation",
    "Status",
    "Priority",
    "Comments",
    "Topics",
)
NAMED = {"code": NUMBER, "title": "Recommendation", "summary": "Recommendation", "source": NUMBER}
PREAMBLE_LINES = 5
STAMP = re.compile(r"status as of ([A-Z][a-z]{2,8} \d{1,2}, \d{4})")

STATED = re.compile(
    r"[(\[]\s*(recommendations?|rec\.?|matters?(?:\s+for(?:\s+congressional)?\s+consideration)?)"
    r"\s*(?:no\.?|#)?\s*(\d+(?:-\d+)?)\s*\.?\s*[)\]]?\s*\.?\s*$",
    re.IGNORECASE,
)
"""The number that GAO gives a recommendation, at the end of its text, in some twenty spellings."""


def read(file: BinaryIO) -> Reading:
    text = delimited.open_text(file)
    before = delimited.preamble(text, PREAMBLE_LINES)
    if "GAO Recommendation" not in before[0]:
        raise FileRefused("preamble_unknown", value=before[0])
    stamp = STAMP.search(" ".join(before))
    as_of = cells.american_day(stamp[1]) if stamp else None
    if as_of is None:
        raise FileRefused("as_of_unknown", line=3, value=before[2] if len(before) > 2 else "")
    rows = delimited.rows(text, HEADER, after=PREAMBLE_LINES)
    return Reading(rows=(_row(line, row) for line, row in rows), as_of=as_of)


def stated_number(text: str) -> str:
    """ "4" for a recommendation, "M4" for a matter for Congress, "" where the text states none."""
    found = STATED.search(text)
    if found is None:
        return ""
    return f"M{found[2]}" if found[1].lower().startswith("m") else found[2]


def _row(line: int, given: dict[str, str]) -> IncomingRow:
    number, agency = cells.plain(given[NUMBER]), cells.plain(given["Agency"])
    text = cells.plain(given["Recommendation"])
    wrongs: list[Wrong] = []
    issued = cells.american_day(given[ISSUED])
    if issued is None:
        wrongs.append(Wrong(ISSUED, given[ISSUED], "date"))
    if not agency:
        wrongs.append(Wrong("Agency", "", "required"))
    if not number or len(number) > SOURCE_CODE_LENGTH or " " in number:
        wrongs.append(Wrong(NUMBER, number, "code_shape"))
    priority = {"Yes": True, "No": False}.get(given["Priority"])
    if priority is None:
        wrongs.append(Wrong("Priority", given["Priority"], "flag"))
    status = cells.plain(given["Status"])
    claim = _claim(status, cells.plain(given["Comments"]), wrongs)
    stated = stated_number(text)
    # Some rows state no number: then the words are the key, and other words are another row.
    own = stated or f"T{_short(text, 8)}"
    row = IncomingRow(
        line=line,
        key=f"{number} | {agency} | {own}",
        code=f"{cells.slug(number, SOURCE_CODE_LENGTH)}-{own}-{_short(agency.casefold(), 4)}",
        columns={
            "title": cells.title_of(text),
            "summary": text,
            "locator": f"Recommendation {stated}" if stated.isdigit() else "",
            "priority": bool(priority),
        },
        source=Publication(
            code=cells.slug(number, SOURCE_CODE_LENGTH),
            title=" ".join(cells.plain(given[PUBLICATION]).split()),
            published_on=issued or date.min,
            url=f"https://www.gao.gov/products/{number.lower()}",
        ),
        addressees=(agency,),
        themes=cells.many(given["Topics"], comma=False),
        claim=claim,
        label=status,
    )
    return row.refused_for(*wrongs, *shape_wrongs(row, NAMED))


def _claim(status: str, comment: str, wrongs: list[Wrong]) -> Claim | None:
    meant = mappings.meaning(SYSTEM, status)
    if meant is None:
        wrongs.append(Wrong("Status", status, "label_unknown"))
    if meant is None or not meant.status:
        return None
    return Claim(
        status=meant.status,
        label=status,
        system=SYSTEM,
        verdict_by=VerdictBy.OVERSIGHT,
        institution=SPEAKER,
        rationale=comment,
    )


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
