"""Full-text search: what a person types, ranked, with the words that matched marked.

Web-search syntax ("quoted phrases", or, -without), accents folded, English and Spanish word forms.
"""

from collections.abc import Collection
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation
from recommendations.queries.visibility import sees_internal

START, STOP = "[[", "]]"
"""What stands before and after a matched word in a highlight; plain text, so that no door has to trust HTML."""

_MARKED = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=30, MinWords=10"

HIGHLIGHT = (
    "ts_headline('english', r.title || '. ' || r.summary, (SELECT recommendations_query(%(words)s)),"
    f" '{_MARKED}')"
)
"""A short passage of a recommendation `r` with the matched words between START and STOP."""

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
    """Whether so many match that ranking them all would take long: as the planner estimates it.

    The planner is asked only where a word is among those that very many recommendations share. No statement where
    there are no such words, one for words that are none of them, and two else; not counting one each five minutes.
    """
    shared = cache.get_or_set("search.shared", _shared, 300)
    if not shared:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(recommendations_vector(%s)) && %s", [words, shared])
        [among_them] = cursor.fetchone()
        if not among_them:
            return False
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT 1 FROM recommendations_recommendation WHERE {_MATCHES}",  # noqa: S608 - this module's text
            [words],
        )
        [plan] = cursor.fetchone()[0]
        return bool(plan["Plan"]["Plan Rows"] > COMMON)


def _shared() -> list[str]:
    """The word forms that stand in more than COMMON recommendations, by the database's statistics."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT each.form FROM pg_stats s"
            " JOIN pg_class c ON c.oid = 'recommendations_recommendation'::regclass"
            " AND s.tablename = c.relname AND s.schemaname = c.relnamespace::regnamespace::text"
            " CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs)"
            " AS each (form, frequency)"
            " WHERE s.attname = 'search' AND each.form IS NOT NULL AND each.frequency * c.reltuples > %s",
            [COMMON],
        )
        return [form for (form,) in cursor.fetchall()]


def highlights(ids: Collection[int], words: str) -> dict[int, str]:
    """A short passage of each of these recommendations, where `words` matched: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id, {HIGHLIGHT} FROM recommendations_recommendation r WHERE r.id = ANY(%(ids)s)",  # noqa: S608 - this module's text
            {"words": words, "ids": list(ids)},
        )
        return dict(cursor.fetchall())
