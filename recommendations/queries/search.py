"""Full-text search: what a person types, ranked, with the words that matched marked.

Web-search syntax ("quoted phrases", or, -without), accents folded, English and Spanish word forms.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models import FloatField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation

START, STOP = "[[", "]]"
"""What stands before and after a matched word in a highlight; plain text, so that no door has to trust HTML."""

_HIGHLIGHT = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=30, MinWords=10"


_FOUND = """
SELECT r.id FROM recommendations_recommendation r WHERE r.search @@ recommendations_query(%s)
UNION
SELECT r.id FROM recommendations_theme t
  JOIN recommendations_recommendation_themes rt ON rt.theme_id = t.id
  JOIN recommendations_recommendation r ON r.id = rt.recommendation_id
 WHERE recommendations_vector(t.name) @@ recommendations_query(%s)
   AND (r.search || recommendations_vector(t.name)) @@ recommendations_query(%s)
"""
"""By its own words, or by the name of a theme; what the words exclude is excluded from both."""


def matching(rows: QuerySet[Recommendation], words: str) -> QuerySet[Recommendation]:
    """Only those that contain the words, or whose theme does; annotated with `rank`, higher is better."""
    rank = RawSQL(
        "ts_rank(recommendations_recommendation.search, recommendations_query(%s))",
        [words],
        output_field=FloatField(),
    )
    return rows.filter(pk__in=RawSQL(_FOUND, [words] * 3)).annotate(rank=rank)  # noqa: S611 - likewise


def highlights(ids: Collection[int], words: str) -> dict[int, str]:
    """A short passage of each recommendation with the matched words between START and STOP: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ts_headline('english', title || '. ' || summary, recommendations_query(%s), %s)"
            " FROM recommendations_recommendation WHERE id = ANY(%s)",
            [words, _HIGHLIGHT, list(ids)],
        )
        return dict(cursor.fetchall())
