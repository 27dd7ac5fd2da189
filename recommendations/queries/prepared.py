"""Statements that PostgreSQL plans once for each connection, and not once for each question.

To plan what stands around a recommendation takes PostgreSQL several times what finding it does. A prepared statement
is planned for its values five times, and then once for any, unless that plan is thought to cost more
(`plan_cache_mode` as it comes). Of look-ups by key it costs the same, whatever the key; a filter planned so may take
ten times as long. So: for look-ups by key, with a text that does not depend on what is asked, and for nothing else.
"""

from typing import Any

import psycopg
from django.conf import settings
from django.db import connection


class _Preparing(psycopg.Cursor[Any]):
    """Has its statement prepared; all others of the connection stay as Django sends them."""

    def execute(self, query: Any, params: Any = None, **_more: Any) -> Any:
        self.connection.prepare_threshold = 0
        try:
            # As bytes and not as text: a moment is then read by C, and not by Django's Python.
            return super().execute(query, params, binary=True)
        finally:
            self.connection.prepare_threshold = None

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        """Kept where Django looks for the text of what was executed: psycopg keeps none of what is prepared."""
        self._query = super()._convert_query(query, params)
        return self._query


def rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement. Lists of numbers among the values go as PostgreSQL writes arrays: `array`."""
    with connection.cursor() as cursor:
        if settings.DATABASE_PREPARES:
            cursor.cursor = _Preparing(connection.connection)
        cursor.execute(statement, values)
        return cursor.fetchall()


def array(numbers: Any) -> str:
    """Numbers as PostgreSQL writes an array. As a list they would be of a type that depends on how large they are, and
    each type would be a statement of its own."""
    return "{" + ",".join(map(str, numbers)) + "}"
