"""What lists filter and count by, kept by triggers: columns that need no joins, sums that need no counting.

The derived columns of a recommendation (`public`, `issued_on`, `theme_ids`, `addressee_ids`, and `theme_words` for
the search) are worked out by a trigger before every write that may change them, whatever the writer says. Whoever
changes a row they rest on sets `issued_on` or `theme_ids` and `addressee_ids` to NULL, which means: work it out.

Tallies, verifications and the revision only ever get new rows: a writer never waits for another one's, and no two
can lock each other out. Their sums are true in every snapshot, because they are written with what they count.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

GROUPINGS = [
    ("all", "All together"),
    ("source", "Source"),
    ("theme", "Theme"),
    ("addressee", "Addressee"),
    ("year", "Year"),
]
STATUSES = [
    ("not_assessed", "Not assessed"),
    ("unable_to_assess", "Unable to assess"),
    ("no_action", "No action found"),
    ("in_progress", "In progress"),
    ("partially_implemented", "Partially implemented"),
    ("substantially_implemented", "Substantially implemented"),
    ("implemented", "Implemented"),
    ("met_by_other_means", "Met by other means"),
    ("stalled", "Stalled"),
    ("reversed", "Reversed"),
    ("not_implemented", "Not implemented"),
]
NARROWED_BY = ("public", "parent", "theme_ids", "addressee_ids")

DERIVED = """
CREATE FUNCTION recommendations_themes_of(recommendation bigint) RETURNS integer[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT x.id ORDER BY x.id), '{}') FROM (
         SELECT t.id::integer FROM recommendations_recommendation_themes rt
           JOIN recommendations_theme t ON t.id = rt.theme_id WHERE rt.recommendation_id = recommendation
          UNION ALL
         SELECT t.parent_id::integer FROM recommendations_recommendation_themes rt
           JOIN recommendations_theme t ON t.id = rt.theme_id
          WHERE rt.recommendation_id = recommendation AND t.parent_id IS NOT NULL) x
$$;
COMMENT ON FUNCTION recommendations_themes_of IS 'Its themes, and the themes that those are part of.';

CREATE FUNCTION recommendations_addressees_of(recommendation bigint) RETURNS integer[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT coalesce(i.merged_into_id, i.id)::integer), '{}')
    FROM recommendations_addressee a JOIN recommendations_institution i ON i.id = a.institution_id
   WHERE a.recommendation_id = recommendation
$$;
COMMENT ON FUNCTION recommendations_addressees_of IS 'Whom it asks: a merged institution counts as its heir.';

CREATE FUNCTION recommendations_theme_words(recommendation bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(t.name, ' ' ORDER BY t.name, t.id), '')
    FROM recommendations_recommendation_themes rt JOIN recommendations_theme t ON t.id = rt.theme_id
   WHERE rt.recommendation_id = recommendation
$$;

CREATE VIEW recommendations_derived AS
SELECT r.id, r.code, s.published_on AS issued_on,
       r.visibility = 'public' AND s.visibility = 'public' AND coalesce(p.visibility = 'public', true) AS public,
       recommendations_themes_of(r.id) AS theme_ids, recommendations_addressees_of(r.id) AS addressee_ids,
       recommendations_theme_words(r.id) AS theme_words
  FROM recommendations_recommendation r
  JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN recommendations_recommendation p ON p.id = r.parent_id;
COMMENT ON VIEW recommendations_derived IS
  'What the derived columns of every recommendation must say, worked out from the rows they rest on.';
"""

COLUMNS = """
DROP INDEX recommendation_search;
ALTER TABLE recommendations_recommendation
  DROP COLUMN search,
  ADD COLUMN theme_words text NOT NULL DEFAULT '';
UPDATE recommendations_recommendation r
   SET issued_on = d.issued_on, public = d.public, theme_ids = d.theme_ids, addressee_ids = d.addressee_ids,
       theme_words = d.theme_words
  FROM recommendations_derived d WHERE d.id = r.id;
"""

SEARCH = """
-- Most words have no accents: those are folded already, and looking costs a tenth of folding.
CREATE OR REPLACE FUNCTION recommendations_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(words) = char_length(words) THEN words
              ELSE regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g') END
