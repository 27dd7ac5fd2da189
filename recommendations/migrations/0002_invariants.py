"""What PostgreSQL itself promises, beyond the constraints of single rows.

Each refusal raises `check_violation` with a constraint name, so that an action (or a reader of a
log) can tell which rule it was. There is no setting that switches these off.
"""

from django.db import migrations

STANDING = """
CREATE FUNCTION recommendations_standing_at(as_of date, known_at timestamptz)
RETURNS TABLE (id bigint, recommendation_id bigint, status varchar, effective_on date,
               published_at timestamptz, confidence varchar, verdict_by varchar,
               verdict_institution_id bigint)
LANGUAGE sql STABLE AS $$
SELECT a.id, a.recommendation_id, a.status, a.effective_on, a.published_at, a.confidence,
       a.verdict_by, a.verdict_institution_id
  FROM recommendations_assessment a
 WHERE a.effective_on <= as_of
   AND a.published_at <= known_at
   AND (a.retracted_at IS NULL OR a.retracted_at > known_at)
   AND NOT EXISTS (SELECT 1 FROM recommendations_assessment s
                    WHERE s.supersedes_id = a.id AND s.published_at <= known_at
                      AND (s.retracted_at IS NULL OR s.retracted_at > known_at))
$$;
COMMENT ON FUNCTION recommendations_standing_at IS
  'Verdicts about the world up to as_of that we held published at known_at: not retracted, not superseded.';
"""

HEADLINE = """
CREATE FUNCTION recommendations_headline_at(as_of date, known_at timestamptz)
RETURNS TABLE (recommendation_id bigint, headline_id bigint, status varchar, status_since date,
               confidence varchar, contested boolean, response varchar, due_on date,
               closure_reason varchar, closure_review_on date, last_verified_at timestamptz)
LANGUAGE sql STABLE AS $$
SELECT r.id, h.id, coalesce(h.status, 'not_assessed'), since.status_since, coalesce(h.confidence, ''),
       coalesce(other.differs, false), coalesce(said.kind, 'none'), due.due_on,
       coalesce(closed.reason, ''), closed.review_on, h.published_at
  FROM recommendations_recommendation r
  JOIN recommendations_source s ON s.id = r.source_id AND s.published_on <= as_of
  LEFT JOIN LATERAL (
       SELECT o.* FROM recommendations_standing_at(as_of, known_at) o
        WHERE o.recommendation_id = r.id AND o.verdict_by = 'office'
        ORDER BY o.effective_on DESC, o.published_at DESC, o.id DESC LIMIT 1) h ON true
  LEFT JOIN LATERAL (
       -- The first verdict of the unbroken run that ends with the headline.
       SELECT min(o.effective_on) AS status_since FROM recommendations_standing_at(as_of, known_at) o
        WHERE o.recommendation_id = r.id AND o.verdict_by = 'office' AND o.status = h.status
          AND NOT EXISTS (
              SELECT 1 FROM recommendations_standing_at(as_of, known_at) x
               WHERE x.recommendation_id = r.id AND x.verdict_by = 'office' AND x.status <> h.status
                 AND (x.effective_on, x.published_at, x.id) > (o.effective_on, o.published_at, o.id))
       ) since ON true
  LEFT JOIN LATERAL (
       -- Another party's latest verdict says otherwise.
       SELECT bool_or(last.status <> h.status) AS differs FROM (
              SELECT DISTINCT ON (o.verdict_by, o.verdict_institution_id) o.status
                FROM recommendations_standing_at(as_of, known_at) o
               WHERE o.recommendation_id = r.id AND o.verdict_by <> 'office'
               ORDER BY o.verdict_by, o.verdict_institution_id,
                        o.effective_on DESC, o.published_at DESC, o.id DESC) last
       ) other ON true
  LEFT JOIN LATERAL (
       SELECT p.kind FROM recommendations_response p
        WHERE p.recommendation_id = r.id AND p.stated_on <= as_of AND p.recorded_at <= known_at
        ORDER BY p.stated_on DESC, p.recorded_at DESC, p.id DESC LIMIT 1) said ON true
  LEFT JOIN LATERAL (
       SELECT d.due_on FROM recommendations_deadline d
        WHERE d.recommendation_id = r.id AND d.recorded_at <= known_at
          AND (d.recorded_at AT TIME ZONE 'UTC')::date <= as_of
        ORDER BY d.recorded_at DESC, d.id DESC LIMIT 1) due ON true
  LEFT JOIN LATERAL (
       SELECT c.reason, c.review_on FROM recommendations_closure c
        WHERE c.recommendation_id = r.id AND c.closed_at <= known_at
          AND (c.closed_at AT TIME ZONE 'UTC')::date <= as_of
          AND (c.reopened_at IS NULL OR c.reopened_at > known_at
               OR (c.reopened_at AT TIME ZONE 'UTC')::date > as_of)
        ORDER BY c.closed_at DESC, c.id DESC LIMIT 1) closed ON true
$$;
COMMENT ON FUNCTION recommendations_headline_at IS
  'What each recommendation of a source published by as_of came to on that day, as we knew it at known_at.';

CREATE VIEW recommendations_headline AS
SELECT * FROM recommendations_headline_at('infinity', 'infinity');
COMMENT ON VIEW recommendations_headline IS
  'What the copied columns of every recommendation must say, worked out from the rows behind them.';
"""

