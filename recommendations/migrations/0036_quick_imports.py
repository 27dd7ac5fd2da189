"""What triggers promise of many rows at once costs less: each row is looked at once, and written only if it differs.

Nothing else is promised than before. Measured with an import of which half is new and half changed, where these
triggers took most of the time:

- the themes, their words and the addressees of a row are gathered by one query each, and not by functions, each of which
  starts an executor of its own; and by index, whatever the planner last knew of tables that this transaction fills;
- a list that changes has its recommendation written only where what is derived from it differs, so that whoever
  writes lists and row in one statement writes the row once;
- what was and what is are compared by hashes, however few rows the first statement of a session changed;
- a recommendation behind which there is nothing is not worked out to have come to nothing;
- whether the feed is ahead is asked once for each statement that writes events, and not for each event.
"""

from django.db import migrations

THEMES = """
SELECT coalesce(array_agg(DISTINCT k.id ORDER BY k.id), '{{}}'),
       coalesce(string_agg(t.name, ' ' ORDER BY t.name, t.id) FILTER (WHERE k.id = t.id), ''){into}
  FROM recommendations_recommendation_themes rt
  JOIN recommendations_theme t ON t.id = rt.theme_id
 CROSS JOIN LATERAL unnest(ARRAY[t.id, t.parent_id]::integer[]) k(id)
 WHERE rt.recommendation_id = {recommendation} AND k.id IS NOT NULL"""

ADDRESSEES = """
SELECT coalesce(array_agg(DISTINCT coalesce(i.merged_into_id, i.id)::integer), '{{}}'){into}
  FROM recommendations_addressee a JOIN recommendations_institution i ON i.id = a.institution_id
 WHERE a.recommendation_id = {recommendation}"""

DERIVES = f"""
-- By index: a first import fills tables that the planner last saw empty, and would have them read whole for each row.
CREATE OR REPLACE FUNCTION recommendations_recommendation_derives() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
  shown boolean;
BEGIN
  IF TG_OP = 'INSERT' OR (NEW.visibility, NEW.source_id, NEW.parent_id, NEW.public, NEW.issued_on)
     IS DISTINCT FROM (OLD.visibility, OLD.source_id, OLD.parent_id, OLD.public, OLD.issued_on) THEN
    -- FOR SHARE: a source or a whole that is being shown or hidden meanwhile is waited for, and what it will be is read.
    SELECT s.published_on, s.visibility = 'public' INTO NEW.issued_on, shown
      FROM recommendations_source s WHERE s.id = NEW.source_id FOR SHARE;
    NEW.public := coalesce(shown, false) AND NEW.visibility = 'public';
    IF NEW.parent_id IS NOT NULL THEN
      SELECT p.visibility = 'public' INTO shown
        FROM recommendations_recommendation p WHERE p.id = NEW.parent_id FOR SHARE;
      NEW.public := NEW.public AND coalesce(shown, false);
    END IF;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.theme_ids IS DISTINCT FROM OLD.theme_ids
     OR NEW.theme_words IS DISTINCT FROM OLD.theme_words THEN
    {THEMES.format(into=" INTO NEW.theme_ids, NEW.theme_words", recommendation="NEW.id")};
  END IF;
  IF TG_OP = 'INSERT' OR NEW.addressee_ids IS DISTINCT FROM OLD.addressee_ids THEN
    {ADDRESSEES.format(into=" INTO NEW.addressee_ids", recommendation="NEW.id")};
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER recommendation_derives ON recommendations_recommendation;
DROP TRIGGER IF EXISTS recommendation_derives_anew ON recommendations_recommendation;
CREATE TRIGGER recommendation_derives BEFORE INSERT ON recommendations_recommendation
  FOR EACH ROW EXECUTE FUNCTION recommendations_recommendation_derives();
CREATE TRIGGER recommendation_derives_anew BEFORE UPDATE OF visibility, source_id, parent_id, public, issued_on,
    theme_ids, theme_words, addressee_ids ON recommendations_recommendation
  FOR EACH ROW WHEN (
    (NEW.visibility, NEW.source_id, NEW.parent_id, NEW.public, NEW.issued_on, NEW.theme_ids, NEW.theme_words,
     NEW.addressee_ids)
    IS DISTINCT FROM (OLD.visibility, OLD.source_id, OLD.parent_id, OLD.public, OLD.issued_on, OLD.theme_ids,
                      OLD.theme_words, OLD.addressee_ids))
  EXECUTE FUNCTION recommendations_recommendation_derives();
"""

PART = """
DROP TRIGGER recommendation_part_of_a_whole ON recommendations_recommendation;
CREATE TRIGGER recommendation_part_of_a_whole BEFORE INSERT OR UPDATE OF parent_id, source_id
  ON recommendations_recommendation
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION recommendations_part_of_a_whole();
"""


def follows(
    table: str, column: str, referred: str, key: str, derived: str, truth: str, operation: str
) -> str:
    """Has what is `derived` from rows of this table worked out anew, where it differs from the `truth`."""
    moved = {
        "INSERT": "ARRAY(SELECT DISTINCT {0} FROM new_rows)",
        "DELETE": "ARRAY(SELECT DISTINCT {0} FROM old_rows)",
        "UPDATE": "ARRAY(SELECT {0} FROM new_rows UNION SELECT {0} FROM old_rows)",
    }[operation]
    return f"""
-- Keys as arrays, and by index: the plan is kept for the session, and must suit one row as well as a hundred thousand.
CREATE OR REPLACE FUNCTION recommendations_{table}_{column}_{operation.lower()}() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
  subjects bigint[] := {moved.format("recommendation_id")};
BEGIN
  -- What is being renamed, moved or merged meanwhile is waited for. In order, so that two cannot wait for each other.
  PERFORM 1 FROM {referred} WHERE id = ANY({moved.format(key)}) ORDER BY id FOR SHARE;
  PERFORM 1 FROM recommendations_recommendation WHERE id = ANY(subjects) ORDER BY id FOR NO KEY UPDATE;
  -- A statement of its own, which sees what was waited for. Materialized: only of these rows the truth is worked out.
  WITH told AS MATERIALIZED (SELECT id, {derived} FROM recommendations_recommendation WHERE id = ANY(subjects))
  UPDATE recommendations_recommendation SET {derived.split(",")[0]} = NULL
   WHERE id = ANY(ARRAY(
     SELECT told.id FROM told WHERE ({derived}) <> ({truth.format(into="", recommendation="told.id")})));
  RETURN NULL;
END $$;
"""


