"""Lets a dump be restored: the column `search` is worked out while no schema is on the search path.

`pg_restore` empties the search path, so a function behind a generated column may not look for another by its bare
name. Written in the standard's way (RETURN) its names are bound when it is made.
"""

from django.db import migrations

BOUND = """
CREATE OR REPLACE FUNCTION recommendations_vector(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('english'::regconfig, recommendations_fold(words))
    || to_tsvector('spanish'::regconfig, recommendations_fold(words));
"""

BY_NAME = """
CREATE OR REPLACE FUNCTION recommendations_vector(words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('english'::regconfig, recommendations_fold(words))
      || to_tsvector('spanish'::regconfig, recommendations_fold(words))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0018_notifications")]

    operations = [migrations.RunSQL(BOUND, BY_NAME)]
