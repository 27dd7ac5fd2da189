"""`federal_register`: has the Federal Register of the United States published something on this?

Asks its API (version 1, no key) for documents published since the newest one seen. Configuration: `terms`
(all must occur; a phrase of several words is looked for as such), `agencies` (their short names in the
register's addresses, such as `alcohol-tobacco-firearms-and-explosives-bureau`), `types` (RULE, PRORULE, NOTICE,
PRESDOCU), `since` (a day: the first look then tells all that was published from it on, else the newest few),
`url` (of a mirror). Terms or agencies must be given. What it cannot see: what a document changes, and anything
decided outside the register.

State: `since` (the day of the newest document told) and `seen` (the numbers of those of that day).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommendations.vocabulary import FindingKind

from ..answers import Answer, Failure, Request
from ..metadata import iso_day
from .contract import Found, Look, PreviousText, Target
from .fields import Fields, day, texts, web_address, words_of
from .findings import fingerprint
from .registers import (
    ACCEPT_JSON,
    MAX_BYTES,
    TOLD_AT_ONCE,
    TOLD_ON_FIRST_LOOK,
    NotData,
    asked,
    failed,
    hash_of,
    json_of,
    next_link,
    pages,
    rows_in,
    told,
    trouble,
    words,
)

KIND = "federal_register"
WATCHES = "recommendation"
KEY = ""

API = "https://www.federalregister.gov/api/v1/documents.json"
TYPES = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice", "PRESDOCU": "Presidential Document"}
"""The words of a query, and those of an answer: they are not the same."""
SCORES = {"Rule": 0.8, "Presidential Document": 0.7, "Proposed Rule": 0.6}
ASKED_FOR = ["title", "type", "abstract", "document_number", "html_url", "publication_date", "agencies"]
ASKED_FOR += ["effective_on", "citation"]
PER_PAGE = "100"

FIELDS = Fields(
    {
        "terms": texts(10),
        "agencies": texts(20, pattern=r"[a-z0-9-]+"),
        "types": words_of(TYPES),
        "since": day,
        "url": web_address,
    }
)


@dataclass(frozen=True)
class _Document:
    number: str
    on: str
    title: str
    row: Mapping[str, Any]


def address(config: Mapping[str, Any]) -> str:
    return str(config.get("url") or API)


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    wrong = FIELDS.complaints(config)
    if not wrong and "terms" not in config and "agencies" not in config:
        wrong["terms"] = "Give terms or agencies: the whole register is too much for anyone."
    return wrong


def request(target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
    since = state.get("since") or config.get("since", "")
    newest_only = _newest_only(config, state)
    pairs = [("conditions[term]", " ".join(_quoted(term) for term in config.get("terms", ())))]
    pairs = [pair for pair in pairs if pair[1]]
    pairs += [("conditions[agencies][]", slug) for slug in config.get("agencies", ())]
    pairs += [("conditions[type][]", word) for word in config.get("types", ())]
    if since:
        pairs.append(("conditions[publication_date][gte]", since))
    pairs += [("fields[]", name) for name in ASKED_FOR]
    # Oldest first: what does not fit into one look is then left for the next one, and nothing is passed over.
    pairs += [("per_page", PER_PAGE), ("order", "newest" if newest_only else "oldest")]
    return Request(
        asked(address(config), pairs),
        accept=ACCEPT_JSON,
        max_bytes=MAX_BYTES,
        robots=False,
        next_page=None if newest_only else next_page,
    )


def next_page(answer: Answer) -> str:
    """The link given: since 2026 it carries a cursor, and `total_pages` stops at 50 whatever there is."""
    return next_link(answer, "next_page_url")


def read(
    result: Answer | Failure,
    *,
    target: Target,
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    previous_text: PreviousText,
) -> Look:
    if (look := trouble(result, state)) is not None:
        return look
    assert isinstance(result, Answer)
    try:
        documents = _documents(result)
    except NotData as error:
        return failed(state, error)
    since, seen = state.get("since", ""), set(state.get("seen", ()))
    new = [each for each in documents if each.on > since or (each.on == since and each.number not in seen)]
    chosen = new[-TOLD_ON_FIRST_LOOK:] if _newest_only(config, state) else new[:TOLD_AT_ONCE]
    note = f"{len(documents)} read, {len(chosen)} told"
    if not _newest_only(config, state) and (len(new) > len(chosen) or next_page(pages(result)[-1])):
        note += ", more wait for the next look"
    next_state = {"since": since, "seen": sorted(seen)}
    if chosen:
        newest = chosen[-1].on
        # What stood there at the first look is met, told or not.
        met = documents if _newest_only(config, state) else chosen
        that_day = {each.number for each in met if each.on == newest}
        next_state = {"since": newest, "seen": sorted(that_day | (seen if newest == since else set()))}
    found = [_found(each, target, result) for each in chosen]
    return told(found, next_state, state, answer=result, note=note)


def _newest_only(config: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    return not state.get("looked") and not config.get("since")


def _quoted(term: str) -> str:
    term = term.strip().strip('"')
    return f'"{term}"' if " " in term else term


def _documents(answer: Answer) -> list[_Document]:
    """Those of all pages that carry what we need, each once, by day of publication."""
    read: dict[tuple[str, str], _Document] = {}
    for page in pages(answer):
        said = json_of(page)
        if isinstance(said, dict) and said.get("count") == 0 and "results" not in said:
            continue
        for row in rows_in(said, "results"):
            # Before 2016 a number alone does not name a document.
            number, on = words(row.get("document_number"), 40), iso_day(row.get("publication_date"))
            if number and on:
                read[on, number] = _Document(number, on, words(row.get("title")) or number, row)
    return [read[key] for key in sorted(read)]


def _found(document: _Document, target: Target, answer: Answer) -> Found:
    row = document.row
    kind = words(row.get("type"), 50)
    agencies = row.get("agencies")
    bodies = [each for each in agencies if isinstance(each, dict)] if isinstance(agencies, list) else []
    names = [words(each.get("name") or each.get("raw_name"), 200) for each in bodies]
    return Found(
        FindingKind.DOCUMENT_FOUND.value,
        "federal_register_document",
        1,
        f"{kind or 'Document'} of {document.on}: {document.title}"[:300],
        words(row.get("abstract")) or "The register gives no abstract.",
        {
            "url": words(row.get("html_url"), 1000),
            "title": document.title,
            "published_on": document.on,
            "publisher": names[0] if names else "",
            "document_number": document.number,
            "type": kind,
            "agencies": [name for name in names if name],
            "effective_on": iso_day(row.get("effective_on")),
            "citation": words(row.get("citation"), 50),
            "query": answer.url,
            "answer_hash": hash_of(answer),
        },
        SCORES.get(kind, 0.4),
        fingerprint(
            FindingKind.DOCUMENT_FOUND, target.about, "federal register", document.on, document.number
        ),
    )
