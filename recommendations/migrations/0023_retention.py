"""What may go with age, and how the database holds everything else in place.

A row of Retention that was written in the same transaction is what lets rows go; there is no setting that does. The
functions name the schema they look in, so that a dump can be restored.
"""

import django.db.models.deletion
from django.db import migrations, models

NEEDED = """
CREATE FUNCTION recommendations_snapshot_is_needed(s recommendations_snapshot) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT
    -- The newest of its document.
    NOT EXISTS (SELECT FROM recommendations_snapshot n WHERE n.document_id = s.document_id
                   AND (n.taken_at, n.id) > (s.taken_at, s.id))
    -- What a check compares with: a page may have returned to an older text.
    OR EXISTS (SELECT FROM recommendations_statuscheck c JOIN recommendations_evidence e ON e.id = c.evidence_id
                WHERE e.document_id = s.document_id AND c.memory ->> 'text_hash' = s.text_hash)
    -- What a finding shows.
    OR EXISTS (SELECT FROM recommendations_finding f WHERE f.before_id = s.id)
    OR EXISTS (SELECT FROM recommendations_finding f WHERE f.after_id = s.id)
    -- What stood there when a verdict that cites the document was proposed or published; else the first after it.
    OR EXISTS (
      SELECT FROM recommendations_evidence e
        JOIN recommendations_citation c ON c.evidence_id = e.id
        JOIN recommendations_assessment a ON a.id = c.assessment_id
        CROSS JOIN LATERAL (VALUES (a.proposed_at), (a.published_at)) moment (at)
       WHERE e.document_id = s.document_id AND moment.at IS NOT NULL
         AND s.id = coalesce(
           (SELECT n.id FROM recommendations_snapshot n WHERE n.document_id = s.document_id AND n.taken_at <= moment.at
             ORDER BY n.taken_at DESC, n.id DESC LIMIT 1),
           (SELECT n.id FROM recommendations_snapshot n WHERE n.document_id = s.document_id
             ORDER BY n.taken_at, n.id LIMIT 1)))
$$;
COMMENT ON FUNCTION recommendations_snapshot_is_needed IS
  'Whether something rests on the text of a snapshot: a finding, a verdict, a check, or that it is the newest.';

CREATE FUNCTION recommendations_retained(kind text, age timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT EXISTS (SELECT FROM recommendations_retention r
                  WHERE r.transaction = pg_current_xact_id_if_assigned()::text::bigint AND r.what = kind
                    AND age < r.before AND r.before <= now() - interval '30 days')
$$;
COMMENT ON FUNCTION recommendations_retained IS
  'Whether an act of retention of this transaction lets something of that kind and age go.';
"""

ACTS = """
CREATE FUNCTION recommendations_retention_is_an_act() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.transaction := mine;
    RETURN NEW;
  ELSIF OLD.transaction IS DISTINCT FROM mine THEN
    RAISE EXCEPTION 'act of retention % is over', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'retention_append_only';
  ELSIF TG_OP = 'DELETE' THEN
    RETURN OLD;
  ELSIF NEW.transaction IS NOT NULL THEN
    NEW.transaction := mine;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retention_is_an_act BEFORE INSERT OR UPDATE OR DELETE ON recommendations_retention
  FOR EACH ROW EXECUTE FUNCTION recommendations_retention_is_an_act();
CREATE TRIGGER retention_not_emptied BEFORE TRUNCATE ON recommendations_retention
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('retention_append_only');
"""

SNAPSHOTS = """
CREATE FUNCTION recommendations_snapshot_stays() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF (NEW.id, NEW.document_id, NEW.taken_at, NEW.text_hash, NEW.raw_hash, NEW.final_url, NEW.content_type, NEW.size)
     IS DISTINCT FROM
     (OLD.id, OLD.document_id, OLD.taken_at, OLD.text_hash, OLD.raw_hash, OLD.final_url, OLD.content_type, OLD.size)
     OR (OLD.text IS NOT NULL AND NEW.text IS NOT NULL AND NEW.text <> OLD.text) THEN
    RAISE EXCEPTION 'snapshot % says what was seen, and cannot be changed', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_immutable';
  END IF;
  IF OLD.text IS NOT NULL AND NEW.text IS NULL THEN
    IF NOT recommendations_retained('texts', OLD.taken_at) THEN
      RAISE EXCEPTION 'the text of snapshot % goes only by an act of retention', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_immutable';
    END IF;
    IF recommendations_snapshot_is_needed(OLD) THEN
      RAISE EXCEPTION 'something rests on the text of snapshot %', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'snapshot_is_needed';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER snapshot_stays BEFORE UPDATE ON recommendations_snapshot
  FOR EACH ROW EXECUTE FUNCTION recommendations_snapshot_stays();
CREATE TRIGGER snapshot_not_deleted BEFORE DELETE ON recommendations_snapshot
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('snapshot_immutable');
CREATE TRIGGER snapshot_not_emptied BEFORE TRUNCATE ON recommendations_snapshot
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('snapshot_immutable');

CREATE FUNCTION recommendations_raw_copy_stays() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'DELETE' AND recommendations_retained('raw', OLD.seen_at) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'raw copy % goes only by an act of retention, and cannot be changed', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'raw_copy_immutable';
END $$;
CREATE TRIGGER raw_copy_stays BEFORE UPDATE OR DELETE ON recommendations_rawcopy
  FOR EACH ROW EXECUTE FUNCTION recommendations_raw_copy_stays();
"""

