"""How recommendations stand to one another, read from either side."""

from dataclasses import dataclass
from typing import Any

from recommendations.models import Recommendation, Relation
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment


@dataclass(frozen=True)
class Related:
    """One relation as seen from a recommendation; `outgoing` when it was told from its side."""

    relation: Relation
    other: Recommendation
    outgoing: bool


def related_to(recommendation: Recommendation, user: Any, at: Moment | None = None) -> list[Related]:
    """Visible recommendations that this one is related to, both ways: two statements.

    At a moment of the past: between what had been made by that day, as far as we had told of it.
    """
    rows = visible(Relation.objects.all(), user)
    told = rows.filter(recommendation=recommendation).select_related("other__source")
    heard = rows.filter(other=recommendation).select_related("recommendation__source")
    if at is not None:
        told, heard = (rows.filter(recorded_at__lte=at.known_at) for rows in (told, heard))
        told = told.filter(other__source__published_on__lte=at.as_of)
        heard = heard.filter(recommendation__source__published_on__lte=at.as_of)
    found = [Related(row, row.other, True) for row in told]
    found += [Related(row, row.recommendation, False) for row in heard]
    return sorted(found, key=lambda row: (row.relation.kind, row.other.code))
