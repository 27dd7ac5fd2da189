"""Where the queue is narrowed to few recommendations: which, so that it is read from these and not from its front.

Each condition of the queue is asked of each item in turn until a page is full. Where few items fulfil it that is the
whole queue, and where few recommendations do it is quicker to begin with them.
"""

from typing import Any

from django.db import connection

MOST = 2_000
"""Of so many recommendations, what waits on them is found in milliseconds."""

_CODED = """
SELECT r.id FROM recommendations_recommendation r JOIN recommendations_source s ON s.id = r.source_id
 WHERE s.code = %(source)s
"""
THEMES = """
SELECT below.id FROM recommendations_theme below
  LEFT JOIN recommendations_theme above ON above.id = below.parent_id
 WHERE %(theme)s IN (below.code, above.code)
"""
"""The theme asked for and those that are part of it."""

_FILED = f"""
SELECT t.recommendation_id FROM recommendations_recommendation_themes t WHERE t.theme_id IN ({THEMES})
"""  # noqa: S608 - our own words
_URGENT = "SELECT r.id FROM recommendations_recommendation r WHERE r.priority"
_LIMITED = """
SELECT r.id FROM recommendations_recommendation r WHERE r.source_id = ANY(%(sources)s)
 UNION ALL
SELECT rt.recommendation_id FROM recommendations_recommendation_themes rt
  JOIN recommendations_theme t ON t.id = rt.theme_id
 WHERE t.id = ANY(%(themes)s) OR t.parent_id = ANY(%(themes)s)
 UNION ALL
SELECT part.id FROM recommendations_recommendation_themes rt
  JOIN recommendations_theme t ON t.id = rt.theme_id
  JOIN recommendations_recommendation part ON part.parent_id = rt.recommendation_id
 WHERE t.id = ANY(%(themes)s) OR t.parent_id = ANY(%(themes)s)
"""

PROPOSALS_ON = "a.recommendation_id = ANY(%(these)s)"
"""Whether a proposal `a` is on one of these."""

FINDINGS_ON = """f.id IN (
  SELECT x.id FROM recommendations_finding x WHERE x.recommendation_id = ANY(%(these)s)
   UNION ALL
  SELECT x.id FROM recommendations_evidencelink l
    JOIN recommendations_evidence same ON same.id = l.evidence_id
    JOIN recommendations_evidence watched ON watched.document_id = same.document_id
    JOIN recommendations_finding x ON x.evidence_id = watched.id
   WHERE l.recommendation_id = ANY(%(these)s)
   UNION ALL
  SELECT x.id FROM recommendations_indicator_recommendations measured
    JOIN recommendations_finding x ON x.indicator_id = measured.indicator_id
   WHERE measured.recommendation_id = ANY(%(these)s))"""
"""Whether a finding `f` concerns one of these: queries/concerns.py, asked from the other end."""


def few(given: dict[str, Any], *, within_limits: bool) -> list[int] | None:
    """The recommendations that fulfil one of the conditions `given`, the fewest; None where each has many, or none is.

    `within_limits`: that the person may act on it is one of the conditions. No statement where there is none, else one.
    """
    asked = [
        text
        for text, is_asked in (
            (_CODED, given["source"]),
            (_FILED, given["theme"]),
            (_URGENT, given["priority"]),
            (_LIMITED, within_limits and given["limited"]),
        )
        if is_asked
    ]
    if not asked:
        return None
    columns = ", ".join(f"ARRAY(SELECT id FROM ({text}) x(id) LIMIT {MOST + 1})" for text in asked)  # noqa: S608 - ours
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", given)
        found = cursor.fetchone() or ()
    fewest: list[int] = min(found, key=len)
    return fewest if len(fewest) <= MOST else None
