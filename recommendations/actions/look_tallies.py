"""Counting looks, once, for hours that are over."""

from datetime import datetime, timedelta

from django.db import connection

from recommendations.actions.refusals import one_transaction

SETTLED_AFTER = timedelta(minutes=10)
"""A look is written down moments after it ended. Of an hour that ended so long ago none is still to come."""

HOURS_AT_ONCE = 24 * 8
"""After a long pause the later hours are counted in the next runs, the oldest first."""


def tally(*, now: datetime) -> int:
    """Count the looks of each hour that is over and was not counted; how many rows that made.

    No event: it repeats what the looks say. Two at once do no harm: an hour is kept as it was counted first. Hours
    are counted in order and an hour in which nobody looked gets a row of 0, so that everything before the last row is
    known to be counted.
    """
    with one_transaction(), connection.cursor() as cursor:
        cursor.execute(_TALLY, {"until": now - SETTLED_AFTER, "hours": HOURS_AT_ONCE})
        return cursor.rowcount


# The first hour is the one after the last that was counted, else that of the first look ever.
_TALLY = """
WITH first AS (
    SELECT coalesce((SELECT max(hour) + interval '1 hour' FROM recommendations_looktally),
                    date_trunc('hour', (SELECT finished_at FROM recommendations_checkrun ORDER BY id LIMIT 1), 'UTC'))
           AS hour
), hours AS MATERIALIZED (
    SELECT each AS hour
      FROM first, generate_series(first.hour, %(until)s::timestamptz - interval '1 hour', '1 hour') each
     LIMIT %(hours)s
), counted AS (
    SELECT h.hour, r.outcome, count(r.id) AS number
      FROM hours h
      LEFT JOIN LATERAL (SELECT id, outcome FROM recommendations_checkrun
                          WHERE finished_at >= h.hour AND finished_at < h.hour + interval '1 hour') r ON true
     GROUP BY 1, 2
)
INSERT INTO recommendations_looktally (hour, outcome, number)
SELECT hour, coalesce(outcome, 'unchanged'), number FROM counted
    ON CONFLICT (hour, outcome) DO NOTHING
"""
