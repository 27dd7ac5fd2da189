"""The verdicts of an import: proposed by the import, published by a person, corrected and never edited."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.actions import assessments, events
from recommendations.actions.batches import Batch, Tally
from recommendations.exchange import nouns
from recommendations.models import Assessment, Citation, Evidence, Recommendation, User
from recommendations.vocabulary import METHOD_VERSION, AssessmentState


@dataclass(frozen=True)
class _Key:
    """What makes a verdict of the file the same as one that is held already."""

    recommendation: str
    effective_on: str
    verdict_by: str
    status: str
    rationale: str


def load(seeds: nouns.Seeds, batch: Batch, *, by: User) -> Tally:
    """Add the verdicts that were never held and publish them in the name of `by`.

    A verdict for the same day and party that the file no longer holds is corrected by the new one. What a
    person has retracted or corrected since is not brought back.
    """
    held = {_key_of_row(row): row for row in _of_import(batch.origin)}
    wanted = [(item.code, verdict) for item in seeds.recommendations for verdict in item.assessments]
    fresh = [(code, verdict) for code, verdict in wanted if _key(code, verdict) not in held]
    if fresh:
        replaced = _replaced(held, {_key(code, verdict) for code, verdict in wanted})
        rows = _propose(fresh, replaced, batch)
        _publish(rows, batch, by)
    return Tally(created=len(fresh), unchanged=len(wanted) - len(fresh))


def _of_import(origin: str) -> Iterable[Assessment]:
    return Assessment.objects.filter(proposed_by_machine=origin).select_related("recommendation")


def _replaced(
    held: dict[_Key, Assessment], wanted: set[_Key]
) -> dict[tuple[str, str, str], list[Assessment]]:
    """Standing verdicts of this import that the file no longer holds, by recommendation, day and party."""
    gone: dict[tuple[str, str, str], list[Assessment]] = defaultdict(list)
    standing = set(
        Assessment.objects.standing()
        .filter(pk__in=[row.pk for row in held.values()])
        .values_list("pk", flat=True)
    )
    for key, row in held.items():
        if key not in wanted and row.pk in standing:
            gone[key.recommendation, key.effective_on, key.verdict_by].append(row)
    return gone


def _propose(
    fresh: list[tuple[str, nouns.Assessment]],
    replaced: dict[tuple[str, str, str], list[Assessment]],
    batch: Batch,
) -> list[Assessment]:
    recommendations = {row.code: row for row in Recommendation.objects.all()}
    evidence = dict(Evidence.objects.values_list("code", "pk"))
    rows = []
    for code, verdict in fresh:
        same_day = replaced.get((code, verdict.effective_on.isoformat(), verdict.verdict_by), [])
        rows.append(
            Assessment(
                recommendation=recommendations[code],
                status=verdict.status,
                effective_on=verdict.effective_on,
                rationale=verdict.rationale,
                confidence=verdict.confidence,
                verdict_by=verdict.verdict_by,
                evidence_derived=verdict.evidence_derived,
                supersedes=same_day.pop(0) if same_day else None,
                method_version=METHOD_VERSION,
                proposed_by_machine=batch.origin,
                proposed_at=batch.now,
            )
        )
    Assessment.objects.bulk_create(rows)
    Citation.objects.bulk_create(
        Citation(
            assessment=row, evidence_id=evidence[cited.evidence], stance=cited.stance, locator=cited.locator
        )
        for row, (_code, verdict) in zip(rows, fresh, strict=True)
        for cited in verdict.citations
    )
    for row in rows:
        batch.tell(
            events.describe(
                "assessment.proposed", row, by=batch.origin, now=batch.now, after=assessments.told(row)
            )
        )
    return rows


def _publish(rows: list[Assessment], batch: Batch, by: User) -> None:
    public = set(Recommendation.objects.published().values_list("pk", flat=True))
    for row in rows:
        row.state = AssessmentState.PUBLISHED
        row.decided_by, row.decided_at, row.published_at = by, batch.now, batch.now
        batch.tell(
            events.describe(
                "assessment.published",
                row,
                by=by,
                now=batch.now,
                after=assessments.told(row),
                public=row.recommendation_id in public,
            )
        )
    Assessment.objects.bulk_update(
        rows, ["state", "decided_by", "decided_at", "published_at"], batch_size=500
    )


def _key(code: str, verdict: nouns.Assessment) -> _Key:
    day = verdict.effective_on.isoformat()
    return _Key(code, day, verdict.verdict_by, verdict.status, verdict.rationale)


def _key_of_row(row: Assessment) -> _Key:
    day = row.effective_on.isoformat()
    return _Key(row.recommendation.code, day, row.verdict_by, row.status, row.rationale)
