"""Findings with what a list shows of each. For staff: nothing here is public."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, QuerySet

from recommendations.models import Finding


def listed() -> QuerySet[Finding]:
    """All findings with what they are about and who decided; the assessments in a second statement."""
    return (
        Finding.objects.select_related("recommendation", "evidence", "indicator", "decided_by")
        .prefetch_related("assessments")
        .order_by("-last_seen_at", "-pk")
    )


def brought(checks: Collection[int], *, since: datetime) -> dict[str, int]:
    """How many new findings of each kind these checks have brought since."""
    new = Finding.objects.filter(status_check__in=checks, first_seen_at__gte=since)
    return dict(new.order_by("kind").values_list("kind").annotate(number=Count("pk")))
