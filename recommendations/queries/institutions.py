"""Institutions by what is asked of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from recommendations.models import (
    Addressee,
    Assessment,
    Deadline,
    Document,
    Institution,
    Response,
    Source,
)
from recommendations.queries import tallies
from recommendations.queries.visibility import visible
from recommendations.vocabulary import Grouping


def addressed(user: Any) -> QuerySet[Institution]:
    """Institutions that something visible is asked of, by name, heirs for those merged into them: one statement."""
    rows = Institution.objects.filter(pk__in=tallies.inhabited(user, Grouping.ADDRESSEE))
    return rows.order_by("name", "pk")


def heir_of(code: str, user: Any) -> Institution | None:
    """Whom a merged institution of this code is one with, where this user may see it; None for any other code."""
    row = visible(Institution.objects.filter(code=code), user).select_related("merged_into").first()
    return row.merged_into if row else None


@dataclass(frozen=True)
class Named:
    """How many rows name an institution, by what names it; they go on naming it when it is merged."""

    recommendations: int
    sources: int
    responses: int
    documents: int
    verdicts: int
    deadlines: int
    parts: int
    merged: int


def named(institution: Institution) -> Named:
    """One statement."""
    counts = (
        Addressee.objects.filter(institution=OuterRef("pk")),
        Source.objects.filter(publisher=OuterRef("pk")),
        Response.objects.filter(institution=OuterRef("pk")),
        Document.objects.filter(Q(publisher=OuterRef("pk")) | Q(via=OuterRef("pk"))),
        Assessment.objects.filter(verdict_institution=OuterRef("pk")),
        Deadline.objects.filter(moved_by=OuterRef("pk")),
        Institution.objects.filter(parent=OuterRef("pk")),
        Institution.objects.filter(merged_into=OuterRef("pk")),
    )
    annotated = Institution.objects.filter(pk=institution.pk).values_list(
        *(
            Coalesce(
                Subquery(rows.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")),
                0,
            )
            for rows in counts
        )
    )
    return Named(*annotated.get())


def listed(user: Any) -> QuerySet[Institution]:
    """Visible institutions, by name, each with the one it is part of and its heir: one statement."""
    return (
        visible(Institution.objects.all(), user)
        .select_related("parent", "merged_into")
        .order_by("name", "pk")
    )
