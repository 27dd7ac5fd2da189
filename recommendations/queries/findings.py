"""Findings with what a list shows of each. For staff: nothing here is public."""

from django.db.models import QuerySet

from recommendations.models import Finding


def listed() -> QuerySet[Finding]:
    """All findings with what they are about and who decided; the assessments in a second statement."""
    return (
        Finding.objects.select_related("recommendation", "evidence", "indicator", "decided_by")
        .prefetch_related("assessments")
        .order_by("-last_seen_at", "-pk")
    )
