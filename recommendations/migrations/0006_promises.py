"""More of what PostgreSQL promises: dates in order, ledgers that only grow, and all copies.

Also a search query in which "-word" excludes a word in whatever language it is found.
"""

from django.db import migrations

ORDER = """
CREATE FUNCTION recommendations_assessment_ordered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- proposed_at is the writer's word; the server's clock is not.
  IF NEW.effective_on > (now() AT TIME ZONE 'UTC')::date THEN
    RAISE EXCEPTION 'effective_on % is in the future', NEW.effective_on
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_not_in_the_future';
  END IF;
  IF NEW.decided_at < NEW.proposed_at OR NEW.withdrawn_at < NEW.proposed_at OR NEW.published_at <> NEW.decided_at THEN
    RAISE EXCEPTION 'assessment % is decided after it was proposed, and published when it is decided', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_dated_in_order';
  END IF;
  RETURN NEW;
END $$;
-- By its name it comes after assessment_moves, which says what cannot change at all.
CREATE TRIGGER assessment_ordered BEFORE INSERT OR UPDATE ON recommendations_assessment
  FOR EACH ROW EXECUTE FUNCTION recommendations_assessment_ordered();

CREATE FUNCTION recommendations_source_stays_older() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM recommendations_assessment a
               JOIN recommendations_source s ON s.id = NEW.source_id
              WHERE a.recommendation_id = NEW.id AND a.effective_on < s.published_on) THEN
    RAISE EXCEPTION 'a verdict on % is older than that source', NEW.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_not_before_source';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER source_stays_older BEFORE UPDATE OF source_id ON recommendations_recommendation
  FOR EACH ROW WHEN (NEW.source_id <> OLD.source_id)
  EXECUTE FUNCTION recommendations_source_stays_older();
"""

LEDGERS = """
CREATE TRIGGER response_append_only BEFORE UPDATE OR DELETE ON recommendations_response
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('response_append_only');
CREATE TRIGGER response_not_emptied BEFORE TRUNCATE ON recommendations_response
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('response_append_only');
CREATE TRIGGER check_run_not_emptied BEFORE TRUNCATE ON recommendations_checkrun
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('check_run_append_only');
CREATE TRIGGER closure_not_deleted BEFORE DELETE ON recommendations_closure
  FOR EACH ROW EXECUTE FUNCTION recommendations_refuse('closure_immutable');
CREATE TRIGGER closure_not_emptied BEFORE TRUNCATE ON recommendations_closure
  FOR EACH STATEMENT EXECUTE FUNCTION recommendations_refuse('closure_immutable');

CREATE FUNCTION recommendations_closure_reopens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.reopened_at IS NOT NULL
     OR (NEW.id, NEW.recommendation_id, NEW.reason, NEW.note, NEW.review_on, NEW.closed_by_id, NEW.closed_at)
        IS DISTINCT FROM
        (OLD.id, OLD.recommendation_id, OLD.reason, OLD.note, OLD.review_on, OLD.closed_by_id, OLD.closed_at)
  THEN
    RAISE EXCEPTION 'closure % can only be reopened, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'closure_immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER closure_reopens BEFORE UPDATE ON recommendations_closure
  FOR EACH ROW EXECUTE FUNCTION recommendations_closure_reopens();
"""

COPIES = """
CREATE OR REPLACE FUNCTION recommendations_status_is_derived() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER recommendation_status_is_derived ON recommendations_recommendation;
CREATE CONSTRAINT TRIGGER recommendation_status_is_derived
  AFTER INSERT OR UPDATE OF headline_id, status, status_since, confidence, contested, response, due_on,
                            closure_reason, closure_review_on, last_verified_at
  ON recommendations_recommendation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION recommendations_status_is_derived();
CREATE CONSTRAINT TRIGGER response_moves_the_headline AFTER INSERT ON recommendations_response
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION recommendations_status_is_derived();
CREATE CONSTRAINT TRIGGER deadline_moves_the_headline AFTER INSERT ON recommendations_deadline
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION recommendations_status_is_derived();
CREATE CONSTRAINT TRIGGER closure_moves_the_headline AFTER INSERT OR UPDATE ON recommendations_closure
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION recommendations_status_is_derived();
"""

EVIDENCE = """
CREATE FUNCTION recommendations_carries(assessment bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM recommendations_citation c JOIN recommendations_evidence e ON e.id = c.evidence_id
                  WHERE c.assessment_id = assessment AND e.verified AND e.visibility = 'public')
$$;
COMMENT ON FUNCTION recommendations_carries IS 'Whether a verdict cites evidence that was read and anyone may see.';

CREATE FUNCTION recommendations_assessment_is_carried() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT recommendations_carries(NEW.id) THEN
    RAISE EXCEPTION 'assessment % rests on no evidence that was verified and is public', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_rests_on_verified_evidence';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_is_carried BEFORE UPDATE OF state ON recommendations_assessment
  FOR EACH ROW WHEN (NEW.state = 'published' AND NEW.status NOT IN ('no_action', 'unable_to_assess'))
  EXECUTE FUNCTION recommendations_assessment_is_carried();

CREATE FUNCTION recommendations_evidence_carries_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM recommendations_citation c
               JOIN recommendations_assessment a ON a.id = c.assessment_id
              WHERE c.evidence_id = NEW.id AND a.state = 'published'
                AND a.status NOT IN ('no_action', 'unable_to_assess') AND NOT recommendations_carries(a.id)) THEN
    RAISE EXCEPTION 'a published verdict rests on evidence % alone', NEW.code
      USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_carries_a_verdict';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER evidence_carries_on AFTER UPDATE OF verified, visibility ON recommendations_evidence
  FOR EACH ROW WHEN (NOT (NEW.verified AND NEW.visibility = 'public'))
  EXECUTE FUNCTION recommendations_evidence_carries_on();
"""

SEARCH = """
CREATE OR REPLACE FUNCTION recommendations_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  WITH asked AS (
    SELECT regexp_replace(' ' || recommendations_fold(words), '\\s-("[^"]*"?|\\S+)', ' ', 'g') AS wanted,
           (SELECT string_agg(each[1], ' or ')
              FROM regexp_matches(' ' || recommendations_fold(words), '\\s-("[^"]*"?|\\S+)', 'g') each) AS unwanted
  )
  -- A wanted word may be found in either language; an unwanted one in neither.
  SELECT (websearch_to_tsquery('english'::regconfig, wanted) || websearch_to_tsquery('spanish'::regconfig, wanted))
      && !! (websearch_to_tsquery('english'::regconfig, coalesce(unwanted, ''))
             || websearch_to_tsquery('spanish'::regconfig, coalesce(unwanted, '')))
    FROM asked
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_registers")]

    operations = [migrations.RunSQL([ORDER, LEDGERS, COPIES, EVIDENCE, SEARCH])]
