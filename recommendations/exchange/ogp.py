"""Commitments of the Open Government Partnership, as its IRM data guide 1.0 names their columns (CSV).

Only the columns that were seen in that guide and on commitment pages are known; the header of the present
export was never seen, and a file with other columns is refused by name rather than guessed at. `Completion` is
the verdict of the Independent Reporting Mechanism, an oversight body.
"""

from typing import BinaryIO

from recommendations.exchange import cells, delimited, mappings
from recommendations.exchange.incoming import Claim, IncomingRow, Reading, Wrong, shape_wrongs
from recommendations.vocabulary import VerdictBy

SYSTEM = "OGP IRM"
SPEAKER = "Independent Reporting Mechanism"
REQUIRED = ("CaseNo", "Commitment Title", "Responsible Institution")
KNOWN = (
    *REQUIRED,
    "Country",
    "Cluster",
    "Supporting Institution",
    "PoC Specified",
    "Policy Areas",
    "Action Plan",
    "Action Plan Cycle",
    "Completion",
)
NAMED = {"code": "CaseNo", "title": "Commitment Title", "summary": "Commitment Title", "group": "Cluster"}


def read(file: BinaryIO) -> Reading:
    rows = delimited.free_rows(delimited.open_text(file), KNOWN, REQUIRED)
    return Reading(rows=(_row(line, given) for line, given in rows))


def _row(line: int, given: dict[str, str]) -> IncomingRow:
    wrongs: list[Wrong] = []
    number = cells.plain(given["CaseNo"])
    if not number:
        wrongs.append(Wrong("CaseNo", "", "required"))
    asked = cells.many(given["Responsible Institution"], comma=False)
    if not asked:
        wrongs.append(Wrong("Responsible Institution", "", "required"))
    title = cells.plain(given["Commitment Title"])
    completion = cells.plain(given.get("Completion", ""))
    row = IncomingRow(
        line=line,
        key=number,
        code=cells.slug(f"OGP-{number}", 40),
        columns={
            "title": title if len(title) <= cells.TITLE_LENGTH else cells.title_of(title),
            "summary": title,
            "group": cells.plain(given.get("Cluster", "")),
            "locator": cells.plain(given.get("Action Plan", "")),
        },
        addressees=(*asked, *cells.many(given.get("Supporting Institution", ""), comma=False)),
        themes=cells.many(given["Policy Areas"], comma=False) if "Policy Areas" in given else None,
        claim=_claim(completion, wrongs),
        label=completion,
    )
    return row.refused_for(*wrongs, *shape_wrongs(row, NAMED))


def _claim(completion: str, wrongs: list[Wrong]) -> Claim | None:
    if not completion:
        return None
    meant = mappings.meaning(SYSTEM, completion)
    if meant is None:
        wrongs.append(Wrong("Completion", completion, "label_unknown"))
        return None
    return Claim(
        status=meant.status,
        label=completion,
        system=SYSTEM,
        verdict_by=VerdictBy.OVERSIGHT,
        institution=SPEAKER,
    )
