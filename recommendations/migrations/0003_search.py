"""Full-text search of recommendations, kept by PostgreSQL as a generated column.

Accents are folded with `normalize()`, which every PostgreSQL has, and not with an extension. Words are
indexed in their English and in their Spanish form. The column is not part of the Django model: only
queries/search.py speaks of it.
"""

from django.db import migrations

SEARCH = """
CREATE FUNCTION recommendations_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(normalize(words, NFKD), '[\\u0300-\\u036f]', '', 'g')
$$;
COMMENT ON FUNCTION recommendations_fold IS 'The same words without accents.';

CREATE FUNCTION recommendations_vector(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('english'::regconfig, recommendations_fold(words))
      || to_tsvector('spanish'::regconfig, recommendations_fold(words))
$$;

CREATE FUNCTION recommendations_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('english'::regconfig, recommendations_fold(words))
      || websearch_to_tsquery('spanish'::regconfig, recommendations_fold(words))
$$;
COMMENT ON FUNCTION recommendations_query IS 'What a person types (web-search syntax), in either language.';

ALTER TABLE recommendations_recommendation ADD COLUMN search tsvector
GENERATED ALWAYS AS (
  setweight(recommendations_vector(code || ' ' || title), 'A') ||
  setweight(recommendations_vector(summary), 'B') ||
  setweight(recommendations_vector("group" || ' ' || note), 'C')
) STORED;
CREATE INDEX recommendation_search ON recommendations_recommendation USING gin (search);
"""

UNDO = """
ALTER TABLE recommendations_recommendation DROP COLUMN search;
DROP FUNCTION recommendations_query(text);
DROP FUNCTION recommendations_vector(text);
DROP FUNCTION recommendations_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0002_invariants")]

    operations = [migrations.RunSQL(SEARCH, UNDO)]
