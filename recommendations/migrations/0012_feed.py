"""The change feed: its index, its key, and an order of events that outlives the cluster they were written in."""

from django.db import migrations, models
from django.db.models.functions import Now

HORIZON = """
INSERT INTO recommendations_epoch ("offset", key) VALUES (0, gen_random_uuid());

CREATE FUNCTION recommendations_feed_offset() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT e."offset" FROM recommendations_epoch e ORDER BY e.id DESC LIMIT 1), 0)
$$;

-- Whether an event is stored that no transaction of this cluster can have written: one that is neither committed
-- by its counter (at or above xmax) nor, at or below `mine`, our own. So it was restored from another cluster.
CREATE FUNCTION recommendations_feed_is_ahead(mine bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM recommendations_event e
                  WHERE e.public AND e.transaction > mine
                    AND e.transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                                         + recommendations_feed_offset())
$$;

-- The oldest transaction that is open in this database, or else the next one. A snapshot knows those of all
-- databases of the server; what is open in another one writes no event here and must not hold the feed back.
CREATE FUNCTION recommendations_oldest_open() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(min(open.xid), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    FROM (SELECT x::text::bigint AS xid FROM pg_snapshot_xip(pg_current_snapshot()) x) open
   WHERE NOT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                      WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock'
                        AND l.transactionid::text::bigint = open.xid % 4294967296
                        AND a.datname <> current_database())
     AND NOT EXISTS (SELECT 1 FROM pg_prepared_xacts p
                      WHERE p.transaction::text::bigint = open.xid % 4294967296
                        AND p.database <> current_database())
$$;

CREATE FUNCTION recommendations_feed_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN recommendations_feed_is_ahead(
                     coalesce(pg_current_xact_id_if_assigned()::text::bigint + recommendations_feed_offset(), 0))
              THEN (SELECT max(e.transaction) + 1 FROM recommendations_event e WHERE e.public)
              ELSE recommendations_oldest_open() + recommendations_feed_offset() END
$$;
COMMENT ON FUNCTION recommendations_feed_horizon IS
  'Every public event below this transaction is committed and seen, and none will be added below it.';

CREATE FUNCTION recommendations_event_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
  NEW.transaction := mine + recommendations_feed_offset();
  IF recommendations_feed_is_ahead(NEW.transaction) THEN
    -- The first event in a younger cluster. One writer decides by how much to count on, the others read it.
    PERFORM pg_advisory_xact_lock(hashtext('recommendations_epoch'));
    NEW.transaction := mine + recommendations_feed_offset();
    IF recommendations_feed_is_ahead(NEW.transaction) THEN
      INSERT INTO recommendations_epoch ("offset", key)
      SELECT (SELECT max(e.transaction) FROM recommendations_event e WHERE e.public) + 1
             - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
             p.key
        FROM recommendations_epoch p ORDER BY p.id DESC LIMIT 1;
      NEW.transaction := mine + recommendations_feed_offset();
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER event_counted BEFORE INSERT ON recommendations_event
  FOR EACH ROW EXECUTE FUNCTION recommendations_event_counted();

CREATE TRIGGER epoch_append_only BEFORE UPDATE OR DELETE ON recommendations_epoch
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('epoch_append_only');
"""

UNDO = """
DROP TRIGGER epoch_append_only ON recommendations_epoch;
DROP FUNCTION recommendations_event_counted() CASCADE;
DROP FUNCTION recommendations_feed_horizon();
DROP FUNCTION recommendations_oldest_open();
DROP FUNCTION recommendations_feed_is_ahead(bigint);
DROP FUNCTION recommendations_feed_offset();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0012_tallies")]

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "offset",
                    models.BigIntegerField(
                        editable=False, verbose_name="added to the identifier of a transaction"
                    ),
                ),
                ("key", models.UUIDField(editable=False, verbose_name="key of the feed")),
                ("began_at", models.DateTimeField(db_default=Now(), editable=False, verbose_name="began at")),
            ],
            options={"verbose_name": "epoch", "verbose_name_plural": "epochs"},
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("public", True)), fields=["transaction", "id"], name="event_of_feed"
            ),
        ),
        migrations.RunSQL(HORIZON, UNDO),
    ]