REFUSE = """
CREATE FUNCTION recommendations_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON recommendations_event
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('event_append_only');
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON recommendations_event
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('event_append_only');
CREATE TRIGGER deadline_append_only BEFORE UPDATE OR DELETE ON recommendations_deadline
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('deadline_append_only');
CREATE TRIGGER deadline_not_emptied BEFORE TRUNCATE ON recommendations_deadline
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('deadline_append_only');
CREATE TRIGGER assessment_not_deleted BEFORE DELETE ON recommendations_assessment
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('assessment_immutable');
CREATE TRIGGER assessment_not_emptied BEFORE TRUNCATE ON recommendations_assessment
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('assessment_immutable');
CREATE TRIGGER citation_append_only BEFORE UPDATE OR DELETE ON recommendations_citation
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('assessment_immutable');
CREATE TRIGGER citation_not_emptied BEFORE TRUNCATE ON recommendations_citation
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('assessment_immutable');
CREATE TRIGGER check_run_append_only BEFORE UPDATE OR DELETE ON recommendations_checkrun
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('check_run_append_only');
"""

ASSESSMENT = """
CREATE FUNCTION recommendations_assessment_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source_day date;
  corrected record;
BEGIN
  IF NEW.state <> 'proposed' THEN
    RAISE EXCEPTION 'an assessment begins as a proposal, not as %', NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_begins_proposed';
  END IF;
  SELECT s.published_on INTO source_day
    FROM recommendations_recommendation r JOIN recommendations_source s ON s.id = r.source_id
   WHERE r.id = NEW.recommendation_id;
  IF NEW.effective_on < source_day THEN
    RAISE EXCEPTION 'effective_on % is before the source was published (%)', NEW.effective_on, source_day
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_not_before_source';
  END IF;
  IF NEW.supersedes_id IS NOT NULL THEN
    SELECT a.recommendation_id, a.verdict_by, a.verdict_institution_id, a.state INTO corrected
      FROM recommendations_assessment a WHERE a.id = NEW.supersedes_id;
    IF corrected.state <> 'published' OR corrected.recommendation_id <> NEW.recommendation_id
       OR (corrected.verdict_by, coalesce(corrected.verdict_institution_id, 0))
          <> (NEW.verdict_by, coalesce(NEW.verdict_institution_id, 0)) THEN
      RAISE EXCEPTION 'assessment % is not a published verdict of the same party on the same recommendation',
        NEW.supersedes_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_corrects_its_like';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_begins BEFORE INSERT ON recommendations_assessment
  FOR EACH ROW EXECUTE FUNCTION recommendations_assessment_begins();

CREATE FUNCTION recommendations_assessment_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.recommendation_id, NEW.status, NEW.effective_on, NEW.rationale, NEW.confidence,
      NEW.verdict_by, NEW.verdict_institution_id, NEW.supersedes_id, NEW.method_version,
      NEW.evidence_derived, NEW.source_label, NEW.source_system, NEW.mapping_version,
      NEW.proposed_by_id, NEW.proposed_by_machine, NEW.proposed_at)
     IS DISTINCT FROM
     (OLD.id, OLD.recommendation_id, OLD.status, OLD.effective_on, OLD.rationale, OLD.confidence,
      OLD.verdict_by, OLD.verdict_institution_id, OLD.supersedes_id, OLD.method_version,
      OLD.evidence_derived, OLD.source_label, OLD.source_system, OLD.mapping_version,
      OLD.proposed_by_id, OLD.proposed_by_machine, OLD.proposed_at) THEN
    RAISE EXCEPTION 'what assessment % claims cannot be changed; propose a correction', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_immutable';
  END IF;
  IF NOT ((OLD.state = 'proposed' AND NEW.state IN ('published', 'rejected', 'withdrawn'))
          OR (OLD.state = 'published' AND NEW.state = 'retracted')) THEN
    RAISE EXCEPTION 'assessment % cannot go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_immutable';
  END IF;
  IF OLD.state = 'published' AND
     (NEW.decided_by_id, NEW.decided_at, NEW.decision_note, NEW.published_at)
     IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at, OLD.decision_note, OLD.published_at) THEN
    RAISE EXCEPTION 'who published assessment %, and when, cannot be changed', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_immutable';
  END IF;
  IF NEW.state = 'published' AND NEW.status NOT IN ('no_action', 'unable_to_assess') AND NOT EXISTS (
     SELECT 1 FROM recommendations_citation c JOIN recommendations_evidence e ON e.id = c.evidence_id
      WHERE c.assessment_id = NEW.id AND e.verified) THEN
    RAISE EXCEPTION 'assessment % rests on no verified evidence', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_rests_on_verified_evidence';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_moves BEFORE UPDATE ON recommendations_assessment
  FOR EACH ROW EXECUTE FUNCTION recommendations_assessment_moves();

CREATE FUNCTION recommendations_citation_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT a.state FROM recommendations_assessment a WHERE a.id = NEW.assessment_id) <> 'proposed' THEN
    RAISE EXCEPTION 'assessment % is decided: its evidence cannot be added to', NEW.assessment_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER citation_begins BEFORE INSERT ON recommendations_citation
  FOR EACH ROW EXECUTE FUNCTION recommendations_citation_begins();

CREATE FUNCTION recommendations_assessment_cites() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status NOT IN ('no_action', 'unable_to_assess') AND NOT EXISTS (
     SELECT 1 FROM recommendations_citation c WHERE c.assessment_id = NEW.id) THEN
    RAISE EXCEPTION 'assessment % (%) cites no evidence', NEW.id, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_cites_evidence';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER assessment_cites AFTER INSERT ON recommendations_assessment
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION recommendations_assessment_cites();
"""

