"""Whether the copied columns of recommendations still say what the rows behind them say."""

from typing import Any

from django.db import connection

COPIED = (
    "headline_id",
    "status",
    "status_since",
    "confidence",
    "contested",
    "response",
    "due_on",
    "closure_reason",
    "closure_review_on",
    "last_verified_at",
)
"""The columns of a recommendation that are a copy of the view `recommendations_headline`."""

_DIFFERENCES = f"""
SELECT r.code, to_jsonb(x) AS stored, to_jsonb(y) AS truth
  FROM recommendations_recommendation r
  JOIN recommendations_headline h ON h.recommendation_id = r.id
 CROSS JOIN LATERAL (SELECT {", ".join(f"r.{column}" for column in COPIED)}) x
 CROSS JOIN LATERAL (SELECT {", ".join(f"h.{column}" for column in COPIED)}) y
 WHERE x IS DISTINCT FROM y
 ORDER BY r.code
"""  # noqa: S608 - the column names are this project's own


def differences() -> list[dict[str, Any]]:
    """`{code, stored, truth}` for every recommendation whose copy is wrong; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES)
        return [{"code": code, "stored": stored, "truth": truth} for code, stored, truth in cursor.fetchall()]
