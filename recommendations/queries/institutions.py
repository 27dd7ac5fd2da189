"""Institutions by what is asked of them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from recommendations.models import Addressee, Institution, Recommendation
from recommendations.queries.visibility import visible


def addressed(user: Any) -> QuerySet[Institution]:
    """Institutions that something visible is asked of, by name, heirs for those merged into them: one statement."""
    asked = visible(Addressee.objects.all(), user).filter(
        Q(institution=OuterRef("pk")) | Q(institution__merged_into=OuterRef("pk"))
    )
    return Institution.objects.filter(Exists(asked), merged_into=None).order_by("name", "pk")


def of(rows: QuerySet[Recommendation], code: str) -> QuerySet[Recommendation]:
    """Those of `rows` that are addressed to the institution of this code, under whichever name it was merged.

    A merged body and its heir are one: asking for either finds what is asked of both.
    """
    named = Institution.objects.filter(code=code).annotate(heir=Coalesce("merged_into", "pk"))
    one = Institution.objects.annotate(heir=Coalesce("merged_into", "pk")).filter(
        heir__in=named.values("heir")
    )
    asked = Addressee.objects.filter(institution__in=one)
    return rows.filter(pk__in=asked.values("recommendation"))


def listed(user: Any) -> QuerySet[Institution]:
    """Visible institutions, by name, each with the one it is part of and its heir: one statement."""
    return (
        visible(Institution.objects.all(), user)
        .select_related("parent", "merged_into")
        .order_by("name", "pk")
    )