FOLLOWS = [
    follows(table, column, referred, key, derived, truth, operation)
    for table, column, referred, key, derived, truth in (
        (
            *("recommendation_themes", "filed", "recommendations_theme", "theme_id"),
            *("theme_ids, theme_words", THEMES),
        ),
        (
            *("addressee", "asked", "recommendations_institution", "institution_id"),
            *("addressee_ids", ADDRESSEES),
        ),
    )
    for operation in ("INSERT", "UPDATE", "DELETE")
]

TALLIES = """
-- The rows as they were beside the rows as they are: two lists without an index, and once the first statement of a session
-- changed few rows, the kept plan compared each with each. Nothing is compiled for it either.
ALTER FUNCTION recommendations_tally_update() SET enable_nestloop = off SET jit = off;
"""

STATUS = """
CREATE OR REPLACE FUNCTION recommendations_status_is_derived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  subject bigint;
  wrong record;
BEGIN
  IF TG_TABLE_NAME = 'recommendations_recommendation' THEN
    -- Nothing is said, and nothing is behind it: so it is with each that is new. What it becomes later in the
    -- transaction is looked at for itself.
    IF NEW.headline_id IS NULL AND NEW.status = 'not_assessed' AND NEW.status_since IS NULL AND NEW.confidence = ''
       AND NOT NEW.contested AND NEW.response = 'none' AND NEW.due_on IS NULL AND NEW.closure_reason = ''
       AND NEW.closure_review_on IS NULL AND NEW.last_verified_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM recommendations_assessment x
                        WHERE x.recommendation_id = NEW.id AND x.published_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM recommendations_response x WHERE x.recommendation_id = NEW.id)
       AND NOT EXISTS (SELECT 1 FROM recommendations_deadline x WHERE x.recommendation_id = NEW.id)
       AND NOT EXISTS (SELECT 1 FROM recommendations_closure x WHERE x.recommendation_id = NEW.id) THEN
      RETURN NULL;
    END IF;
    subject := NEW.id;
  ELSE
    subject := NEW.recommendation_id;
  END IF;
  SELECT r.code, r.status, h.status AS truth INTO wrong
    FROM recommendations_recommendation r JOIN recommendations_headline h ON h.recommendation_id = r.id
   WHERE r.id = subject
     AND (r.headline_id, r.status, r.status_since, r.confidence, r.contested, r.response, r.due_on,
          r.closure_reason, r.closure_review_on, r.last_verified_at)
         IS DISTINCT FROM
         (h.headline_id, h.status, h.status_since, h.confidence, h.contested, h.response, h.due_on,
          h.closure_reason, h.closure_review_on, h.last_verified_at);
  IF FOUND THEN
    RAISE EXCEPTION 'what % has come to is what the rows behind it say (%), not %',
      wrong.code, wrong.truth, wrong.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'recommendation_status_is_derived';
  END IF;
  RETURN NULL;
END $$;
"""

COUNTED = """
-- The first events in a younger cluster. One writer decides by how much to count on, the others read it. Asked before
-- each statement and not for each row: what is ahead was restored, and no statement of this cluster adds to it.
CREATE OR REPLACE FUNCTION recommendations_events_begin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF recommendations_feed_is_ahead(mine + recommendations_feed_offset()) THEN
    PERFORM pg_advisory_xact_lock(hashtext('recommendations_epoch'));
    IF recommendations_feed_is_ahead(mine + recommendations_feed_offset()) THEN
      INSERT INTO recommendations_epoch ("offset", key)
      SELECT (SELECT max(e.transaction) FROM recommendations_event e WHERE e.public) + 1
             - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
             p.key
        FROM recommendations_epoch p ORDER BY p.id DESC LIMIT 1;
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER events_begin BEFORE INSERT ON recommendations_event
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_events_begin();

CREATE OR REPLACE FUNCTION recommendations_event_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- As recommendations_feed_offset says it; a function would start an executor for each event.
  SELECT pg_current_xact_id()::text::bigint + e."offset" INTO NEW.transaction
    FROM recommendations_epoch e ORDER BY e.id DESC LIMIT 1;
  NEW.transaction := coalesce(NEW.transaction, pg_current_xact_id()::text::bigint);
  RETURN NEW;
END $$;
"""

UNCOUNTED = """
DROP TRIGGER events_begin ON recommendations_event;
DROP FUNCTION recommendations_events_begin();
CREATE OR REPLACE FUNCTION recommendations_event_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
  NEW.transaction := mine + recommendations_feed_offset();
  IF recommendations_feed_is_ahead(NEW.transaction) THEN
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
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0035_called_runs")]

    operations = [
        # Going back leaves these: they promise the same.
        migrations.RunSQL([DERIVES, PART, *FOLLOWS, TALLIES, STATUS], migrations.RunSQL.noop),
        migrations.RunSQL(COUNTED, UNCOUNTED),
    ]
