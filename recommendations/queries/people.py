"""People by role, and the record of the rights they were given. For staff."""

from django.db.models import Count

from recommendations.models import Event, User


def by_role() -> dict[str, int]:
    """How many who may sign in have each role: one statement."""
    rows = User.objects.filter(is_active=True).order_by().values_list("role").annotate(number=Count("pk"))
    return dict(rows)


def rights_granted(*, limit: int) -> list[Event]:
    """The latest events that gave or took rights, the newest first: one statement."""
    return list(Event.objects.filter(object_type__in=("user", "token")).order_by("-id")[:limit])
