"""What has passed or grown old among our own rows and was not told yet.

Each row carries `fingerprint`, the name under which it will be told: what has it already is left out, so that
asking every minute costs one statement and finds the same thing once.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from recommendations.models import Finding, Recommendation
from recommendations.queries.recommendations import Asked, matching
from recommendations.vocabulary import FindingKind


@dataclass(frozen=True)
class Due:
    """A recommendation that something is to be told of, and the fingerprint of the telling."""

    recommendation: Recommendation
    fingerprint: str


def passed_deadlines(*, now: datetime, limit: int) -> list[Due]:
    """Open recommendations whose deadline in force has passed, the longest overdue first."""
    overdue = matching(Recommendation.objects.all(), Asked(overdue=True), None, now=now)
    return _untold(overdue.order_by("due_on", "pk"), FindingKind.DEADLINE_PASSED, "due_on", limit)


def stale_verdicts(*, now: datetime, limit: int) -> list[Due]:
    """Open recommendations whose headline is unverified for longer than its status may stand."""
    stale = matching(Recommendation.objects.all(), Asked(stale=True, open=True), None, now=now)
    return _untold(stale.order_by("last_verified_at", "pk"), FindingKind.VERDICT_STALE, "headline_id", limit)


def _untold(rows: QuerySet[Recommendation], kind: str, told_by: str, limit: int) -> list[Due]:
    words = (Value(f"{kind}:"), Cast("pk", CharField()), Value(":"), Cast(F(told_by), CharField()))
    named = rows.annotate(fingerprint=Concat(*words, output_field=CharField()))
    told = Finding.objects.filter(fingerprint=OuterRef("fingerprint"))
    return [Due(row, row.fingerprint) for row in named.exclude(Exists(told))[:limit]]
