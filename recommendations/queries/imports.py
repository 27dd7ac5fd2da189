"""Imports with what a list shows of each. For staff: nothing here is public."""

from django.db.models import QuerySet

from recommendations.models import Import


def listed() -> QuerySet[Import]:
    """All imports with their source and the people who brought and applied them, the latest first."""
    return Import.objects.select_related("source", "examined_by", "applied_by").order_by(
        "-examined_at", "-pk"
    )
