"""What publishing would change, found out by doing it and taking it back.

The same action, the same triggers and the same refusals as the real thing: a preview that is worked out
beside them would agree only until one of them changes. Nothing is kept: the transaction is rolled back.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import connection

from recommendations.actions import assessments, headlines, proposals
from recommendations.actions.assessments import Cited
from recommendations.actions.proposals import NewEvidence
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Assessment, Citation, Institution, Recommendation, User
from recommendations.queries.headlines import COPIED
from recommendations.vocabulary import METHOD_VERSION, AssessmentState, VerdictBy

REHEARSED = "rehearsal"
"""The name under which a proposal is made that is never kept."""

State = dict[str, Any]


@dataclass(frozen=True)
class Effect:
    """What a recommendation's copied columns (queries.headlines.COPIED) say before and after; or why it is refused."""

    before: State
    after: State
    refused: Refused | None = None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Only what would differ, as (before, after); the number of the verdict behind it is not told."""
        return {
            name: (self.before[name], self.after[name])
            for name in COPIED
            if name != "headline_id" and self.before[name] != self.after[name]
        }


class _TakenBack(Exception):
    """Ends a rehearsal: everything since its beginning is rolled back."""


def publishing(assessment: Assessment, *, by: User, now: datetime) -> Effect:
    """What `assessments.publish` would change, asked by the person who would do it."""
    return _rehearse(assessment.recommendation, partial(assessments.publish, assessment, by=by, now=now))


def proposing(
    recommendation: Recommendation,
    *,
    status: str,
    effective_on: date,
    rationale: str,
    confidence: str,
    cites: Sequence[Cited],
    by: User,
    now: datetime,
    verdict_by: str = VerdictBy.OFFICE,
    verdict_institution: Institution | None = None,
    supersedes: Assessment | None = None,
    filing: NewEvidence | None = None,
) -> Effect:
    """What would change once somebody else had published this proposal. Refused as `assessments.propose` is."""
    require(by, "assessment.propose", recommendation)

    def publish() -> None:
        cited = [*cites, *proposals.file(recommendation, filing, by=by, now=now)]
        assessments.check_claim(recommendation, status, effective_on, rationale, cited, today=now.date())
        # In nobody's name: the person who asks may not decide on what they propose, here neither.
        verdict = Assessment.objects.create(
            recommendation=recommendation,
            status=status,
            effective_on=effective_on,
            rationale=rationale,
            confidence=confidence,
            verdict_by=verdict_by,
            verdict_institution=verdict_institution,
            supersedes=supersedes,
            method_version=METHOD_VERSION,
            proposed_by_machine=REHEARSED,
            proposed_at=now,
        )
        Citation.objects.bulk_create(
            Citation(assessment=verdict, evidence=each.evidence, stance=each.stance) for each in cited
        )
        verdict.state = AssessmentState.PUBLISHED
        verdict.decided_by, verdict.decided_at, verdict.published_at = by, now, now
        verdict.save(update_fields=["state", "decided_by", "decided_at", "published_at"])
        headlines.refresh([recommendation.pk], by=by, now=now)

    return _rehearse(recommendation, publish)


def _rehearse(recommendation: Recommendation, act: Callable[[], object]) -> Effect:
    before = _state(recommendation)
    after, refused = before, None
    try:
        with one_transaction():
            act()
            with connection.cursor() as cursor:
                # What a commit would check. Not one level deeper: there it would outlast the rehearsal.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            after = _state(recommendation)
            raise _TakenBack
    except _TakenBack:
        pass
    except Refused as refusal:
        refused = refusal
    return Effect(before, after, refused)


def _state(recommendation: Recommendation) -> State:
    return Recommendation.objects.values(*COPIED).get(pk=recommendation.pk)
