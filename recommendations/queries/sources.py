"""Sources as lists and pages show them, and the numbers they state."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from recommendations.models import Figure, Source
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment
from recommendations.vocabulary import FigureKind


@dataclass(frozen=True)
class Measured:
    """One measure of which a source states a number, with what was seen of it later."""

    measure: str
    stated: list[Figure]
    later: list[Figure]


def listed(user: Any, at: Moment | None = None) -> QuerySet[Source]:
    """Visible sources with their publisher, oldest first; at a moment of the past only those published by then."""
    rows = visible(Source.objects.all(), user)
    if at is not None:
        rows = rows.filter(published_on__lte=at.as_of)
    return rows.select_related("publisher").order_by("published_on", "pk")


def measured(source: Source, user: Any) -> list[Measured]:
    """The numbers a source states, each with later ones of the same measure: one statement."""
    stated_here = Figure.objects.filter(source=source, kind=FigureKind.STATED).values("measure")
    rows = visible(Figure.objects.all(), user).filter(
        Q(source=source) | Q(kind=FigureKind.LATER, measure__in=stated_here)
    )
    found: dict[str, Measured] = {}
    for row in rows.order_by("pk"):
        entry = found.setdefault(row.measure, Measured(row.measure, [], []))
        (entry.stated if row.kind == FigureKind.STATED else entry.later).append(row)
    return list(found.values())
