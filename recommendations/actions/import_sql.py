"""SQL that imports share: an INSERT names the defaults of our models, and every change writes its Event."""

from typing import Any

from django.db import connection
from django.db.models import Model

from recommendations.models import Event


def defaults(model: type[Model], *given: str) -> tuple[str, str]:
    """`, column ...` and `, value ...` of the columns that are not `given`, as the model would fill them.

    Django keeps defaults to itself; a plain INSERT has to name them. Values are constants of our models.
    """
    columns, values = [], []
    for field in model._meta.local_concrete_fields:
        if field.column in given or field.primary_key or field.generated or field.has_db_default():
            continue
        columns.append(f', "{field.column}"')
        values.append(f", {_literal(field.get_db_prep_save(field.get_default(), connection))}")
    return "".join(columns), "".join(values)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and not value:
        return "'{}'"
    text = str(getattr(value, "obj", value))
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def events_sql(verb: str, kind: str, target: str, before: str, after: str, public: str, rows: str) -> str:
    """One event for each of `rows`; the expressions are SQL over them."""
    own = (
        *("at", "actor", "actor_id", "verb", "object_type", "object_id"),
        *("recommendation_code", "before", "after", "public"),
    )
    columns, values = defaults(Event, *own)
    return f"""
INSERT INTO recommendations_event
       (at, actor, actor_id, verb, object_type, object_id, recommendation_code, before, after, public{columns})
SELECT %(now)s, %(actor)s, NULL, {verb}, '{kind}', ({target})::text, d.code, {before}, {after}, {public}{values}
  FROM {rows}
 ORDER BY d.line
"""
