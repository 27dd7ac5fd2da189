"""Entries of the seed files, which have the right shape, turned into nouns.

What needs a second noun to be judged is not judged here.
"""

from collections.abc import Iterator
from decimal import Decimal

from recommendations.exchange.entries import Entry
from recommendations.exchange.nouns import (
    Addressee,
    Assessment,
    Check,
    Citation,
    Document,
    Evidence,
    Figure,
    Indicator,
    Institution,
    Link,
    Observation,
    Recommendation,
    Relation,
    Source,
    Theme,
)
from recommendations.exchange.stances import Stances
from recommendations.vocabulary import ObservationRole, Timing, VerdictBy

DAILY = 24 * 3600


def institution(entry: Entry) -> Institution:
    return Institution(
        code=entry["code"],
        name=entry["name"],
        kind=entry["kind"],
        country=entry.get("country"),
        parent=entry.get("parent"),
        aliases=entry.words("aliases"),
        place=entry.place,
    )


def theme(entry: Entry) -> Theme:
    return Theme(
        code=entry["code"],
        name=entry["name"],
        description=entry.get("description"),
        parent=entry.get("parent"),
        place=entry.place,
    )


def source(entry: Entry) -> Source:
    published = entry.date("published_on")
    return Source(
        code=entry["code"],
        title=entry["title"],
        kind=entry["kind"],
        publisher=entry["publisher"],
        published_on=published.first_day,
        date_precision=entry.get("date_precision", published.precision),
        publisher_wording=entry.get("publisher_wording"),
        authors=entry.words("authors"),
        author_note=entry.get("author_note"),
        series=entry.get("series"),
        date_label=entry.get("date_label"),
        date_note=entry.get("date_note"),
        url=entry.get("url"),
        url_confirmed=entry.get("url_confirmed", None),
        language=entry["language"],
        note=entry.get("note"),
        place=entry.place,
    )


def document(entry: Entry) -> Document:
    return Document(
        code=entry["code"],
        title=entry["title"],
        publisher=entry.get("publisher"),
        publisher_wording=entry.get("publisher_wording"),
        via=entry.get("via"),
        url=entry.get("url"),
        url_confirmed=entry.get("url_confirmed", None),
        evidence=tuple(_evidence(each, entry) for each in entry.below("evidence")),
        place=entry.place,
    )


def _evidence(entry: Entry, document: Entry) -> Evidence:
    """A finding. Where it does not say how it names the document, it names it as the document's entry does."""
    cited = entry.get("cited_as", {})
    occurred = entry.date("occurred_on")
    return Evidence(
        code=entry["id"],
        kind=entry["kind"],
        title=cited.get("title", document["title"]),
        publisher_wording=cited.get("publisher", document.get("publisher_wording")),
        finding=entry["finding"],
        occurred_on=occurred.first_day,
        date_precision=occurred.precision,
        verified=entry["verified"],
        url_confirmed=entry.get("url_confirmed", document.get("url_confirmed", None)),
        checked_against=entry.words("checked_against"),
        from_memory=entry.words("from_memory"),
        caution=entry.get("caution"),
        links=tuple(_link(each) for each in entry.below("bears_on")),
        place=entry.place,
    )


def _link(entry: Entry) -> Link:
    return Link(
        recommendation=entry["code"],
        stance=entry["stance"],
        timing=entry.get("timing", Timing.AFTER_PUBLICATION.value),
        note=entry.get("note"),
        place=entry.place,
    )


def recommendations(file: Entry, stances: Stances) -> Iterator[Recommendation]:
    """All of one source, each part after the recommendation it is a part of."""
    for entry in file.below("recommendations"):
        yield _recommendation(entry, file["source"], stances)
        for part in entry.below("parts"):
            yield _recommendation(part, file["source"], stances, parent=entry)


