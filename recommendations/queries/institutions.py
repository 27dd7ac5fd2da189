"""Institutions by what is asked of them."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from recommendations.models import Addressee, Institution, Recommendation
from recommendations.queries.visibility import visible


def addressed(user: Any) -> QuerySet[Institution]:
    """Institutions that something visible is asked of, by name: one statement."""
    asked = Addressee.objects.filter(
        institution=OuterRef("pk"), recommendation__in=visible(Recommendation.objects.all(), user)
    )
    return Institution.objects.filter(Exists(asked)).order_by("name", "pk")


def of(rows: QuerySet[Recommendation], code: str) -> QuerySet[Recommendation]:
    """Those of `rows` that are addressed to the institution of this code."""
    asked = Addressee.objects.filter(institution__code=code)
    return rows.filter(pk__in=asked.values("recommendation"))


def listed() -> QuerySet[Institution]:
    """All institutions, by name, each with the one it is part of and its heir: one statement."""
    return Institution.objects.select_related("parent", "merged_into").order_by("name", "pk")
