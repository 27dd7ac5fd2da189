"""Our reader of the feed that tells people begins where the feed ends today, and tells nobody of what was long ago."""

from django.db import migrations

BEGIN = """
INSERT INTO recommendations_feedplace (reader, transaction, event)
SELECT 'notifications', recommendations_feed_horizon(), 0
 WHERE NOT EXISTS (SELECT FROM recommendations_feedplace WHERE reader = 'notifications')
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0030_second_factors")]

    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
