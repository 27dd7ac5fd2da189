"""What a decision should know of: what was decided before in the same matter, and the evidence side by side."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from recommendations.models import Assessment, EvidenceLink, Finding, Recommendation
from recommendations.queries.evidence import BASIS_KINDS, links_of
from recommendations.vocabulary import AssessmentState, FindingState, Stance

EARLIER = 5


@dataclass(frozen=True)
class Bearing:
    """One piece of evidence beside the others: how it bears, where it is cited, and the doubt that hangs over it.

    `doubt` is the latest open finding that its document has changed, moved or gone.
    """

    link: EvidenceLink
    cited: bool
    locator: str
    stance: str
    doubt: Finding | None


def side_by_side(
    recommendations: Collection[Recommendation], cited: Assessment | None, user: Any
) -> list[Bearing]:
    """All evidence on these recommendations, each piece once: what is cited first, then what is
    in doubt, then what speaks against it.

    Three statements. `cited` is the proposal whose citations count, if there is one.
    """
    citations = {each.evidence_id: each for each in cited.citations.all()} if cited else {}
    links: dict[int, EvidenceLink] = {}
    for link in links_of([row.pk for row in recommendations], user):
        links.setdefault(link.evidence_id, link)
    doubts = _doubts(link.evidence.document_id for link in links.values())
    found = [
        Bearing(
            link,
            cited=pk in citations,
            locator=citations[pk].locator if pk in citations else "",
            stance=citations[pk].stance if pk in citations else link.stance,
            doubt=doubts.get(link.evidence.document_id),
        )
        for pk, link in links.items()
    ]
    return sorted(
        found, key=lambda each: (not each.cited, each.doubt is None, each.stance == Stance.SUPPORTS)
    )


def _doubts(documents: Iterable[int]) -> dict[int, Finding]:
    """The latest open doubt about each document: one statement."""
    rows = Finding.objects.filter(
        state=FindingState.OPEN, kind__in=BASIS_KINDS, evidence__document__in=set(documents)
    )
    rows = rows.select_related("evidence", "before", "after").order_by("first_seen_at", "pk")
    return {row.evidence.document_id: row for row in rows if row.evidence is not None}


def on_recommendation(recommendation: Recommendation, besides: Assessment) -> list[Assessment]:
    """The latest decisions on proposals about a recommendation: one statement."""
    decided = Assessment.objects.filter(recommendation=recommendation, decided_at__isnull=False)
    rows = decided.exclude(pk=besides.pk).select_related("proposed_by", "decided_by", "retracted_by")
    return list(rows.order_by("-decided_at", "-pk")[:EARLIER])


def on_rule(rule: str) -> list[Finding]:
    """The latest decisions on what one rule brought: one statement."""
    decided = Finding.objects.filter(rule=rule).exclude(state=FindingState.OPEN)
    rows = decided.select_related("decided_by", "recommendation", "evidence")
    return list(rows.order_by("-decided_at", "-pk")[:EARLIER])


def waiting_on(recommendations: Collection[Recommendation], besides: Assessment | None) -> list[Assessment]:
    """Other proposals about the same recommendations that nobody has decided on: one statement."""
    rows = Assessment.objects.filter(
        state=AssessmentState.PROPOSED, recommendation__in=[row.pk for row in recommendations]
    )
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return list(rows.select_related("recommendation", "proposed_by").order_by("proposed_at", "pk"))
