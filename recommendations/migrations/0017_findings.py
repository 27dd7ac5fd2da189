from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0016_contested")]

    operations = [
        migrations.AddField(
            "finding",
            "edits",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="For each thing that was suggested and not taken as it was: the suggestion, and what was taken.",
                verbose_name="what was changed on acceptance",
            ),
        ),
        migrations.AddConstraint(
            "finding",
            models.CheckConstraint(
                condition=models.Q(("state", "accepted"), ("edits", {}), _connector="OR"),
                name="finding_edited_on_acceptance",
            ),
        ),
    ]
