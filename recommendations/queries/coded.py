"""Rows by their codes, as requests name them: by a statement whose text is made once.

What is public of a theme or an institution takes Django ten times longer to write down than PostgreSQL to find.
"""

from functools import cache
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from recommendations.queries.visibility import sees_internal, visible

Row = TypeVar("Row", bound=Model)

_CODE = "\x00code"
"""Stands for the code while the statement is made; no code has a NUL."""


def of_code(model: type[Row], code: str, user: Any) -> Row | None:
    """The row of this code that this user may see. One statement."""
    text, values = _statement(model, sees_internal(user))
    asked = [code if value == _CODE else value for value in values]
    return next(iter(model._default_manager.raw(text, asked)), None)


@cache
def _statement(model: type[Model], internal: bool) -> tuple[str, tuple[Any, ...]]:
    rows = model._default_manager.all()
    rows = rows if internal else visible(rows, AnonymousUser())
    return rows.filter(code=_CODE).order_by().query.sql_with_params()
