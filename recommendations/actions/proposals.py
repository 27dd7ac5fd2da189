"""Proposing a verdict together with the evidence that is new: both or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recommendations.actions import assessments, evidence
from recommendations.actions.assessments import Cited
from recommendations.actions.refusals import one_transaction
from recommendations.models import Assessment, Recommendation, User


@dataclass(frozen=True)
class NewEvidence:
    """A document that is not filed yet: what it shows, in our words, and how it bears on the recommendation."""

    url: str
    title: str
    finding: str
    kind: str
    occurred_on: date
    stance: str
    locator: str = ""
    verified: bool = True


def propose(
    recommendation: Recommendation,
    *,
    cites: Sequence[Cited],
    by: User,
    now: datetime,
    filing: NewEvidence | None = None,
    **claim: Any,
) -> Assessment:
    """As `assessments.propose`; `filing` is filed as evidence first and cited with the rest."""
    with one_transaction():
        cites = [*cites, *file(recommendation, filing, by=by, now=now)]
        return assessments.propose(recommendation, cites=cites, by=by, now=now, **claim)


def file(
    recommendation: Recommendation, filing: NewEvidence | None, *, by: User, now: datetime
) -> list[Cited]:
    """File it, bearing on the recommendation, and say how it is cited; nothing where there is nothing to file."""
    if filing is None:
        return []
    filed = evidence.file(
        url=filing.url,
        title=filing.title,
        finding=filing.finding,
        kind=filing.kind,
        occurred_on=filing.occurred_on,
        verified=filing.verified,
        bears_on=[evidence.Bearing(recommendation, filing.stance)],
        by=by,
        now=now,
    )
    return [Cited(filed, filing.stance, filing.locator)]
