"""Imports with what a list shows of each. For staff: nothing here is public."""

from django.db.models import QuerySet

from recommendations.models import Import, ImportWork


def listed() -> QuerySet[Import]:
    """All imports with their source, the people who brought and applied them and what a worker was asked to do, the
    latest first."""
    people = ("examined_by", "applied_by", "work__asked_by")
    return Import.objects.select_related("source", "work", *people).order_by("-examined_at", "-pk")


def work_of(batch: Import) -> ImportWork | None:
    """What a worker was last asked to do with it; None where everything was done at once."""
    return getattr(batch, "work", None)


def before(work: ImportWork) -> int:
    """How many others a worker does first."""
    return ImportWork.objects.filter(ended_at__isnull=True, asked_at__lt=work.asked_at).count()
