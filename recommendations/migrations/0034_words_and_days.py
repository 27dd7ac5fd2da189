"""What the past, comparing, and the lists of staff are read by: indexes of days, and of the words of titles."""

from django.db import migrations, models

# Written out, and not by recommendations_fold: what an index calls finds no function of ours while it is being analyzed.
WORDS = """
CREATE FUNCTION recommendations_words(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('simple'::regconfig, regexp_replace(
           CASE WHEN octet_length(words) = char_length(words) THEN words
                ELSE regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g') END,
           '[!-/:-@[-`{-~]+', ' ', 'g'))
$$;
COMMENT ON FUNCTION recommendations_words IS
  'The words of a title as they are written, without accents and signs: what is typed is looked for as their beginnings.';
CREATE INDEX document_words ON recommendations_document USING gin (recommendations_words(title || ' ' || url));
CREATE INDEX evidence_words ON recommendations_evidence USING gin (recommendations_words(title));
CREATE INDEX finding_words ON recommendations_finding USING gin (recommendations_words(title));
CREATE INDEX source_words ON recommendations_source USING gin (recommendations_words(title));
ANALYZE recommendations_document;
ANALYZE recommendations_evidence;
ANALYZE recommendations_finding;
ANALYZE recommendations_source;
"""

UNDO = """
DROP INDEX document_words, evidence_words, finding_words, source_words;
DROP FUNCTION recommendations_words(text);
"""

STOOD = "DROP FUNCTION recommendations_stood_at(bigint, date, timestamptz, varchar[]);"
STOOD_AGAIN = """
CREATE FUNCTION recommendations_stood_at(recommendation bigint, as_of date, known_at timestamptz, statuses varchar[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
BEGIN
  RETURN coalesce((SELECT o.status FROM recommendations_standing_at(as_of, known_at) o
                    WHERE o.recommendation_id = recommendation AND o.verdict_by = 'office'
                    ORDER BY o.effective_on DESC, o.published_at DESC, o.id DESC LIMIT 1), 'not_assessed')
         = ANY (statuses);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0033_webhook_attempts")]

    operations = [
        migrations.RunSQL(WORDS, UNDO),
        migrations.RunSQL(STOOD, STOOD_AGAIN),
        migrations.AddIndex(
            "assessment",
            models.Index(
                fields=["-effective_on", "-published_at", "-id"],
                include=("recommendation",),
                name="assessment_latest",
            ),
        ),
        migrations.AddIndex(
            "assessment",
            models.Index(
                fields=["recommendation", "-effective_on"],
                condition=models.Q(("verdict_by", "office"), _negated=True),
                name="assessment_of_others",
            ),
        ),
        migrations.AddIndex("response", models.Index(fields=["stated_on"], name="response_by_day")),
        migrations.AddIndex("response", models.Index(fields=["kind", "stated_on"], name="response_ever")),
        migrations.AddIndex("deadline", models.Index(fields=["recorded_at", "id"], name="deadline_by_day")),
        migrations.AddIndex("deadline", models.Index(fields=["due_on", "id"], name="deadline_ever")),
        migrations.AddIndex("closure", models.Index(fields=["closed_at", "id"], name="closure_by_day")),
        migrations.AddIndex(
            "closure",
            models.Index(
                fields=["reopened_at"],
                condition=models.Q(("reopened_at__isnull", False)),
                name="closure_reopened",
            ),
        ),
        migrations.AddIndex(
            "closure",
            models.Index(
                fields=["review_on"],
                condition=models.Q(("review_on__isnull", False)),
                name="closure_reviewed",
            ),
        ),
        migrations.AddIndex(
            "source", models.Index(fields=["published_on", "id"], name="source_oldest_first")
        ),
        migrations.RemoveIndex("recommendation", "recommendation_of_response"),
        migrations.AddIndex(
            "recommendation", models.Index(fields=["response", "code"], name="recommendation_of_response")
        ),
        migrations.AddIndex(
            "assessment",
            models.Index(
                fields=["state", "-id"],
                condition=models.Q(("state", "published"), _negated=True),
                name="assessment_of_state",
            ),
        ),
        migrations.AddIndex("finding", models.Index(fields=["-decided_at", "-id"], name="finding_listed")),
        migrations.AddIndex(
            "checkrun",
            models.Index(
                fields=["outcome", "-id"],
                condition=models.Q(("outcome", "unchanged"), _negated=True),
                name="check_run_of_outcome",
            ),
        ),
        migrations.AddIndex(
            "evidence",
            models.Index(
                fields=["-occurred_on", "-id"],
                condition=models.Q(("verified", False)),
                name="evidence_unread",
            ),
        ),
        migrations.AddIndex(
            "evidencelink",
            models.Index(
                fields=["stance", "-id"],
                condition=models.Q(("stance", "supports"), _negated=True),
                name="evidence_link_otherwise",
            ),
        ),
        migrations.RemoveIndex("event", "event_of_object"),
        migrations.AddIndex(
            "event", models.Index(fields=["object_id", "object_type", "-id"], name="event_of_object")
        ),
        migrations.AddIndex("event", models.Index(fields=["actor", "-id"], name="event_of_actor")),
        migrations.AddIndex("event", models.Index(fields=["verb", "-id"], name="event_of_verb")),
    ]
