"""When evidence, its links and relations were recorded, so that what was known at a moment leaves out what came later.

Rows that are there already get the earliest moment at which they are known to have been there: that of the event that
tells of it; for evidence also that of its last change or of the first published verdict that cites it; for a link without an event
(those of files) the moment when both of its ends were there; for what nothing tells of, the moment of this migration.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

FILLED = """
UPDATE recommendations_evidence x
   SET recorded_at = least(x.updated_at, told.at, cited.at)
  FROM recommendations_evidence e
  LEFT JOIN (SELECT object_id, min(at) AS at FROM recommendations_event WHERE object_type = 'evidence'
              GROUP BY object_id) told ON told.object_id = e.code
  LEFT JOIN (SELECT c.evidence_id, min(a.published_at) AS at FROM recommendations_citation c
               JOIN recommendations_assessment a ON a.id = c.assessment_id GROUP BY c.evidence_id) cited
         ON cited.evidence_id = e.id
 WHERE e.id = x.id;
UPDATE recommendations_evidencelink x
   SET recorded_at = coalesce(told.at, greatest(e.recorded_at, asked.at))
  FROM recommendations_evidencelink l
  JOIN recommendations_evidence e ON e.id = l.evidence_id
  JOIN recommendations_recommendation r ON r.id = l.recommendation_id
  LEFT JOIN (SELECT object_id, min(at) AS at FROM recommendations_event
              WHERE object_type = 'evidencelink' AND verb = 'evidence.linked' GROUP BY object_id) told
         ON told.object_id = l.id::text
  LEFT JOIN (SELECT object_id, min(at) AS at FROM recommendations_event WHERE object_type = 'recommendation'
              GROUP BY object_id) asked ON asked.object_id = r.code
 WHERE l.id = x.id;
UPDATE recommendations_relation x
   SET recorded_at = told.at
  FROM (SELECT object_id, min(at) AS at FROM recommendations_event
         WHERE object_type = 'relation' AND verb = 'relation.created' GROUP BY object_id) told
 WHERE told.object_id = x.id::text;
"""

FIXED = """
CREATE FUNCTION recommendations_recorded_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the moment when % % was recorded stays as it is', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'recorded_at_fixed', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER evidence_recorded_once BEFORE UPDATE ON recommendations_evidence
  FOR EACH ROW WHEN (NEW.recorded_at IS DISTINCT FROM OLD.recorded_at)
  EXECUTE FUNCTION recommendations_recorded_once();
CREATE TRIGGER evidence_link_recorded_once BEFORE UPDATE ON recommendations_evidencelink
  FOR EACH ROW WHEN (NEW.recorded_at IS DISTINCT FROM OLD.recorded_at)
  EXECUTE FUNCTION recommendations_recorded_once();
CREATE TRIGGER relation_recorded_once BEFORE UPDATE ON recommendations_relation
  FOR EACH ROW WHEN (NEW.recorded_at IS DISTINCT FROM OLD.recorded_at)
  EXECUTE FUNCTION recommendations_recorded_once();
"""


def recorded(model: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=model,
        name="recorded_at",
        field=models.DateTimeField(
            db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="recorded at"
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0027_quick_filters")]

    operations = [
        *(recorded(model) for model in ("evidence", "evidencelink", "relation")),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(FIXED, "DROP FUNCTION recommendations_recorded_once() CASCADE;"),
    ]
