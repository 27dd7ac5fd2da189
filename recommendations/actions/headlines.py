"""The only place that sets a recommendation's copied columns (status, response, closure and the rest).

The truth is the view `recommendations_headline`, worked out from assessments, responses, deadlines and
closures. Every action that touches one of those calls `refresh` in the same transaction; a deferred
trigger refuses the commit otherwise.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from recommendations.actions import events
from recommendations.models import Event, Recommendation
from recommendations.queries.headlines import COPIED

_REFRESH = f"""
WITH was AS MATERIALIZED (
     SELECT id, {", ".join(COPIED)} FROM recommendations_recommendation WHERE id = ANY(%(ids)s)
      ORDER BY id FOR NO KEY UPDATE)
UPDATE recommendations_recommendation r
   SET {", ".join(f"{column} = h.{column}" for column in COPIED)},
       version = r.version + 1, updated_at = %(now)s
  FROM was JOIN recommendations_headline h ON h.recommendation_id = was.id
 WHERE r.id = was.id
   AND ({", ".join(f"was.{column}" for column in COPIED)})
       IS DISTINCT FROM ({", ".join(f"h.{column}" for column in COPIED)})
RETURNING r.id, was.status, was.status_since, was.confidence, was.contested
"""  # noqa: S608 - the column names are this project's own

STATUS_CHANGED = "recommendation.status_changed"
"""What a change of status is called, whatever brought it about: a verdict, a retraction or an import."""


def refresh(ids: Collection[int], *, by: events.Actor, now: datetime) -> int:
    """Bring the copied columns of these recommendations up to date; how many rows differed.

    Each whose status is another one now gets an Event `recommendation.status_changed`, with the headline before
    and after.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, {"ids": list(ids), "now": now})
        was = {pk: dict(zip(TOLD, values, strict=True)) for pk, *values in cursor.fetchall()}
    if was:
        _tell(was, by=by, now=now)
    return len(was)


_RESTORE = f"""
UPDATE recommendations_recommendation r
   SET {", ".join(f"{column} = h.{column}" for column in COPIED)}
  FROM recommendations_headline h WHERE h.recommendation_id = r.id
"""  # noqa: S608 - the column names are this project's own


def restore() -> None:
    """Set the copied columns of all recommendations of a tracker that was just loaded: no change, so no version."""
    with connection.cursor() as cursor:
        cursor.execute(_RESTORE)


def _tell(was: dict[int, dict[str, Any]], *, by: events.Actor, now: datetime) -> None:
    rows = Recommendation.objects.filter(pk__in=list(was)).order_by("pk")
    moved = [row for row in rows if row.status != was[row.pk]["status"]]
    public = set(rows.published().values_list("pk", flat=True)) if moved else set()
    Event.objects.bulk_create(
        [
            events.describe(
                STATUS_CHANGED,
                row,
                by=by,
                now=now,
                before=was[row.pk],
                after=told(row),
                public=row.pk in public,
            )
            for row in moved
        ],
        batch_size=500,
    )


def lock(recommendation: Recommendation) -> Recommendation:
    """The recommendation as it is now, locked until the transaction ends.

    Whoever changes what a headline rests on takes this lock first, so that two changes at once
    cannot both work out the headline without the other.
    """
    return Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)


TOLD = ("status", "status_since", "confidence", "contested")


def told(recommendation: Recommendation) -> dict[str, Any]:
    """What an event says of the headline, before and after."""
    return {name: getattr(recommendation, name) for name in TOLD}
