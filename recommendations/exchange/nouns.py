"""The tracker's nouns as plain values: what a file says, before any of it is a row.

A reader (seeds.py, later the importers) returns these and knows no model; an action loads them.
References to other things are codes. `place` says where in the file a value was read, so that an
error found later, by the action or the database, can still name the line; it does not take part
in comparisons. Words such as statuses are those of vocabulary.py; a missing text is "".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1, and the lines of the fields below it.

    `file` is relative to the folder that was read.
    """

    file: str
    line: int
    fields: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def line_of(self, name: str) -> int:
        """The line of one field; of the whole where that field is not written."""
        return self.fields.get(name, self.line)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


NOWHERE = Place("", 0)


@dataclass(frozen=True)
class Institution:
    code: str
    name: str
    kind: str
    country: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Theme:
    code: str
    name: str
    description: str = ""
    parent: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Source:
    """A document that makes recommendations. `published_on` is the first day of what is known."""

    code: str
    title: str
    kind: str
    publisher: str
    published_on: date
    date_precision: str
    publisher_wording: str = ""
    authors: tuple[str, ...] = ()
    author_note: str = ""
    series: str = ""
    date_label: str = ""
    date_note: str = ""
    url: str = ""
    url_confirmed: bool | None = None
    language: str = "en"
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Link:
    """How a piece of evidence bears on one recommendation or part."""

    recommendation: str
    stance: str
    timing: str
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Evidence:
    """One finding in a document. `title` and `publisher_wording` are as this finding cites it.

    `url_confirmed` is the document's, except where the finding's own word on it differs.
    """

    code: str
    kind: str
    title: str
    publisher_wording: str
    finding: str
    occurred_on: date
    date_precision: str
    verified: bool
    url_confirmed: bool | None = None
    checked_against: tuple[str, ...] = ()
    from_memory: tuple[str, ...] = ()
    caution: str = ""
    links: tuple[Link, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Document:
    """One address (or none, url ""), with the evidence found in it.

    `publisher` is the institution whose document it is; `via` the one that reported or reproduced
    it, where the address is theirs. `url_confirmed` None: nobody noted whether.
    """

    code: str
    title: str
    publisher: str
    publisher_wording: str
    via: str = ""
    url: str = ""
    url_confirmed: bool | None = None
    evidence: tuple[Evidence, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Addressee:
    """An institution that is asked. A document's wording may name several: each carries it."""

    institution: str
    wording: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Citation:
    """Evidence an assessment rests on, with the stance it has toward that recommendation."""

    evidence: str
    stance: str
    locator: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Assessment:
    """A dated verdict. `evidence_derived`: all that bore on it to that day is listed, not a choice."""

    status: str
    effective_on: date
    rationale: str
    confidence: str = ""
    verdict_by: str = "office"
    evidence_derived: bool = False
    citations: tuple[Citation, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Relation:
    """From the recommendation that holds it `to` another."""

    to: str
    kind: str
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Recommendation:
    """One thing a source asks for; a part names its `parent`. Parts follow their parent."""

    code: str
    source: str
    title: str
    summary: str
    parent: str = ""
    group: str = ""
    locator: str = ""
    explicit: bool = True
    note: str = ""
    themes: tuple[str, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    relations: tuple[Relation, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Observation:
    """One value of an indicator. `role` is baseline, target or observation.

    `period` is the label as given ("" for a target without a date); `period_from` and `period_to` only where it
    is plain. `measure` says what was measured where that differs from the indicator's name, `quality` how firm the
    value is ("preliminary"), `basis` what a target rests on. `seen_at` is an address, or the code of one of
    our sources where the document itself states the value. `verified` None: nobody noted whether.
    """

    role: str
    period: str
    value: Decimal | None
    period_from: date | None = None
    period_to: date | None = None
    verified: bool | None = None
    seen_at: str = ""
    measure: str = ""
    quality: str = ""
    basis: str = ""
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Indicator:
    """A measure. `direction` is the way that is better, "" where that is a matter of opinion."""

    code: str
    name: str
    unit: str
    recommendations: tuple[str, ...]
    direction: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()
    observations: tuple[Observation, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Figure:
    """A number a source states (kind `stated`), or one seen later for such a measure (`later`).

    `measure` joins the two. A stated figure has a `source` and a `locator`, a later one the
    `evidence` it stands in and `seen_at`. `usable` False: no value to compare with, a remark only.
    """

    code: str
    kind: str
    measure: str
    period: str
    unit: str
    value: Decimal | None
    source: str = ""
    locator: str = ""
    description: str = ""
    evidence: str = ""
    seen_at: str = ""
    approximate: bool = False
    bound: str = ""
    usable: bool = True
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Check:
    """What a register, feed or series is asked, for a recommendation or an indicator (the other one is "").

    `config` is for the kind to judge: nothing here knows the kinds. `every` is in seconds.
    """

    kind: str
    config: Mapping[str, Any]
    every: int
    recommendation: str = ""
    indicator: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Seeds:
    """Everything a folder holds, in an order in which it can be loaded: what is referred to first.

    Relations and indicators are last to resolve: a relation may point to any recommendation.
    """

    institutions: tuple[Institution, ...]
    themes: tuple[Theme, ...]
    sources: tuple[Source, ...]
    recommendations: tuple[Recommendation, ...]
    documents: tuple[Document, ...]
    indicators: tuple[Indicator, ...]
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]

    @property
    def evidence(self) -> Iterator[Evidence]:
        return (each for document in self.documents for each in document.evidence)
