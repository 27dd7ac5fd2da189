"""Counts from the tallies that triggers keep: what they say, and whether it is true.

A sum costs what the groups asked for cost, however many recommendations there are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from recommendations.models import Tally
from recommendations.queries.overview import Counts, nothing
from recommendations.queries.visibility import sees_internal


@dataclass(frozen=True)
class Family:
    """Whole recommendations of a group, and parts, counted by status."""

    wholes: Counts
    parts: Counts

    @property
    def total(self) -> int:
        return self.wholes.total + self.parts.total


def _seen(user: Any, dimension: str) -> QuerySet[Tally]:
    rows = Tally.objects.filter(dimension=dimension)
    return rows if sees_internal(user) else rows.filter(public=True)


def families(user: Any, dimension: str, keys: Collection[int]) -> dict[int, Family]:
    """What this user may see of each of these groups, zeros where there is nothing: one statement."""
    found = {key: Family(nothing(), nothing()) for key in keys}
    rows = _seen(user, dimension).filter(key__in=keys).values_list("key", "part", "status")
    for key, part, status, number in rows.annotate(n=Sum("number")):
        counts = found[key].parts if part else found[key].wholes
        counts.by_status[status] = number
    return found


def inhabited(user: Any, dimension: str) -> QuerySet[Tally, Any]:
    """The keys of the groups in which this user sees something."""
    return _seen(user, dimension).values("key").annotate(n=Sum("number")).filter(n__gt=0).values("key")


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