RUNS = """
CREATE FUNCTION recommendations_check_run_stays() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'DELETE' AND recommendations_retained('runs', OLD.finished_at)
     AND OLD.outcome IN ('unchanged', 'blocked', 'failed', 'refused', 'key_missing')
     AND EXISTS (SELECT FROM recommendations_checkrun later
                  WHERE later.check_id = OLD.check_id AND later.due_at > OLD.due_at) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'check_violation', CONSTRAINT = 'check_run_append_only', TABLE = TG_TABLE_NAME;
END $$;
DROP TRIGGER check_run_append_only ON recommendations_checkrun;
CREATE TRIGGER check_run_append_only BEFORE UPDATE OR DELETE ON recommendations_checkrun
  FOR EACH ROW EXECUTE FUNCTION recommendations_check_run_stays();
"""

UNDO = """
DROP TRIGGER check_run_append_only ON recommendations_checkrun;
CREATE TRIGGER check_run_append_only BEFORE UPDATE OR DELETE ON recommendations_checkrun
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('check_run_append_only');
DROP FUNCTION recommendations_check_run_stays();
DROP FUNCTION recommendations_retention_is_an_act() CASCADE;
DROP TRIGGER retention_not_emptied ON recommendations_retention;
DROP FUNCTION recommendations_raw_copy_stays() CASCADE;
DROP FUNCTION recommendations_snapshot_stays() CASCADE;
DROP TRIGGER snapshot_not_deleted ON recommendations_snapshot;
DROP TRIGGER snapshot_not_emptied ON recommendations_snapshot;
DROP FUNCTION recommendations_retained(text, timestamptz);
DROP FUNCTION recommendations_snapshot_is_needed(recommendations_snapshot);
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0022_sessions")]

    operations = [
        migrations.CreateModel(
            name="Retention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("texts", "Texts of snapshots"),
                            ("raw", "Raw copies"),
                            ("runs", "Uneventful looks"),
                        ],
                        max_length=10,
                        verbose_name="what was dropped",
                    ),
                ),
                ("before", models.DateTimeField(verbose_name="older than")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by", models.CharField(max_length=200, verbose_name="by")),
                (
                    "transaction",
                    models.BigIntegerField(
                        editable=False,
                        help_text="While it lasts; set by the database.",
                        null=True,
                        unique=True,
                        verbose_name="transaction",
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="how many")),
                ("bytes", models.BigIntegerField(default=0, verbose_name="bytes")),
            ],
            options={
                "verbose_name": "act of retention",
                "verbose_name_plural": "acts of retention",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RunSummary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("first_look", "First look"),
                            ("unchanged", "Unchanged"),
                            ("changed", "Changed"),
                            ("moved", "Moved"),
                            ("gone", "Gone"),
                            ("blocked", "Blocked"),
                            ("failed", "Failed"),
                            ("refused", "Refused by our own door"),
                            ("key_missing", "Not looked: its key is missing"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("looks", models.PositiveIntegerField(verbose_name="looks")),
                ("first_due_at", models.DateTimeField(verbose_name="first due at")),
                ("last_due_at", models.DateTimeField(verbose_name="last due at")),
            ],
            options={
                "verbose_name": "summary of runs",
                "verbose_name_plural": "summaries of runs",
                "ordering": ["status_check", "month", "outcome"],
            },
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("state", "open"), _negated=True),
                fields=["decided_at"],
                name="finding_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["rule", "rule_version", "state"], name="finding_by_rule"),
        ),
        migrations.AddConstraint(
            model_name="retention",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["texts", "raw", "runs"])), name="retention_what_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="retention",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__regex", "\\S")), name="retention_by_given"
            ),
        ),
        migrations.AddField(
            model_name="runsummary",
            name="status_check",
            field=models.ForeignKey(
                db_column="check_id",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="run_summaries",
                to="recommendations.statuscheck",
                verbose_name="check",
            ),
        ),
        migrations.AddConstraint(
            model_name="runsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "first_look",
                            "unchanged",
                            "changed",
                            "moved",
                            "gone",
                            "blocked",
                            "failed",
                            "refused",
                            "key_missing",
                        ],
                    )
                ),
                name="run_summary_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="runsummary",
            constraint=models.UniqueConstraint(
                fields=("status_check", "month", "outcome"), name="run_summary_once"
            ),
        ),
        migrations.RunSQL([NEEDED, ACTS, SNAPSHOTS, RUNS], UNDO),
    ]
