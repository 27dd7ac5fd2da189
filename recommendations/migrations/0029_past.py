"""Lists and counts of the past: the status that stood, asked of one row, and two indexes of the office's verdicts."""

from django.db import migrations, models

STOOD = """
CREATE FUNCTION recommendations_stood_at(recommendation bigint, as_of date, known_at timestamptz, statuses varchar[])
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
BEGIN
  RETURN coalesce((SELECT o.status FROM recommendations_standing_at(as_of, known_at) o
                    WHERE o.recommendation_id = recommendation AND o.verdict_by = 'office'
                    ORDER BY o.effective_on DESC, o.published_at DESC, o.id DESC LIMIT 1), 'not_assessed')
         = ANY (statuses);
END $$;
COMMENT ON FUNCTION recommendations_stood_at IS
  'Whether the headline of that moment has one of these statuses. Said to be cheap, so that the planner walks a list
until a page is full: it counts what a condition costs for every row, also for those that an earlier one left out.';
"""

OFFICE = models.Q(verdict_by="office", published_at__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0028_recorded")]

    operations = [
        migrations.RunSQL(
            STOOD, "DROP FUNCTION recommendations_stood_at(bigint, date, timestamptz, varchar[]);"
        ),
        migrations.AddIndex(
            "assessment",
            models.Index(
                fields=["recommendation", "-effective_on", "-published_at", "-id"],
                include=("status", "retracted_at"),
                condition=OFFICE,
                name="assessment_of_office",
            ),
        ),
        migrations.AddIndex(
            "assessment",
            models.Index(
                fields=["status", "effective_on"],
                include=("recommendation",),
                condition=OFFICE,
                name="assessment_ever",
            ),
        ),
        migrations.RemoveIndex("recommendation", "recommendation_listed"),
        migrations.AddIndex(
            "recommendation",
            models.Index(
                fields=["code"],
                include=("id", "public", "parent", "theme_ids", "addressee_ids", "issued_on"),
                name="recommendation_listed",
            ),
        ),
    ]
