"""The Universal Human Rights Index of the OHCHR: its full export as JSON.

One array of some 250,000 annotations, 400 megabytes: it is read one annotation at a time. Only
recommendations are taken; concerns and observations are counted and passed over. What a state answered in the
Universal Periodic Review ("Supported", "Noted") is its response, dated by the document; it is no verdict.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

import ijson

from recommendations.exchange import cells, mappings
from recommendations.exchange.incoming import (
    SOURCE_CODE_LENGTH,
    Answer,
    FileRefused,
    IncomingRow,
    Publication,
    Reading,
    Wrong,
    digest,
    shape_wrongs,
)

SYSTEM = "UPR"
KEYS = (
    "AffectedPersons",
    "AnnotationId",
    "AnnotationType",
    "Body",
    "Countries",
    "DocumentId",
    "PublicationDate",
    "PublicationDateOnUhri",
    "Regions",
    "Sdgs",
    "Symbol",
    "Text",
    "Themes",
    "UprCycle",
    "UprPositions",
    "UprRecommendingCountry",
    "UprRecommendingRegions",
    "UprSession",
)
LISTS = (
    "AffectedPersons",
    "Countries",
    "Regions",
    "Sdgs",
    "Themes",
    "UprPositions",
    "UprRecommendingCountry",
    "UprRecommendingRegions",
    "UprSession",
)
NAMED = {"code": "AnnotationId", "title": "Text", "summary": "Text", "source": "Symbol", "group": "Body"}
LONGEST_WORD = 1_000_000
"""Characters of one text; more is no annotation."""


def read(file: BinaryIO) -> Reading:
    reading = Reading(rows=iter(()))
    reading.rows = _rows(file, reading)
    return reading


def _rows(file: BinaryIO, reading: Reading) -> Iterator[IncomingRow]:
    number = 0
    try:
        for number, each in enumerate(ijson.items(file, "item"), 1):
            if number == 1:
                _known(each)
            kind = cells.undashed(str(each.get("AnnotationType", "")))
            shown_on = cells.iso_day(str(each.get("PublicationDateOnUhri")))
            if shown_on is not None:
                reading.as_of = max(reading.as_of or shown_on, shown_on)
            if not kind.lower().startswith("recommendation"):
                reading.passed_over[kind] += 1
                continue
            yield _row(number, each)
    except ijson.JSONError as error:
        raise FileRefused("json", line=number + 1, value=str(error)) from error
    except UnicodeDecodeError as error:
        raise FileRefused("encoding", line=number + 1) from error
    if number == 0:
        raise FileRefused("empty")


def _known(first: Any) -> None:
    if not isinstance(first, dict):
        raise FileRefused("json", value="no object")
    for name in sorted(first.keys() - set(KEYS)):
        raise FileRefused("header_unknown", value=name)
    for name in KEYS:
        if name not in first:
            raise FileRefused("header_missing", column=name)


def _row(number: int, given: dict[str, Any]) -> IncomingRow:
    wrongs = [Wrong(name, "", "header_unknown") for name in sorted(given.keys() - set(KEYS))]
    wrongs += [
        Wrong(name, str(given.get(name)), "list") for name in LISTS if not isinstance(given.get(name), list)
    ]
    text = cells.words_of_html(str(given.get("Text") or ""))[:LONGEST_WORD]
    identity = str(given.get("AnnotationId", "")).lower()
    published = cells.iso_day(str(given.get("PublicationDate")))
    if published is None:
        wrongs.append(Wrong("PublicationDate", str(given.get("PublicationDate")), "date"))
    countries = _strings(given.get("Countries"))
    if not countries:
        wrongs.append(Wrong("Countries", "", "required"))
    body = cells.undashed(str(given.get("Body") or ""))
    row = IncomingRow(
        line=number,
        key=identity,
        code=f"UHRI-{identity.replace('-', '')}",
        columns={"title": cells.title_of(text), "summary": text, "group": body},
        source=_publication(
            str(given.get("Symbol") or ""), str(given.get("DocumentId") or ""), body, published
        ),
        addressees=countries,
        themes=_strings(given.get("Themes")),
        answer=_answer(given, countries, published, wrongs),
        label=" ".join(_strings(given.get("UprPositions"))),
    )
    return row.refused_for(*wrongs, *shape_wrongs(row, NAMED))


def _publication(symbol: str, identity: str, body: str, published: date | None) -> Publication:
    """Documents are known by their symbol; where ours is shorter than theirs, a digest keeps them apart."""
    symbol = cells.plain(symbol) or identity
    code = cells.slug(symbol, 100)
    if len(code) > SOURCE_CODE_LENGTH:
        code = f"{code[: SOURCE_CODE_LENGTH - 7].strip('-')}-{digest({'symbol': symbol})[:6]}"
    return Publication(
        code=code, title=f"{symbol} ({body})" if body else symbol, published_on=published or date.min
    )


def _answer(
    given: dict[str, Any], countries: tuple[str, ...], published: date | None, wrongs: list[Wrong]
) -> Answer | None:
    positions = _strings(given.get("UprPositions"))
    if not positions:
        return None
    if len(positions) > 1 or len(countries) != 1:
        wrongs.append(Wrong("UprPositions", ", ".join(positions), "one_answer"))
        return None
    meant = mappings.meaning(SYSTEM, positions[0])
    if meant is None:
        wrongs.append(Wrong("UprPositions", positions[0], "label_unknown"))
        return None
    return Answer(
        kind=meant.response,
        label=positions[0],
        system=SYSTEM,
        institution=countries[0],
        stated_on=published,
    )


def _strings(given: Any) -> tuple[str, ...]:
    entries = (cells.undashed(str(each)) for each in given) if isinstance(given, list) else ()
    return tuple(dict.fromkeys(each for each in entries if each))
