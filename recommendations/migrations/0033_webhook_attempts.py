"""Every attempt to send a message to a webhook; and a message of what is public no longer."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0032_import_works"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "http_status",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="HTTP status"),
                ),
                ("elapsed_ms", models.PositiveIntegerField(verbose_name="duration in milliseconds")),
                ("failure", models.CharField(blank=True, max_length=300, verbose_name="what went wrong")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt")),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_type_known",
        ),
        migrations.RemoveConstraint(
            model_name="webhook",
            name="webhook_types_known",
        ),
        migrations.AlterField(
            model_name="webhook",
            name="types",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("recommendation.status_changed", "The status of a recommendation changed"),
                        ("assessment.published", "A verdict was published"),
                        ("assessment.retracted", "A verdict was retracted"),
                        ("recommendation.closed", "A recommendation was closed"),
                        ("recommendation.reopened", "A recommendation was reopened"),
                        ("response.recorded", "A response was recorded"),
                        ("deadline.moved", "A deadline was set or moved"),
                        ("evidence.linked", "Evidence was linked to a recommendation"),
                        ("evidence.unlinked", "Evidence was taken from a recommendation"),
                        ("recommendation.hidden", "A recommendation is public no longer"),
                    ],
                    max_length=40,
                ),
                default=list,
                size=None,
                verbose_name="told of",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "type__in",
                        [
                            "recommendation.status_changed",
                            "assessment.published",
                            "assessment.retracted",
                            "recommendation.closed",
                            "recommendation.reopened",
                            "response.recorded",
                            "deadline.moved",
                            "evidence.linked",
                            "evidence.unlinked",
                            "recommendation.hidden",
                            "webhook.test",
                        ],
                    )
                ),
                name="delivery_type_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "types__contained_by",
                        [
                            "recommendation.status_changed",
                            "assessment.published",
                            "assessment.retracted",
                            "recommendation.closed",
                            "recommendation.reopened",
                            "response.recorded",
                            "deadline.moved",
                            "evidence.linked",
                            "evidence.unlinked",
                            "recommendation.hidden",
                        ],
                    ),
                    ("types__len__gt", 0),
                ),
                name="webhook_types_known",
            ),
        ),
        migrations.AddField(
            model_name="deliveryattempt",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="history",
                to="recommendations.delivery",
                verbose_name="delivery",
            ),
        ),
    ]