def _recommendation(
    entry: Entry, source: str, stances: Stances, parent: Entry | None = None
) -> Recommendation:
    """A part stands under its parent's heading and is as explicit as it."""
    whole = parent or entry
    return Recommendation(
        code=entry["code"],
        source=source,
        title=entry["title"],
        summary=entry["summary"],
        parent=parent["code"] if parent else "",
        group=whole.get("group"),
        locator=entry.get("locator"),
        explicit=whole["explicit"],
        note=entry.get("note"),
        themes=entry.words("themes"),
        addressees=tuple(
            Addressee(each["institution"], each.get("wording"), each.place)
            for each in entry.below("addressees")
        ),
        assessments=tuple(_assessment(each, entry["code"], stances) for each in entry.below("assessments")),
        relations=tuple(
            Relation(each["to"], each["kind"], each.get("note"), each.place)
            for each in entry.below("relations")
        ),
        place=entry.place,
    )


def _assessment(entry: Entry, code: str, stances: Stances) -> Assessment:
    return Assessment(
        status=entry["status"],
        effective_on=entry.date("effective_on").first_day,
        rationale=entry["rationale"],
        confidence=entry.get("confidence"),
        verdict_by=entry.get("verdict_by", VerdictBy.OFFICE.value),
        evidence_derived=entry.get("evidence_derived", False),
        citations=tuple(_citation(each, code, stances) for each in entry.below("evidence")),
        place=entry.place,
    )


def _citation(entry: Entry, code: str, stances: Stances) -> Citation:
    """An id alone takes the stance that the evidence has toward `code`; {id, stance} says its own.

    "" where there is none to take, for seed_references to refuse.
    """
    alone = isinstance(entry.value, str)
    evidence = entry.value if alone else entry["id"]
    stance = ("" if alone else entry.get("stance")) or stances.of(evidence, code)
    return Citation(evidence, stance, "" if alone else entry.get("locator"), entry.place)


def indicator(entry: Entry) -> Indicator:
    single = (ObservationRole.BASELINE, ObservationRole.TARGET)
    observations = [_observation(entry.under(role.value), role) for role in single if role.value in entry]
    observations += [_observation(each, ObservationRole.OBSERVATION) for each in entry.below("observations")]
    return Indicator(
        code=entry["code"],
        name=entry["name"],
        unit=entry["unit"],
        recommendations=entry.words("recommendations"),
        direction=entry.get("direction"),
        note=entry.get("note"),
        sources=entry.words("sources"),
        observations=tuple(observations),
        place=entry.place,
    )


def check(entry: Entry) -> Check:
    return Check(
        kind=entry["kind"],
        config=entry["config"],
        every=entry.get("every", DAILY),
        recommendation=entry.get("recommendation"),
        indicator=entry.get("indicator"),
        place=entry.place,
    )


def _observation(entry: Entry, role: ObservationRole) -> Observation:
    return Observation(
        role=role.value,
        period=str(entry.get("period")),
        value=_number(entry["value"]),
        period_from=entry.date("from").first_day if "from" in entry else None,
        period_to=entry.date("to").first_day if "to" in entry else None,
        verified=entry.get("verified", None),
        seen_at=entry.get("seen_at"),
        measure=entry.get("measure"),
        quality=entry.get("quality"),
        basis=entry.get("basis"),
        note=entry.get("note"),
        place=entry.place,
    )


def figure(entry: Entry) -> Figure:
    return Figure(
        code=entry["code"],
        kind=entry["kind"],
        measure=entry["measure"],
        period=str(entry["period"]),
        unit=entry["unit"],
        value=_number(entry["value"]),
        source=entry.get("source"),
        locator=entry.get("locator"),
        description=entry.get("description"),
        evidence=entry.get("evidence"),
        seen_at=entry.get("seen_at"),
        approximate=entry.get("approximate", False),
        bound=entry.get("bound"),
        usable=entry.get("usable", True),
        note=entry.get("note"),
        place=entry.place,
    )


def _number(value: float | None) -> Decimal | None:
    """Through text: the decimal that was written, not the nearest binary fraction."""
    return None if value is None else Decimal(str(value))
