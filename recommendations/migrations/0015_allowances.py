"""Leave to make requests, counted for all web processes together."""

from django.db import migrations, models

# Not logged: the counts of a minute need not survive a crash, and a request is to cost no write to disk. Pages are
# left half empty, so that a row is changed where it lies (HOT).
LIGHT = """
ALTER TABLE recommendations_allowance SET UNLOGGED;
ALTER TABLE recommendations_allowance SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0014_refreshes")]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "caller",
                    models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name="caller"),
                ),
                ("minute", models.BigIntegerField(verbose_name="minute")),
                ("used", models.PositiveIntegerField(verbose_name="granted in this minute")),
                ("granted", models.PositiveIntegerField(verbose_name="granted last")),
            ],
            options={"verbose_name": "allowance", "verbose_name_plural": "allowances"},
        ),
        migrations.RunSQL(LIGHT, "ALTER TABLE recommendations_allowance SET LOGGED"),
    ]
