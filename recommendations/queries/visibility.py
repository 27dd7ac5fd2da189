"""What one person may see: the public part of a noun, or all of it for people with a role."""

from typing import Any, TypeVar

from django.db.models import QuerySet

from recommendations.models import User

Rows = TypeVar("Rows", bound=QuerySet[Any])


def sees_internal(user: Any) -> bool:
    """Whether this user (or the anonymous one) may read what is internal or not yet published."""
    return isinstance(user, User) and user.may("internal.read")


def visible(rows: Rows, user: Any) -> Rows:
    """`rows` as this user may see them. The querysets' `published()` alone knows what is public."""
    return rows if sees_internal(user) else rows.published()  # type: ignore[attr-defined]
