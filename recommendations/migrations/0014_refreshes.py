"""Refreshes that people ask for, what the looks of each hour brought, and the indexes behind the health of the checks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0013_hosts")]

    operations = [
        migrations.CreateModel(
            name="Refresh",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "checks",
                    models.ManyToManyField(
                        related_name="refreshes", to="recommendations.statuscheck", verbose_name="checks"
                    ),
                ),
            ],
            options={
                "verbose_name": "refresh",
                "verbose_name_plural": "refreshes",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="LookTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hour", models.DateTimeField(verbose_name="hour")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("first_look", "First look"),
                            ("unchanged", "Unchanged"),
                            ("changed", "Changed"),
                            ("moved", "Moved"),
                            ("gone", "Gone"),
                            ("blocked", "Blocked"),
                            ("failed", "Failed"),
                            ("refused", "Refused by our own door"),
                            ("key_missing", "Not looked: its key is missing"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
            ],
            options={
                "verbose_name": "tally of looks",
                "verbose_name_plural": "tallies of looks",
                "ordering": ["hour", "outcome"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "first_look",
                                    "unchanged",
                                    "changed",
                                    "moved",
                                    "gone",
                                    "blocked",
                                    "failed",
                                    "refused",
                                    "key_missing",
                                ],
                            )
                        ),
                        name="look_tally_outcome_known",
                    ),
                    models.UniqueConstraint(fields=("hour", "outcome"), name="look_tally_once_an_hour"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="statuscheck",
            index=models.Index(
                condition=models.Q(("state", "failing")), fields=["host", "kind"], name="check_failing"
            ),
        ),
        migrations.AddIndex(
            model_name="statuscheck",
            index=models.Index(
                condition=models.Q(("state", "paused")), fields=["kind", "id"], name="check_paused"
            ),
        ),
        migrations.AddIndex(
            model_name="statuscheck",
            index=models.Index(
                condition=models.Q(("last_outcome", "key_missing")),
                fields=["kind", "id"],
                name="check_keyless",
            ),
        ),
    ]
