"""Themes, and what falls under each."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from recommendations.models import Recommendation, Theme
from recommendations.queries.visibility import visible


def used(user: Any) -> QuerySet[Theme]:
    """Themes under which something visible falls, by name, those with parts included: one statement."""
    through = Recommendation.themes.through._default_manager.filter(
        Q(theme=OuterRef("pk")) | Q(theme__parent=OuterRef("pk")),
        recommendation__in=visible(Recommendation.objects.all(), user),
    )
    return Theme.objects.filter(Exists(through)).select_related("parent").order_by("name", "pk")


def under(rows: QuerySet[Recommendation], code: str) -> QuerySet[Recommendation]:
    """Those of `rows` that fall under the theme of this code or under a theme that is part of it."""
    through = Recommendation.themes.through._default_manager.filter(
        Q(theme__code=code) | Q(theme__parent__code=code)
    )
    return rows.filter(pk__in=through.values("recommendation"))


def listed(user: Any) -> QuerySet[Theme]:
    """Visible themes, by name, each with the one it is part of: one statement."""
    return visible(Theme.objects.all(), user).select_related("parent").order_by("name", "pk")
