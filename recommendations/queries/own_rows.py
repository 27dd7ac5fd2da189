"""What checks of our own rows are told of recommendations: plain facts, read afresh."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from recommendations.fetching.adapters import OwnRows
from recommendations.fetching.adapters.own_rows import Lapsed
from recommendations.models import Addressee, Closure, Recommendation
from recommendations.rules.closures import is_open
from recommendations.rules.dates import PartialDate


def of(numbers: Collection[int], *, now: datetime) -> dict[int, OwnRows]:
    """What our rows say of these recommendations at `now`, by key: three statements, however many."""
    rows = Recommendation.objects.filter(pk__in=numbers).select_related("source")
    latest = Closure.objects.filter(recommendation__in=numbers).order_by(
        "recommendation_id", "-closed_at", "-id"
    )
    closures = {each.recommendation_id: each for each in latest.distinct("recommendation_id")}
    asked = Addressee.objects.filter(recommendation__in=numbers).order_by("position", "id")
    names: dict[int, list[str]] = defaultdict(list)
    for number, name in asked.values_list("recommendation_id", "institution__name"):
        names[number].append(name)
    return {row.pk: _of(row, closures.get(row.pk), tuple(names[row.pk]), now) for row in rows}


def _of(row: Recommendation, closure: Closure | None, addressees: tuple[str, ...], now: datetime) -> OwnRows:
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
        published_on=PartialDate(row.source.published_on, row.source.date_precision).last_day,
        addressees=addressees,
        lapsed=_lapsed(closure, now),
    )


def _lapsed(latest: Closure | None, now: datetime) -> Lapsed | None:
    """The latest closure if its review date has come, whether or not the sweep has reopened it already."""
    if latest is None or latest.review_on is None or latest.review_on > now.date():
        return None
    if latest.reopened_at is not None and latest.reopened_by_id is not None:
        return None  # a person had opened it before
    return Lapsed(latest.pk, latest.reason, str(latest.get_reason_display()), latest.review_on)
