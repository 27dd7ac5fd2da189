"""Counts by status, with what is not known always among them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from recommendations.models import Recommendation
from recommendations.queries.visibility import visible
from recommendations.vocabulary import Status


@dataclass(frozen=True)
class Counts:
    """How many recommendations stand at each status. Every status is a key, zeros among them."""

    by_status: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def assessed(self) -> int:
        """Those somebody has looked at and could judge."""
        return self.total - self.not_assessed - self.unable_to_assess

    @property
    def not_assessed(self) -> int:
        return self.by_status[Status.NOT_ASSESSED]

    @property
    def unable_to_assess(self) -> int:
        return self.by_status[Status.UNABLE_TO_ASSESS]

    @property
    def coverage(self) -> float | None:
        """The share that is assessed, 0 to 1; None where there is nothing to assess."""
        return self.assessed / self.total if self.total else None


def by_source(user: Any, *, parts: bool = False) -> dict[int, Counts]:
    """Counts for each source by its primary key, of whole recommendations (or of parts): one statement."""
    rows = visible(Recommendation.objects.filter(parent__isnull=not parts), user)
    found: dict[int, dict[str, int]] = {}
    for source, status, number in (
        rows.order_by()
        .values_list("source", "status")
        .annotate(n=Count("pk"))
        .values_list("source", "status", "n")
    ):
        found.setdefault(source, dict.fromkeys(Status.values, 0))[status] = number
    return {source: Counts(by_status) for source, by_status in found.items()}


def nothing() -> Counts:
    return Counts(dict.fromkeys(Status.values, 0))
