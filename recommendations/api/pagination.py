"""Pages of a list by keyset: a cursor holds the sort keys of a row, and the page is what comes after it.

The hundredth page costs what the first one does, and rows that come or go meanwhile shift nothing. NULL
sorts last, both ways.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db.models import DateField, DateTimeField, Field, FloatField, IntegerField, Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from recommendations.api.keysets import Cursor, ordering, stretches
from recommendations.api.keysets import Key as Key  # every list names its order with it
from recommendations.api.parameters import Query

DEFAULT_LIMIT, MAX_LIMIT = 50, 500

Row = TypeVar("Row", bound=Model)


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
    """One page of `rows` in this order: one statement, and one more with include=count.

    A page that begins among rows without a value for its first key, and ends among those with one, takes two.
    """
    return paged_as(
        rows,
        order,
        asked,
        request,
        read=list,
        keys=lambda row: [key.of(row) for key in order],
        count=rows.count,
    )


def paged_as(
    rows: QuerySet[Any],
    order: Sequence[Key],
    asked: dict[str, Any],
    request: Request,
    *,
    read: Callable[[QuerySet[Any]], list[Any]],
    keys: Callable[[Any], Sequence[Any]],
    count: Callable[[], int],
) -> Page:
    """As `paged`, of whatever `read` makes of the page's queryset; `keys` says what such a row is sorted by."""
    limit = asked["limit"]
    cursor = _decode(asked["cursor"], _columns(rows, order), order) if "cursor" in asked else None
    backwards = cursor is not None and cursor.backwards
    ordered = rows.order_by(*(ordering(key, backwards) for key in order))
    found: list[Any] = []
    for part in stretches(ordered, order, cursor):
        found += read(part[: limit + 1 - len(found)])
        if len(found) > limit:
            break
    more = len(found) > limit
    page = found[:limit]
    if backwards:
        page.reverse()
    comes_next = more if not backwards else True
    came_before = more if backwards else cursor is not None
    return Page(
        rows=page,
        next=_link(request, order, keys(page[-1]), backwards=False) if page and comes_next else None,
        previous=_link(request, order, keys(page[0]), backwards=True) if page and came_before else None,
        count=count() if asked.get("include") == "count" else None,
    )


def _link(request: Request, order: Sequence[Key], values: Sequence[Any], *, backwards: bool) -> str:
    cursor = encode(values, order, backwards)
    return replace_query_param(remove_query_param(request.build_absolute_uri(), "cursor"), "cursor", cursor)


def _name(order: Sequence[Key]) -> str:
    return ",".join(f"-{key.column}" if key.descending else key.column for key in order)


def encode(values: Sequence[Any], order: Sequence[Key], backwards: bool) -> str:
    """The cursor of what comes after (or before) a row with these keys."""
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
