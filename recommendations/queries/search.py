"""Full-text search: what a person types, ranked, with the words that matched marked.

Web-search syntax ("quoted phrases", or, -without), accents folded, English and Spanish word forms.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation
from recommendations.queries.visibility import sees_internal

START, STOP = "[[", "]]"
"""What stands before and after a matched word in a highlight; plain text, so that no door has to trust HTML."""

_HIGHLIGHT = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=30, MinWords=10"


RANKED, COMMON = 2_000, 15_000
"""Of words that so many recommendations share (by the database's own statistics), only the newest matches are ranked.

To rank all would mean to read all: a third of a second for a word that stands in three of ten of a million.
"""

_MATCHES = "recommendations_recommendation.search @@ recommendations_query(%s)"

_NEWEST = """
recommendations_recommendation.id = ANY (ARRAY(
  SELECT newest.id FROM recommendations_recommendation newest
   WHERE newest.search @@ recommendations_query(%s) AND (newest.public OR %s)
   ORDER BY newest.updated_at DESC, newest.id DESC LIMIT %s))
"""


def matching(rows: QuerySet[Recommendation], words: str) -> QuerySet[Recommendation]:
    """Only those that contain the words, or whose theme does; annotated with `rank`, higher is better."""
    rank = RawSQL(
        "ts_rank(recommendations_recommendation.search, recommendations_query(%s))",
        [words],
        output_field=FloatField(),
    )
    return rows.filter(RawSQL(_MATCHES, [words], output_field=BooleanField())).annotate(rank=rank)  # noqa: S611 - this module's text


def newest(rows: QuerySet[Recommendation], words: str, user: Any) -> QuerySet[Recommendation]:
    """Of all that match, those that changed last: the RANKED newest of what this user may see."""
    values = [words, sees_internal(user), RANKED]
    return rows.filter(RawSQL(_NEWEST, values, output_field=BooleanField()))  # noqa: S611 - likewise


def is_common(words: str) -> bool:
    """Whether so many match that ranking them all would take long: the planner's estimate, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT 1 FROM recommendations_recommendation WHERE {_MATCHES}",  # noqa: S608 - this module's text
            [words],
        )
        [plan] = cursor.fetchone()[0]
        return bool(plan["Plan"]["Plan Rows"] > COMMON)


def highlights(ids: Collection[int], words: str) -> dict[int, str]:
    """A short passage of each recommendation with the matched words between START and STOP: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ts_headline('english', title || '. ' || summary, recommendations_query(%s), %s)"
            " FROM recommendations_recommendation WHERE id = ANY(%s)",
            [words, _HIGHLIGHT, list(ids)],
        )
        return dict(cursor.fetchall())
