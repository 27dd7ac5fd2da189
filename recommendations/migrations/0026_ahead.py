"""Whether the feed is ahead is asked with each event: look at its newest one, by the index and nothing else."""

from django.db import migrations

AHEAD = """
-- Whether an event is stored that no transaction of this cluster can have written: one that is neither committed
-- by its counter (at or above xmax) nor, at or below `mine`, our own. So it was restored from another cluster.
-- If any is, the newest is. Asked as EXISTS of all that lie above a number, a planner without statistics (a restore,
-- a first load) expected many and read the whole table for each event that was written.
CREATE OR REPLACE FUNCTION recommendations_feed_is_ahead(mine bigint) RETURNS boolean LANGUAGE sql STABLE
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
  SELECT coalesce((SELECT e.transaction > mine
                          AND e.transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                                               + recommendations_feed_offset()
                     FROM recommendations_event e
                    WHERE e.public ORDER BY e.transaction DESC, e.id DESC LIMIT 1), false)
$$
"""

BEFORE = """
CREATE OR REPLACE FUNCTION recommendations_feed_is_ahead(mine bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM recommendations_event e
                  WHERE e.public AND e.transaction > mine
                    AND e.transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                                         + recommendations_feed_offset())
$$
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0025_heirs")]

    operations = [migrations.RunSQL(AHEAD, BEFORE)]
