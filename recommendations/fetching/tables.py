"""Rows out of the formats in which series are published: column -> value, null and empty alike None."""

import csv
import io
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from .characters import decoded, storable

MOST_ROWS = 100_000
PLACES = Decimal("0.000001")
"""An observation keeps six decimals."""

Row = Mapping[str, Any]


class NotATable(ValueError):
    """There are no rows to be had here; the text says why."""


def csv_rows(body: bytes, charset: str, delimiter: str) -> list[Row]:
    """A CSV file with a header. A byte order mark is let pass."""
    reader = csv.DictReader(io.StringIO(decoded(body, charset)), delimiter=delimiter)
    try:
        rows = [row for _number, row in zip(range(MOST_ROWS), reader, strict=False)]
    except csv.Error as error:
        raise NotATable(f"the file is not CSV: {error}") from error
    if not reader.fieldnames or len(reader.fieldnames) < 2:
        raise NotATable("the file has no header with two columns; is the delimiter right?")
    return [{(name or "").strip(): value for name, value in row.items()} for row in rows]


def json_rows(value: Any, path: str) -> list[Row]:
    """The list of objects at a dotted path ("" is the whole)."""
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise NotATable(f"there is no list at “{path}”" if path else "the answer is no list of rows")
    return [row for row in value[:MOST_ROWS] if isinstance(row, dict)]


def cell(row: Row, column: str) -> str:
    """What stands in a column (or at a dotted path) as text; "" where nothing does."""
    value: Any = row.get(column)
    if value is None and "." in column:
        value = row
        for key in column.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        return storable(value).strip()
    good = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return str(value) if good else ""


def number(text: str) -> Decimal | None:
    """A number, which may be text with commas between thousands; None for what is none. Null is not zero."""
    plain = text.replace("\u2212", "-").strip()
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain)
        if not value.is_finite() or abs(value) >= 10**18:
            return None
        rounded = value.quantize(PLACES)
    except InvalidOperation:
        return None
    return rounded.to_integral() if rounded == rounded.to_integral() else rounded.normalize()
