"""The audit trail of one row."""

from django.db.models import Model

from recommendations.models import Event, Recommendation


def of(row: Model, *, limit: int) -> list[Event]:
    """What was done with a row, the newest first; for a recommendation also with all that belongs to it."""
    if isinstance(row, Recommendation):
        return list(Event.objects.filter(recommendation_code=row.code)[:limit])
    name = str(getattr(row, "code", None) or row.pk)
    return list(Event.objects.filter(object_type=row._meta.model_name, object_id=name)[:limit])
