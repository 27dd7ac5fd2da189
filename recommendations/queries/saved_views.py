"""How a person looks at lists, as they kept it."""

from django.db.models import QuerySet

from recommendations.models import SavedView, User


def of(person: User, noun: str) -> QuerySet[SavedView]:
    """The views that a person keeps of one list, by name: one statement."""
    return SavedView.objects.filter(person=person, noun=noun).order_by("name")
