"""An institution that another was merged into is never merged itself: who is one with whom is one step away."""

from django.db import migrations

FLATTEN = """
WITH RECURSIVE line AS (
  SELECT id, merged_into_id AS heir, 1 AS steps FROM recommendations_institution WHERE merged_into_id IS NOT NULL
   UNION ALL
  SELECT l.id, i.merged_into_id, l.steps + 1 FROM line l JOIN recommendations_institution i ON i.id = l.heir
   WHERE i.merged_into_id IS NOT NULL AND l.steps < 100),
last AS (SELECT DISTINCT ON (id) id, heir FROM line ORDER BY id, steps DESC)
UPDATE recommendations_institution i SET merged_into_id = last.heir FROM last
 WHERE last.id = i.id AND last.heir <> i.merged_into_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
"""Chains of older merges, made one step each. The pending checks are done before the table is altered."""

HELD = """
CREATE FUNCTION recommendations_institution_heirs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The lock lets nobody merge the heir meanwhile, who would not see this row point to it.
  PERFORM 1 FROM recommendations_institution i WHERE i.id = NEW.merged_into_id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM recommendations_institution i
              WHERE i.id = NEW.merged_into_id AND i.merged_into_id IS NOT NULL) THEN
    RAISE EXCEPTION 'institution % cannot be merged into one that is merged itself', NEW.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'institution_heir_is_not_merged';
  END IF;
  IF EXISTS (SELECT FROM recommendations_institution i WHERE i.merged_into_id = NEW.id) THEN
    RAISE EXCEPTION 'institution % has others merged into it: point them to its heir first', NEW.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'institution_heir_is_not_merged';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER institution_heirs AFTER INSERT OR UPDATE OF merged_into_id ON recommendations_institution
  FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION recommendations_institution_heirs();
"""

UNHELD = """
DROP TRIGGER institution_heirs ON recommendations_institution;
DROP FUNCTION recommendations_institution_heirs();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0024_saved_views")]

    operations = [
        migrations.RunSQL(FLATTEN, migrations.RunSQL.noop),
        migrations.RunSQL(HELD, UNHELD),
    ]
