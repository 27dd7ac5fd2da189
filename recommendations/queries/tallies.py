"""Counts from the tallies that triggers keep: what they say, and whether it is true.

A sum costs what the groups asked for cost, however many recommendations there are.
"""

from typing import Any

from django.db import connection

_DERIVED = """
SELECT r.code, to_jsonb(x) AS stored, to_jsonb(y) AS truth
  FROM recommendations_recommendation r JOIN recommendations_derived d ON d.id = r.id
 CROSS JOIN LATERAL (SELECT r.public, r.issued_on, r.theme_ids, r.theme_words, r.addressee_ids) x
 CROSS JOIN LATERAL (SELECT d.public, d.issued_on, d.theme_ids, d.theme_words, d.addressee_ids) y
 WHERE x IS DISTINCT FROM y ORDER BY r.code
"""

_SUMS = """
WITH kept AS (
  SELECT dimension, key, part, public, status AS what, number FROM recommendations_tally
   UNION ALL
  SELECT dimension, key, part, public, period::varchar, number FROM recommendations_verification
), summed AS (
  SELECT dimension, key, part, public, what, sum(number) AS number FROM kept
   GROUP BY dimension, key, part, public, what HAVING sum(number) <> 0
)
SELECT concat_ws(' ', dimension, key, CASE WHEN part THEN 'parts' ELSE 'wholes' END,
                 CASE WHEN public THEN 'public' ELSE 'internal' END, what) AS code,
       coalesce(s.number, 0) AS stored, coalesce(t.number, 0) AS truth
  FROM summed s FULL JOIN recommendations_tally_truth t USING (dimension, key, part, public, what)
 WHERE s.number IS DISTINCT FROM t.number ORDER BY 1
"""


def differences() -> list[dict[str, Any]]:
    """`{code, stored, truth}` for every derived column and every sum that is wrong; empty when all is well."""
    with connection.cursor() as cursor:
        found: list[dict[str, Any]] = []
        for statement in (_DERIVED, _SUMS):
            cursor.execute(statement)
            found += [dict(zip(("code", "stored", "truth"), row, strict=True)) for row in cursor.fetchall()]
        return found
