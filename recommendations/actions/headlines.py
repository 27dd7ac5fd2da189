"""The only place that sets a recommendation's copied columns (status, response, closure and the rest).

The truth is the view `recommendations_headline`, worked out from assessments, responses, deadlines and
closures. Every action that touches one of those calls `refresh` in the same transaction; a deferred
trigger refuses the commit otherwise.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from recommendations.models import Recommendation
from recommendations.queries.headlines import COPIED

_REFRESH = f"""
UPDATE recommendations_recommendation r
   SET {", ".join(f"{column} = h.{column}" for column in COPIED)},
       version = r.version + 1, updated_at = %(now)s
  FROM recommendations_headline h
 WHERE h.recommendation_id = r.id AND r.id = ANY(%(ids)s)
   AND ({", ".join(f"r.{column}" for column in COPIED)})
       IS DISTINCT FROM ({", ".join(f"h.{column}" for column in COPIED)})
"""  # noqa: S608 - the column names are this project's own


def refresh(ids: Collection[int], *, now: datetime) -> int:
    """Bring the copied columns of these recommendations up to date; how many rows differed."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, {"ids": list(ids), "now": now})
        return cursor.rowcount


def lock(recommendation: Recommendation) -> Recommendation:
    """The recommendation as it is now, locked until the transaction ends.

    Whoever changes what a headline rests on takes this lock first, so that two changes at once
    cannot both work out the headline without the other.
    """
    return Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)


def told(recommendation: Recommendation) -> dict[str, Any]:
    """What an event says of the headline, before and after."""
    return {
        "status": recommendation.status,
        "status_since": recommendation.status_since,
        "confidence": recommendation.confidence,
        "contested": recommendation.contested,
    }
