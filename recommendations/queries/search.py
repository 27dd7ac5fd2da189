"""Full-text search: what a person types, ranked, with the words that matched marked.

Web-search syntax ("quoted phrases", or, -without), accents folded, English and Spanish word forms.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from recommendations.models import Recommendation

START, STOP = "[[", "]]"
"""What stands before and after a matched word in a highlight; plain text, so that no door has to trust HTML."""

_HIGHLIGHT = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=30, MinWords=10"


def matching(rows: QuerySet[Recommendation], words: str) -> QuerySet[Recommendation]:
    """Only those that contain the words; annotated with `rank`, higher is better."""
    found = RawSQL(
        "recommendations_recommendation.search @@ recommendations_query(%s)",
        [words],
        output_field=BooleanField(),
    )
    rank = RawSQL(
        "ts_rank(recommendations_recommendation.search, recommendations_query(%s))",
        [words],
        output_field=FloatField(),
    )
    return rows.filter(found).annotate(rank=rank)


def highlights(ids: Collection[int], words: str) -> dict[int, str]:
    """A short passage of each recommendation with the matched words between START and STOP: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ts_headline('english', title || '. ' || summary, recommendations_query(%s), %s)"
            " FROM recommendations_recommendation WHERE id = ANY(%s)",
            [words, _HIGHLIGHT, list(ids)],
        )
        return dict(cursor.fetchall())
