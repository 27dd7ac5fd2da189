"""How recommendations stand to one another, read from either side."""

from dataclasses import dataclass
from typing import Any

from recommendations.models import Recommendation, Relation
from recommendations.models.visibility import public_recommendation
from recommendations.queries.visibility import sees_internal


@dataclass(frozen=True)
class Related:
    """One relation as seen from a recommendation; `outgoing` when it was told from its side."""

    relation: Relation
    other: Recommendation
    outgoing: bool


def related_to(recommendation: Recommendation, user: Any) -> list[Related]:
    """Visible recommendations that this one is related to, both ways: two statements."""
    told = Relation.objects.filter(recommendation=recommendation).select_related("other__source")
    heard = Relation.objects.filter(other=recommendation).select_related("recommendation__source")
    if not sees_internal(user):
        told = told.filter(public_recommendation("other__"))
        heard = heard.filter(public_recommendation("recommendation__"))
    rows = [Related(row, row.other, True) for row in told]
    rows += [Related(row, row.recommendation, False) for row in heard]
    return sorted(rows, key=lambda row: (row.relation.kind, row.other.code))
