"""What has passed or grown old among our own rows and was not told yet.

Each row carries `fingerprint`, the name under which it will be told: what has it already is left out, so that
asking every minute costs one statement and finds the same thing once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from recommendations.models import Assessment, Finding, Recommendation
from recommendations.queries.recommendations import Asked, matching
from recommendations.vocabulary import FindingKind, VerdictBy


@dataclass(frozen=True)
class Due:
    """A recommendation that something is to be told of, and the fingerprint of the telling."""

    recommendation: Recommendation
    fingerprint: str
    other: Assessment | None = None
    """The verdict of another party, where that is what is to be told."""


def passed_deadlines(*, now: datetime, limit: int) -> list[Due]:
    """Open recommendations whose deadline in force has passed, the longest overdue first."""
    overdue = matching(Recommendation.objects.all(), Asked(overdue=True), None, now=now)
    return _untold(overdue.order_by("due_on", "pk"), FindingKind.DEADLINE_PASSED, "due_on", limit)


def stale_verdicts(*, now: datetime, limit: int) -> list[Due]:
    """Open recommendations whose headline is unverified for longer than its status may stand."""
    stale = matching(Recommendation.objects.all(), Asked(stale=True, open=True), None, now=now)
    return _untold(stale.order_by("last_verified_at", "pk"), FindingKind.VERDICT_STALE, "headline_id", limit)


def contested_verdicts(*, now: datetime, limit: int) -> list[Due]:
    """Recommendations on which another party's latest verdict differs from ours: two statements."""
    others = Assessment.objects.standing().exclude(verdict_by=VerdictBy.OFFICE)
    others = others.filter(recommendation=OuterRef("pk")).exclude(status=OuterRef("status"))
    rows = matching(Recommendation.objects.all(), Asked(contested=True), None, now=now)
    rows = rows.annotate(other_id=Subquery(others.latest_first().values("pk")[:1]))
    due = _untold(rows.order_by("pk"), FindingKind.VERDICT_CONTESTED, "headline_id", limit, "other_id")
    found = Assessment.objects.select_related("verdict_institution").in_bulk(
        [each.recommendation.other_id for each in due]  # type: ignore[attr-defined] # annotated above
    )
    return [
        replace(each, other=found[each.recommendation.other_id])  # type: ignore[attr-defined]
        for each in due
        if each.recommendation.other_id in found  # type: ignore[attr-defined]
    ]


def _untold(rows: QuerySet[Recommendation], kind: str, told_by: str, limit: int, also: str = "") -> list[Due]:
    words: list[Any] = [Value(f"{kind}:"), Cast("pk", CharField()), Value(":"), Cast(F(told_by), CharField())]
    if also:
        words += [Value(":"), Cast(F(also), CharField())]
    named = rows.annotate(fingerprint=Concat(*words, output_field=CharField()))
    told = Finding.objects.filter(fingerprint=OuterRef("fingerprint"))
    return [Due(row, row.fingerprint) for row in named.exclude(Exists(told))[:limit]]
