"""One look is called a run everywhere, and what an event says was done its verb: words only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0034_words_and_days"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="looktally",
            options={
                "ordering": ["hour", "outcome"],
                "verbose_name": "tally of check runs",
                "verbose_name_plural": "tallies of check runs",
            },
        ),
        migrations.AlterField(
            model_name="checkrun",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("first_look", "First run"),
                    ("unchanged", "Unchanged"),
                    ("changed", "Changed"),
                    ("moved", "Moved"),
                    ("gone", "Gone"),
                    ("blocked", "Blocked"),
                    ("failed", "Failed"),
                    ("refused", "Refused by our own door"),
                    ("key_missing", "Not run: its key is missing"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="verb",
            field=models.CharField(max_length=60, verbose_name="verb"),
        ),
        migrations.AlterField(
            model_name="looktally",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("first_look", "First run"),
                    ("unchanged", "Unchanged"),
                    ("changed", "Changed"),
                    ("moved", "Moved"),
                    ("gone", "Gone"),
                    ("blocked", "Blocked"),
                    ("failed", "Failed"),
                    ("refused", "Refused by our own door"),
                    ("key_missing", "Not run: its key is missing"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="retention",
            name="what",
            field=models.CharField(
                choices=[("texts", "Texts of snapshots"), ("raw", "Raw copies"), ("runs", "Uneventful runs")],
                max_length=10,
                verbose_name="what was dropped",
            ),
        ),
        migrations.AlterField(
            model_name="runsummary",
            name="looks",
            field=models.PositiveIntegerField(verbose_name="runs"),
        ),
        migrations.AlterField(
            model_name="runsummary",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("first_look", "First run"),
                    ("unchanged", "Unchanged"),
                    ("changed", "Changed"),
                    ("moved", "Moved"),
                    ("gone", "Gone"),
                    ("blocked", "Blocked"),
                    ("failed", "Failed"),
                    ("refused", "Refused by our own door"),
                    ("key_missing", "Not run: its key is missing"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="statuscheck",
            name="last_outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("first_look", "First run"),
                    ("unchanged", "Unchanged"),
                    ("changed", "Changed"),
                    ("moved", "Moved"),
                    ("gone", "Gone"),
                    ("blocked", "Blocked"),
                    ("failed", "Failed"),
                    ("refused", "Refused by our own door"),
                    ("key_missing", "Not run: its key is missing"),
                ],
                max_length=20,
                verbose_name="last outcome",
            ),
        ),
        migrations.AlterField(
            model_name="statuscheck",
            name="quiet_runs",
            field=models.PositiveIntegerField(default=0, verbose_name="unchanged runs in a row"),
        ),
        migrations.AlterField(
            model_name="sweep",
            name="claimed",
            field=models.PositiveIntegerField(default=0, verbose_name="runs claimed"),
        ),
        migrations.AlterField(
            model_name="sweep",
            name="recorded",
            field=models.PositiveIntegerField(default=0, verbose_name="runs recorded"),
        ),
        migrations.AlterField(
            model_name="sweep",
            name="released",
            field=models.PositiveIntegerField(default=0, verbose_name="given back without a run"),
        ),
    ]
