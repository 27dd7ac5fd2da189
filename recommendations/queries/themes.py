"""Themes."""

from typing import Any

from django.db.models import QuerySet

from recommendations.models import Theme
from recommendations.queries import tallies
from recommendations.queries.visibility import visible
from recommendations.vocabulary import Grouping


def used(user: Any) -> QuerySet[Theme]:
    """Themes under which something visible falls, by name, those with parts included: one statement."""
    rows = Theme.objects.filter(pk__in=tallies.inhabited(user, Grouping.THEME))
    return rows.select_related("parent").order_by("name", "pk")


def listed(user: Any) -> QuerySet[Theme]:
    """Visible themes, by name, each with the one it is part of: one statement."""
    return visible(Theme.objects.all(), user).select_related("parent").order_by("name", "pk")
