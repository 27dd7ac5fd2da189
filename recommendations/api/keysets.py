"""Orders of a list, and what comes after a place in one, said so that an index answers it at any depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value


@dataclass(frozen=True)
class Key:
    """One column to sort by. The last key of an order must be unique."""

    column: str
    descending: bool = False
    nullable: bool = False

    def of(self, row: Model) -> Any:
        value: Any = row
        for name in self.column.split("__"):
            value = getattr(value, name)
        return value


@dataclass(frozen=True)
class Cursor:
    values: list[Any]
    backwards: bool


def stretches(ordered: QuerySet[Any], order: Sequence[Key], cursor: Cursor | None) -> list[QuerySet[Any]]:
    """What comes after the cursor, in stretches that an index answers one by one: with a value, then without.

    Empty values come last forwards and first backwards. "After this value, or empty" said at once would be answered by
    walking the list from its beginning.
    """
    if cursor is None:
        return [ordered]
    first, value = order[0], cursor.values[0]
    if any(key.nullable for key in order[1:]):
        side = (
            "lte" if first.descending != cursor.backwards else "gte"
        )  # the first key bounds what is looked through
        return [
            ordered.filter(
                _further(order, cursor.values, cursor.backwards), **{f"{first.column}__{side}": value}
            )
        ]
    if not first.nullable:
        return [ordered.filter(_beyond(order, cursor.values, cursor.backwards))]
    empty, filled = Q(**{f"{first.column}__isnull": True}), Q(**{f"{first.column}__isnull": False})
    if value is None:
        rest = ordered.filter(empty, _beyond(order[1:], cursor.values[1:], cursor.backwards))
        return [rest, ordered.filter(filled)] if cursor.backwards else [rest]
    further = ordered.filter(filled, _beyond(order, cursor.values, cursor.backwards))
    return [further] if cursor.backwards else [further, ordered.filter(empty)]


def ordering(key: Key, backwards: bool) -> Any:
    column = F(key.column)
    descending = key.descending != backwards
    if not key.nullable:
        return column.desc() if descending else column.asc()
    if backwards:
        return column.desc(nulls_first=True) if descending else column.asc(nulls_first=True)
    return column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)


def _beyond(order: Sequence[Key], values: Sequence[Any], backwards: bool) -> Any:
    """Rows that come after these values (before them, when going backwards); none of the values is empty."""
    if len(order) > 1 and len({key.descending for key in order}) == 1:
        return Further(order, values, less=order[0].descending != backwards)
    key, value = order[0], values[0]
    side = "lt" if key.descending != backwards else "gt"
    further = Q(**{f"{key.column}__{side}": value})
    if len(order) == 1:
        return further
    return further | (Q(**{key.column: value}) & Q(_beyond(order[1:], values[1:], backwards)))


def _further(order: Sequence[Key], values: Sequence[Any], backwards: bool) -> Q:
    """As `_beyond`, of keys that may be empty: key by key."""
    key, value = order[0], values[0]
    side = "lt" if key.descending != backwards else "gt"
    if value is not None:
        further = Q(**{f"{key.column}__{side}": value})
        if key.nullable and not backwards:
            further |= Q(**{f"{key.column}__isnull": True})
        equal = Q(**{key.column: value})
    else:
        further = Q(**{f"{key.column}__isnull": False}) if backwards else Q(pk__in=[])
        equal = Q(**{f"{key.column}__isnull": True})
    if len(order) == 1:
        return further
    return further | (equal & _further(order[1:], values[1:], backwards))


class Further(Func):
    """`(a, b) < (x, y)`: one range of an index whose columns go the same way, however deep in the list."""

    def __init__(self, order: Sequence[Key], values: Sequence[Any], *, less: bool) -> None:
        super().__init__(*(F(key.column) for key in order), *map(Value, values), output_field=BooleanField())
        self.less = less

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_more: Any) -> Any:
        texts, values = [], []
        for each in self.get_source_expressions():
            text, more = compiler.compile(each)
            texts.append(text)
            values += more
        half = len(texts) // 2
        left, right = ", ".join(texts[:half]), ", ".join(texts[half:])
        return f"({left}) {'<' if self.less else '>'} ({right})", values