STATUS = """
CREATE FUNCTION recommendations_status_is_derived() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  subject bigint;
  wrong record;
BEGIN
  IF TG_TABLE_NAME = 'recommendations_recommendation' THEN
    subject := NEW.id;
  ELSE
    subject := NEW.recommendation_id;
  END IF;
  SELECT r.code, r.status, h.status AS truth INTO wrong
    FROM recommendations_recommendation r JOIN recommendations_headline h ON h.recommendation_id = r.id
   WHERE r.id = subject
     AND (r.headline_id, r.status, r.status_since, r.confidence)
         IS DISTINCT FROM (h.headline_id, h.status, h.status_since, h.confidence);
  IF FOUND THEN
    RAISE EXCEPTION 'the status of % is what its latest published verdict says (%), not %',
      wrong.code, wrong.truth, wrong.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'recommendation_status_is_derived';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER recommendation_status_is_derived
  AFTER INSERT OR UPDATE OF headline_id, status, status_since, confidence
  ON recommendations_recommendation
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION recommendations_status_is_derived();
CREATE CONSTRAINT TRIGGER assessment_moves_the_headline
  AFTER UPDATE OF state ON recommendations_assessment
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION recommendations_status_is_derived();
"""

OTHERS = """
CREATE FUNCTION recommendations_deadline_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  in_force date;
BEGIN
  -- Two entries at once must not both follow the same one.
  PERFORM 1 FROM recommendations_recommendation r WHERE r.id = NEW.recommendation_id FOR UPDATE;
  SELECT d.due_on INTO in_force FROM recommendations_deadline d
   WHERE d.recommendation_id = NEW.recommendation_id ORDER BY d.recorded_at DESC, d.id DESC LIMIT 1;
  IF NEW.previous_due_on IS DISTINCT FROM in_force THEN
    RAISE EXCEPTION 'the deadline in force is %, not %', in_force, NEW.previous_due_on
      USING ERRCODE = 'check_violation', CONSTRAINT = 'deadline_follows_the_last';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER deadline_follows BEFORE INSERT ON recommendations_deadline
  FOR EACH ROW EXECUTE FUNCTION recommendations_deadline_follows();

CREATE FUNCTION recommendations_part_of_a_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND EXISTS (
     SELECT 1 FROM recommendations_recommendation p
      WHERE p.id = NEW.parent_id AND (p.parent_id IS NOT NULL OR p.source_id <> NEW.source_id)) THEN
    RAISE EXCEPTION '% can only be a part of a whole recommendation of the same source', NEW.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'recommendation_part_of_a_whole';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recommendation_part_of_a_whole BEFORE INSERT OR UPDATE OF parent_id, source_id
  ON recommendations_recommendation
  FOR EACH ROW EXECUTE FUNCTION recommendations_part_of_a_whole();

CREATE FUNCTION recommendations_source_day_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM recommendations_assessment a
               JOIN recommendations_recommendation r ON r.id = a.recommendation_id
              WHERE r.source_id = NEW.id AND a.effective_on < NEW.published_on) THEN
    RAISE EXCEPTION 'a verdict on % is older than %', NEW.code, NEW.published_on
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_not_before_source';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER source_day_holds BEFORE UPDATE OF published_on ON recommendations_source
  FOR EACH ROW WHEN (NEW.published_on > OLD.published_on)
  EXECUTE FUNCTION recommendations_source_day_holds();
"""

UNDO = """
DROP VIEW recommendations_headline;
DROP FUNCTION recommendations_headline_at(date, timestamptz);
DROP FUNCTION recommendations_standing_at(date, timestamptz);
DROP FUNCTION recommendations_refuse() CASCADE;
DROP FUNCTION recommendations_assessment_begins() CASCADE;
DROP FUNCTION recommendations_assessment_moves() CASCADE;
DROP FUNCTION recommendations_citation_begins() CASCADE;
DROP FUNCTION recommendations_assessment_cites() CASCADE;
DROP FUNCTION recommendations_status_is_derived() CASCADE;
DROP FUNCTION recommendations_deadline_follows() CASCADE;
DROP FUNCTION recommendations_part_of_a_whole() CASCADE;
DROP FUNCTION recommendations_source_day_holds() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [STANDING, HEADLINE, REFUSE, ASSESSMENT, STATUS, OTHERS],
            UNDO,
        )
    ]