$$;
ALTER TABLE recommendations_recommendation ADD COLUMN search tsvector
GENERATED ALWAYS AS (
  setweight(recommendations_vector(code || ' ' || title), 'A') ||
  setweight(recommendations_vector(summary), 'B') ||
  setweight(recommendations_vector("group" || ' ' || note), 'C') ||
  setweight(recommendations_vector(theme_words), 'D')
) STORED;
CREATE INDEX recommendation_search ON recommendations_recommendation USING gin (search);
"""

DERIVES = """
CREATE FUNCTION recommendations_recommendation_derives() RETURNS trigger LANGUAGE plpgsql AS $$
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
    NEW.theme_ids := recommendations_themes_of(NEW.id);
    NEW.theme_words := recommendations_theme_words(NEW.id);
  END IF;
  IF TG_OP = 'INSERT' OR NEW.addressee_ids IS DISTINCT FROM OLD.addressee_ids THEN
    NEW.addressee_ids := recommendations_addressees_of(NEW.id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recommendation_derives BEFORE INSERT OR UPDATE OF visibility, source_id, parent_id, public, issued_on,
    theme_ids, theme_words, addressee_ids ON recommendations_recommendation
  FOR EACH ROW EXECUTE FUNCTION recommendations_recommendation_derives();

CREATE FUNCTION recommendations_source_shows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM recommendations_recommendation WHERE source_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
  UPDATE recommendations_recommendation SET issued_on = NULL WHERE source_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER source_shows AFTER UPDATE OF visibility, published_on ON recommendations_source
  FOR EACH ROW WHEN ((NEW.visibility, NEW.published_on) IS DISTINCT FROM (OLD.visibility, OLD.published_on))
  EXECUTE FUNCTION recommendations_source_shows();

CREATE FUNCTION recommendations_whole_shows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE recommendations_recommendation SET issued_on = NULL WHERE parent_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER recommendation_whole_shows AFTER UPDATE OF visibility ON recommendations_recommendation
  FOR EACH ROW WHEN (NEW.parent_id IS NULL AND NEW.visibility IS DISTINCT FROM OLD.visibility)
  EXECUTE FUNCTION recommendations_whole_shows();

CREATE FUNCTION recommendations_theme_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM recommendations_recommendation r
     JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = r.id
    WHERE rt.theme_id = NEW.id ORDER BY r.id FOR NO KEY UPDATE OF r;
  UPDATE recommendations_recommendation SET theme_ids = NULL
   WHERE id IN (SELECT recommendation_id FROM recommendations_recommendation_themes WHERE theme_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER theme_told AFTER UPDATE OF name, parent_id ON recommendations_theme
  FOR EACH ROW WHEN ((NEW.name, NEW.parent_id) IS DISTINCT FROM (OLD.name, OLD.parent_id))
  EXECUTE FUNCTION recommendations_theme_told();

CREATE FUNCTION recommendations_institution_merges() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM recommendations_recommendation r
     JOIN recommendations_addressee a ON a.recommendation_id = r.id
    WHERE a.institution_id = NEW.id ORDER BY r.id FOR NO KEY UPDATE OF r;
  UPDATE recommendations_recommendation SET addressee_ids = NULL
   WHERE id IN (SELECT recommendation_id FROM recommendations_addressee WHERE institution_id = NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER institution_merges AFTER UPDATE OF merged_into_id ON recommendations_institution
  FOR EACH ROW WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
  EXECUTE FUNCTION recommendations_institution_merges();
"""


def follows(table: str, column: str, referred: str, key: str, changed: str, operation: str) -> str:
    """A trigger that has `column` of the recommendations worked out anew when rows that lead to them change."""
    name = f"{table}_{column}_{operation.lower()}"
    moved = {
        "INSERT": "SELECT {0} AS key FROM new_rows",
        "DELETE": "SELECT {0} AS key FROM old_rows",
        "UPDATE": "SELECT {0} AS key FROM new_rows UNION SELECT {0} FROM old_rows",
    }[operation]
    tables = {
        "INSERT": "NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    }[operation]
    return f"""
CREATE FUNCTION recommendations_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- What is being renamed, moved or merged meanwhile is waited for. In order, so that two cannot wait for each other.
  PERFORM 1 FROM {referred} WHERE id IN ({moved.format(key)}) ORDER BY id FOR SHARE;
  PERFORM 1 FROM recommendations_recommendation WHERE id IN ({moved.format("recommendation_id")})
    ORDER BY id FOR NO KEY UPDATE;
  UPDATE recommendations_recommendation SET {changed} = NULL WHERE id IN ({moved.format("recommendation_id")});
  RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {operation} ON recommendations_{table}
  REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION recommendations_{name}();
"""


FOLLOWS = [
    follows(table, column, referred, key, changed, operation)
    for table, column, referred, key, changed in (
        ("recommendation_themes", "filed", "recommendations_theme", "theme_id", "theme_ids"),
        ("addressee", "asked", "recommendations_institution", "institution_id", "addressee_ids"),
    )
    for operation in ("INSERT", "UPDATE", "DELETE")
]

GROUPS = """
CREATE FUNCTION recommendations_groups(source bigint, issued date, themes integer[], addressees integer[])
RETURNS TABLE (dimension varchar, key bigint) LANGUAGE sql IMMUTABLE AS $$
  SELECT 'all'::varchar, 0::bigint
   UNION ALL SELECT 'source', source
   UNION ALL SELECT 'year', extract(year FROM issued)::bigint
   UNION ALL SELECT 'theme', unnest(themes)
   UNION ALL SELECT 'addressee', unnest(addressees)
$$;
COMMENT ON FUNCTION recommendations_groups IS 'The groups in which a recommendation is counted.';
"""

COUNTED = "id, parent_id, public, status, last_verified_at, source_id, issued_on, theme_ids, addressee_ids"


def counted(moved: str) -> str:
    """What rows `(sign, <COUNTED>)` add to the tallies and verifications, as two CTEs after `told`."""
    return f"""
WITH moved AS ({moved}), told AS (
  SELECT m.sign, m.parent_id IS NOT NULL AS part, m.public, m.status, k.dimension, k.key,
         (m.last_verified_at AT TIME ZONE 'UTC')::date AS day
    FROM moved m CROSS JOIN LATERAL recommendations_groups(m.source_id, m.issued_on, m.theme_ids, m.addressee_ids) k
), by_status AS (
  SELECT dimension, key, part, public, status, sum(sign)::integer AS number FROM told
   GROUP BY dimension, key, part, public, status HAVING sum(sign) <> 0
), by_period AS (
  SELECT dimension, key, part, public, p.period, sum(sign)::integer AS number
    FROM told CROSS JOIN LATERAL (VALUES (to_char(day, 'YYYY')::integer), (to_char(day, 'YYYYMM')::integer),
                                         (to_char(day, 'YYYYMMDD')::integer)) p(period)
   WHERE day IS NOT NULL AND dimension <> 'source'
   GROUP BY dimension, key, part, public, p.period HAVING sum(sign) <> 0
)
"""


ADDED = """
, tallied AS (
  INSERT INTO recommendations_tally (dimension, key, part, public, status, number, settled)
  SELECT dimension, key, part, public, status, number, {settled} FROM by_status
)
INSERT INTO recommendations_verification (dimension, key, part, public, period, number, settled)
SELECT dimension, key, part, public, period, number, {settled} FROM by_period
"""

_CHANGED = f"({', '.join(f'o.{column}' for column in COUNTED.split(', '))})" + (
    f" IS DISTINCT FROM ({', '.join(f'n.{column}' for column in COUNTED.split(', '))})"
)
MOVED = {
    "INSERT": f"SELECT 1 AS sign, {COUNTED} FROM new_rows",
    "DELETE": f"SELECT -1 AS sign, {COUNTED} FROM old_rows",
    "UPDATE": f"SELECT -1 AS sign, {', '.join(f'o.{column}' for column in COUNTED.split(', '))}"
    f" FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE {_CHANGED} UNION ALL"
    f" SELECT 1, {', '.join(f'n.{column}' for column in COUNTED.split(', '))}"
    f" FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE {_CHANGED}",
}
TRANSITION = {
    "INSERT": "NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
}
TALLIES = [
    f"""
CREATE FUNCTION recommendations_tally_{operation.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {counted(moved)}{ADDED.format(settled="false")};
  RETURN NULL;
END $$;
CREATE TRIGGER recommendation_tally_{operation.lower()} AFTER {operation} ON recommendations_recommendation
  REFERENCING {TRANSITION[operation]} FOR EACH STATEMENT EXECUTE FUNCTION recommendations_tally_{operation.lower()}();
"""
    for operation, moved in MOVED.items()
]

TRUTH = f"""
CREATE VIEW recommendations_tally_truth AS
{counted(f"SELECT 1 AS sign, {COUNTED} FROM recommendations_recommendation")}
SELECT dimension, key, part, public, status AS what, number FROM by_status
 UNION ALL
SELECT dimension, key, part, public, period::varchar, number FROM by_period;
COMMENT ON VIEW recommendations_tally_truth IS
  'What the sums of tallies (by status) and verifications (by period) must be, counted from the recommendations.';
"""

FIRST = counted(f"SELECT 1 AS sign, {COUNTED} FROM recommendations_recommendation") + ADDED.format(
    settled="true"
)

TOLD_OF = [
    "source",
    "recommendation",
    "recommendation_themes",
    "addressee",
    "theme",
    "institution",
    "document",
    "evidence",
    "evidencelink",
    "assessment",
    "citation",
    "response",
    "deadline",
    "closure",
    "relation",
    "indicator",
    "indicator_recommendations",
    "observation",
    "figure",
    "finding",
    "snapshot",
]
"""The tables of which the public is told something: every statement that changes one moves the revision."""

REVISION = [
    """
CREATE FUNCTION recommendations_revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO recommendations_revision (number) VALUES (1);
  RETURN NULL;
END $$;
""",
    *(
        f"CREATE TRIGGER {table}_revises AFTER INSERT OR UPDATE OR DELETE ON recommendations_{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION recommendations_revise();"
        for table in TOLD_OF
    ),
    "INSERT INTO recommendations_revision (number) VALUES (1);",
]


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0011_imports")]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dimension", models.CharField(choices=GROUPINGS, max_length=10)),
                ("key", models.BigIntegerField()),
                ("part", models.BooleanField()),
                ("public", models.BooleanField()),
                ("status", models.CharField(choices=STATUSES, max_length=30)),
                ("number", models.IntegerField()),
                ("settled", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["dimension", "key"],
                        include=("part", "public", "status", "number"),
                        name="tally_of_group",
                    ),
                    models.Index(fields=["id"], condition=models.Q(settled=False), name="tally_to_fold"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dimension", models.CharField(choices=GROUPINGS, max_length=10)),
                ("key", models.BigIntegerField()),
                ("part", models.BooleanField()),
                ("public", models.BooleanField()),
                ("period", models.IntegerField()),
                ("number", models.IntegerField()),
                ("settled", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["dimension", "key", "period"],
                        include=("part", "public", "number"),
                        name="verification_of_group",
                    ),
                    models.Index(
                        fields=["id"], condition=models.Q(settled=False), name="verification_to_fold"
                    ),
                ]
            },
        ),
        migrations.RemoveIndex(model_name="recommendation", name="recommendation_of_source"),
        migrations.RemoveIndex(model_name="recommendation", name="recommendation_by_status"),
        migrations.RemoveIndex(model_name="recommendation", name="recommendation_by_change"),
        migrations.AddField(
            model_name="recommendation",
            name="addressee_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), db_default=[], editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="issued_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="public",
            field=models.BooleanField(db_default=False, editable=False),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="theme_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), db_default=[], editable=False, size=None
            ),
        ),
        migrations.RunSQL([DERIVED, COLUMNS, SEARCH]),
        *(
            migrations.AddIndex(model_name="recommendation", index=index)
            for index in (
                models.Index(fields=["code"], include=NARROWED_BY, name="recommendation_listed"),
                models.Index(fields=["status", "code"], include=NARROWED_BY, name="recommendation_of_status"),
                models.Index(
                    fields=["source", "code"],
                    include=("public", "parent", "status", "last_verified_at"),
                    name="recommendation_of_source",
                ),
                django.contrib.postgres.indexes.GinIndex(fields=["theme_ids"], name="recommendation_themes"),
                django.contrib.postgres.indexes.GinIndex(
                    fields=["addressee_ids"], name="recommendation_addressees"
                ),
                models.Index(
                    fields=["status", "-updated_at", "-id"],
                    include=NARROWED_BY,
                    name="recommendation_by_status",
                ),
                models.Index(
                    fields=["-updated_at", "-id"], include=NARROWED_BY, name="recommendation_by_change"
                ),
                models.Index(fields=["title", "id"], name="recommendation_by_title"),
                models.Index(fields=["issued_on", "id"], name="recommendation_by_issue"),
                models.Index(fields=["status_since", "id"], name="recommendation_since"),
                models.Index(
                    models.F("status_since").desc(nulls_last=True),
                    models.F("id").desc(),
                    name="recommendation_since_last",
                ),
                models.Index(fields=["last_verified_at", "id"], name="recommendation_verified"),
                models.Index(
                    models.F("last_verified_at").desc(nulls_last=True),
                    models.F("id").desc(),
                    name="recommendation_verified_last",
                ),
                models.Index(fields=["due_on", "id"], name="recommendation_due_first"),
                models.Index(
                    models.F("due_on").desc(nulls_last=True),
                    models.F("id").desc(),
                    name="recommendation_due_last",
                ),
            )
        ),
        migrations.RunSQL([DERIVES, *FOLLOWS, GROUPS, FIRST, TRUTH, *TALLIES, *REVISION]),
    ]
