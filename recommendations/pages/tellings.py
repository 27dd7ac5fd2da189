"""The long lists of a recommendation's page, arranged for reading: verdicts, parts, evidence, relations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from recommendations.models import Assessment, Evidence, EvidenceLink
from recommendations.pages.shown import Shown
from recommendations.queries.assessments import was_held
from recommendations.queries.recommendations import Headline, headlines
from recommendations.queries.relations import Related
from recommendations.rules.moments import Moment
from recommendations.vocabulary import RelationKind, Stance, Timing


@dataclass(frozen=True)
class Verdict:
    """One published verdict, and whether it still stands."""

    row: Assessment
    retracted: bool
    corrected_by: Assessment | None

    @property
    def stands(self) -> bool:
        return not self.retracted and self.corrected_by is None


def verdicts(rows: Iterable[Assessment], known_at: datetime) -> list[Verdict]:
    """In the order given; what happened after `known_at` is not told."""
    return [
        Verdict(
            row,
            retracted=row.retracted_at is not None and row.retracted_at <= known_at,
            corrected_by=next((each for each in row.superseded_by.all() if was_held(each, known_at)), None),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Part:
    shown: Shown
    current: Assessment | None


def parts(found: Iterable[Shown], rows: Iterable[Assessment]) -> list[Part]:
    """Each part with the verdict that its status comes from."""
    by_id = {row.pk: row for row in rows}
    return [Part(each, by_id.get(each.headline.assessment_id or 0)) for each in found]


@dataclass(frozen=True)
class Told:
    """One piece of evidence with how it bears on the recommendation and on its parts."""

    evidence: Evidence
    links: list[EvidenceLink] = field(default_factory=list)

    @property
    def stances(self) -> list[tuple[str, list[EvidenceLink]]]:
        """The links by stance: one piece may support one part and contradict another."""
        order = Stance.values
        ordered = sorted(self.links, key=lambda link: (order.index(link.stance), link.recommendation.code))
        return [(stance, list(links)) for stance, links in groupby(ordered, key=lambda link: link.stance)]

    @property
    def publisher(self) -> str:
        """Whose it is, as this finding cites it."""
        document = self.evidence.document
        named = document.publisher.name if document.publisher else ""
        return self.evidence.publisher_wording or document.publisher_wording or named

    @property
    def via(self) -> str:
        """Who reported or reproduced it, where the publisher as cited does not say so already."""
        via = self.evidence.document.via
        return via.name if via is not None and via.name not in self.publisher else ""

    @property
    def checked_elsewhere(self) -> list[str]:
        """Where else the finding was read than at the document's own address."""
        return [address for address in self.evidence.checked_against if address != self.evidence.document.url]

    @property
    def only_context(self) -> bool:
        return all(link.timing == Timing.BEFORE_PUBLICATION for link in self.links)


@dataclass(frozen=True)
class TheEvidence:
    """Evidence since the document by year, newest first, and what is older than it."""

    all: list[Told]

    @property
    def years(self) -> list[tuple[int, list[Told]]]:
        since = [told for told in self.all if not told.only_context]
        return [
            (year, list(rows))
            for year, rows in groupby(since, key=lambda told: told.evidence.occurred_on.year)
        ]

    @property
    def context(self) -> list[Told]:
        return [told for told in self.all if told.only_context]

    @property
    def stance_counts(self) -> dict[str, int]:
        """Pieces since the document by stance; one that bears on parts in two ways counts in both."""
        counts = dict.fromkeys(Stance.values, 0)
        for told in self.all:
            if not told.only_context:
                for stance, _links in told.stances:
                    counts[stance] += 1
        return {stance: number for stance, number in counts.items() if number}

    @property
    def unverified(self) -> int:
        return sum(not told.evidence.verified for told in self.all)


def evidence(links: Iterable[EvidenceLink]) -> TheEvidence:
    """Each piece once, in the order of its first link."""
    found: dict[int, Told] = {}
    for link in links:
        found.setdefault(link.evidence_id, Told(link.evidence)).links.append(link)
    return TheEvidence(list(found.values()))


@dataclass(frozen=True)
class Relative:
    related: Related
    headline: Headline
    says: object


TOLD_BY_THE_OTHER = {
    RelationKind.SAME_AIM: _("Same aim"),
    RelationKind.SUPPORTS: _("Supported by"),
    RelationKind.CONTRADICTS: _("Contradicted by"),
    RelationKind.SUPERSEDES: _("Superseded by"),
    RelationKind.DUPLICATES: _("Duplicated by"),
}
"""A relation is told once, in one direction; read from the other side it needs other words."""


def related(found: Iterable[Related], at: Moment | None, *, now: datetime) -> list[Relative]:
    """Relations with what the other recommendation had come to at the moment."""
    listed = list(found)
    heads = headlines([each.other for each in listed], at, now=now)
    return [Relative(each, heads[each.other.pk], _says(each)) for each in listed]


def _says(each: Related) -> object:
    kind = RelationKind(each.relation.kind)
    return kind.label if each.outgoing else TOLD_BY_THE_OTHER[kind]
