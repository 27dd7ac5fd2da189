"""What has passed or grown old among our own rows and was not told yet.

Each row carries `fingerprint`, the name under which it will be told: what has it already is left out, so that
asking every minute costs one statement and finds the same thing once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from recommendations.fetching.adapters import OwnRows
from recommendations.fetching.adapters.own_rows import Lapsed
from recommendations.models import Assessment, Closure, Finding, Recommendation
from recommendations.queries.recommendations import Asked, matching
from recommendations.rules.closures import is_open
from recommendations.rules.dates import PartialDate
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


def of(recommendation: Recommendation, *, now: datetime) -> OwnRows:
    """What a check of our own rows is told of one recommendation, read afresh: three statements."""
    row = Recommendation.objects.select_related("source").get(pk=recommendation.pk)
    source = row.source
    return OwnRows(
        number=row.pk,
        code=row.code,
        now=now,
        open=is_open(row.closure_reason, row.closure_review_on, now.date()),
        status=row.status,
        status_label=str(row.get_status_display()),
        headline=row.headline_id,
        last_verified_at=row.last_verified_at,
        due_on=row.due_on,
        response=row.response,
        published_on=PartialDate(source.published_on, source.date_precision).last_day,
        addressees=tuple(row.addressee_set.order_by("position").values_list("institution__name", flat=True)),
        lapsed=_lapsed(row, now),
    )


def _lapsed(row: Recommendation, now: datetime) -> Lapsed | None:
    """The latest closure if its review date has come, whether or not the sweep has reopened it already."""
    latest: Closure | None = row.closures.order_by("-closed_at", "-id").first()
    if latest is None or latest.review_on is None or latest.review_on > now.date():
        return None
    if latest.reopened_at is not None and latest.reopened_by_id is not None:
        return None  # a person had opened it before
    return Lapsed(latest.pk, latest.reason, str(latest.get_reason_display()), latest.review_on)


def _untold(rows: QuerySet[Recommendation], kind: str, told_by: str, limit: int, also: str = "") -> list[Due]:
    words: list[Any] = [Value(f"{kind}:"), Cast("pk", CharField()), Value(":"), Cast(F(told_by), CharField())]
    if also:
        words += [Value(":"), Cast(F(also), CharField())]
    named = rows.annotate(fingerprint=Concat(*words, output_field=CharField()))
    told = Finding.objects.filter(fingerprint=OuterRef("fingerprint"))
    return [Due(row, row.fingerprint) for row in named.exclude(Exists(told))[:limit]]
