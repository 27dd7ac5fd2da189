"""Constraints that several models share, so that each reads as one line where it is used."""

from collections.abc import Sequence

from django.db.models import CheckConstraint, Q


def one_of(field: str, values: Sequence[str], *, name: str) -> CheckConstraint:
    """The column holds one of the words of the vocabulary, whoever writes it."""
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def not_blank(field: str, *, name: str) -> CheckConstraint:
    """The text says something: it is neither empty nor white space only."""
    return CheckConstraint(condition=Q(**{f"{field}__regex": r"\S"}), name=name)


def together(first: str, second: str, *, name: str) -> CheckConstraint:
    """Both columns are filled or neither is: who and when belong together."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return CheckConstraint(condition=both | neither, name=name)
