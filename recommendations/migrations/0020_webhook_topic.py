"""One more topic that people may be told of: a webhook of theirs that is switched off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0019_limits"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_topic_known",
        ),
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscription_topic_known",
        ),
        migrations.AlterField(
            model_name="notification",
            name="topic",
            field=models.CharField(
                choices=[
                    ("assigned", "Something is assigned to me"),
                    ("sent_back", "A proposal of mine is sent back"),
                    ("finding", "A check found something on a theme I follow"),
                    ("deadline", "A deadline on a theme I follow comes within 30 days"),
                    ("webhook", "A webhook of mine is switched off, because its receiver fails"),
                ],
                max_length=20,
                verbose_name="topic",
            ),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="topic",
            field=models.CharField(
                choices=[
                    ("assigned", "Something is assigned to me"),
                    ("sent_back", "A proposal of mine is sent back"),
                    ("finding", "A check found something on a theme I follow"),
                    ("deadline", "A deadline on a theme I follow comes within 30 days"),
                    ("webhook", "A webhook of mine is switched off, because its receiver fails"),
                ],
                max_length=20,
                verbose_name="topic",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["assigned", "sent_back", "finding", "deadline", "webhook"])
                ),
                name="notification_topic_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["assigned", "sent_back", "finding", "deadline", "webhook"])
                ),
                name="subscription_topic_known",
            ),
        ),
    ]
