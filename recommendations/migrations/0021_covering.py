"""The two indexes that narrow lists carry the key too, so that a page is found in them alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0020_webhook_topic"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="recommendation",
            name="recommendation_listed",
        ),
        migrations.RemoveIndex(
            model_name="recommendation",
            name="recommendation_of_status",
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(
                fields=["code"],
                include=("id", "public", "parent", "theme_ids", "addressee_ids"),
                name="recommendation_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(
                fields=["status", "code"],
                include=("id", "public", "parent", "theme_ids", "addressee_ids"),
                name="recommendation_of_status",
            ),
        ),
    ]
