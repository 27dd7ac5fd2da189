"""Pages of a list by keyset: a cursor holds the sort keys of a row, and the page is what comes after it.

The hundredth page costs what the first one does, and rows that come or go meanwhile shift nothing. NULL
sorts last, both ways.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db.models import (
    DateField,
    DateTimeField,
    F,
    Field,
    FloatField,
    IntegerField,
    Model,
    Q,
    QuerySet,
)
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from recommendations.api.parameters import Query

DEFAULT_LIMIT, MAX_LIMIT = 50, 500

Row = TypeVar("Row", bound=Model)


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


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str | None
    previous: str | None
    count: int | None = None

    def answer(self, results: Any) -> dict[str, Any]:
        """The envelope of every list."""
        envelope: dict[str, Any] = {"next": self.next, "previous": self.previous}
        if self.count is not None:
            envelope["count"] = self.count
        return envelope | {"results": results}


class PageQuery(Query):
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT, help_text="Rows a page."
    )
    cursor = serializers.CharField(
        required=False,
        max_length=1000,
        help_text="From `next` or `previous` of a page; not to be made by hand.",
    )
    include = serializers.ChoiceField(
        ["count"], required=False, help_text="`count` adds the number of all rows that match."
    )


def paged(rows: QuerySet[Row], order: Sequence[Key], asked: dict[str, Any], request: Request) -> Page:
    """One page of `rows` in this order: one statement, and one more with include=count."""
    limit = asked["limit"]
    cursor = _decode(asked["cursor"], _columns(rows, order), order) if "cursor" in asked else None
    backwards = cursor is not None and cursor.backwards
    wanted = rows.filter(_beyond(order, cursor.values, backwards)) if cursor else rows
    found = list(wanted.order_by(*(_ordering(key, backwards) for key in order))[: limit + 1])
    more = len(found) > limit
    page = found[:limit]
    if backwards:
        page.reverse()
    comes_next = more if not backwards else True
    came_before = more if backwards else cursor is not None
    return Page(
        rows=page,
        next=_link(request, order, page[-1], backwards=False) if page and comes_next else None,
        previous=_link(request, order, page[0], backwards=True) if page and came_before else None,
        count=rows.count() if asked.get("include") == "count" else None,
    )


def _ordering(key: Key, backwards: bool) -> Any:
    column = F(key.column)
    descending = key.descending != backwards
    if not key.nullable:
        return column.desc() if descending else column.asc()
    if backwards:
        return column.desc(nulls_first=True) if descending else column.asc(nulls_first=True)
    return column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)


def _beyond(order: Sequence[Key], values: Sequence[Any], backwards: bool) -> Q:
    """Rows that come after these values (before them, when going backwards)."""
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
    return further | (equal & _beyond(order[1:], values[1:], backwards))


def _link(request: Request, order: Sequence[Key], row: Model, *, backwards: bool) -> str:
    cursor = _encode([key.of(row) for key in order], order, backwards)
    return replace_query_param(remove_query_param(request.build_absolute_uri(), "cursor"), "cursor", cursor)


def _name(order: Sequence[Key]) -> str:
    return ",".join(f"-{key.column}" if key.descending else key.column for key in order)


def _encode(values: list[Any], order: Sequence[Key], backwards: bool) -> str:
    plain = [_told(value) for value in values]
    text = json.dumps([int(backwards), _name(order), plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _told(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return value


def _decode(text: str, columns: "Sequence[Field[Any, Any]]", order: Sequence[Key]) -> Cursor:
    try:
        padded = text + "=" * (-len(text) % 4)
        backwards, name, plain = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != _name(order) or backwards not in (0, 1) or not isinstance(plain, list):
            raise ValueError(name)
        values = [_read(*each) for each in zip(plain, columns, order, strict=True)]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        told = _("This is no cursor of this list in this order: begin again without it.")
        raise serializers.ValidationError({"cursor": [told]}, code="cursor") from error
    return Cursor(values, bool(backwards))


def _columns(rows: QuerySet[Any], order: Sequence[Key]) -> "list[Field[Any, Any]]":
    """What each key sorts by: a column of the model, one of a row it refers to, or an annotation."""
    return [_column(rows, key) for key in order]


def _column(rows: QuerySet[Any], key: Key) -> "Field[Any, Any]":
    if key.column in rows.query.annotations:
        return rows.query.annotations[key.column].output_field
    model: Any = rows.model
    *way, last = key.column.split("__")
    for name in way:
        model = model._meta.get_field(name).related_model
    return cast("Field[Any, Any]", model._meta.get_field(last))


def _read(value: Any, column: "Field[Any, Any]", key: Key) -> Any:
    """A value as its column holds it. Anything else raises: the database would choke on it, and answer a 500."""
    if value is None:
        if not key.nullable:
            raise ValueError(key.column)
        return None
    if isinstance(column, DateTimeField):
        at = datetime.fromisoformat(value["at"])
        if at.utcoffset() is None:
            raise ValueError(key.column)
        return at
    if isinstance(column, DateField):
        return date.fromisoformat(value["on"])
    if isinstance(column, IntegerField):
        return _number(value, int)
    if isinstance(column, FloatField):
        return float(_number(value, int | float))
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(key.column)
    value.encode()  # half a character (a lone surrogate) raises
    return value


def _number(value: Any, kind: Any) -> Any:
    """Finite, and no larger than a column can hold."""
    if isinstance(value, bool) or not isinstance(value, kind) or not -(2**63) <= value < 2**63:
        raise ValueError(value)
    return value
