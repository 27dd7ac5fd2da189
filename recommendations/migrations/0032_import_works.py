"""Work that a worker does on imports: how far it has come, and the bytes of the files that wait for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0031_notices_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField(verbose_name="place")),
                ("content", models.BinaryField(verbose_name="bytes (zlib)")),
            ],
            options={
                "verbose_name": "piece of a file",
                "verbose_name_plural": "pieces of files",
                "ordering": ["batch", "place"],
            },
        ),
        migrations.CreateModel(
            name="ImportWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.CharField(
                        choices=[("examine", "Judge"), ("apply", "Apply")],
                        max_length=10,
                        verbose_name="asked for",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("language", models.CharField(help_text="In which its end is told.", max_length=10)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a worker"),
                            ("reading", "Reading the file"),
                            ("judging", "Judging the rows"),
                            ("writing", "Writing them down"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="phase",
                    ),
                ),
                ("done", models.BigIntegerField(default=0, verbose_name="done")),
                ("total", models.BigIntegerField(default=0, verbose_name="of")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "rule",
                    models.CharField(
                        blank=True, help_text="Why it failed.", max_length=100, verbose_name="rule"
                    ),
                ),
                ("detail", models.TextField(blank=True, verbose_name="what went wrong")),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "work on an import",
                "verbose_name_plural": "work on imports",
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="import",
            name="import_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="import",
            name="import_applied_has_its_moment",
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_topic_known",
        ),
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscription_topic_known",
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "To be judged"),
                    ("examined", "Dry run"),
                    ("applied", "Applied"),
                    ("failed", "Not judged"),
                    ("cancelled", "Cancelled"),
                ],
                default="examined",
                max_length=10,
                verbose_name="state",
            ),
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
                    ("import", "A file that I brought in is judged or applied by a worker, or could not be"),
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
                    ("import", "A file that I brought in is judged or applied by a worker, or could not be"),
                ],
                max_length=20,
                verbose_name="topic",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "examined", "applied", "failed", "cancelled"])),
                name="import_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("state", "applied"), _negated=True), ("applied_at__isnull", True)),
                    models.Q(("applied_at__isnull", False), ("state", "applied")),
                    _connector="OR",
                ),
                name="import_applied_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["assigned", "sent_back", "finding", "deadline", "webhook", "import"])
                ),
                name="notification_topic_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["assigned", "sent_back", "finding", "deadline", "webhook", "import"])
                ),
                name="subscription_topic_known",
            ),
        ),
        migrations.AddField(
            model_name="importpiece",
            name="batch",
            field=models.ForeignKey(
                db_column="import_id",
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pieces",
                to="recommendations.import",
                verbose_name="import",
            ),
        ),
        migrations.AddField(
            model_name="importwork",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="importwork",
            name="batch",
            field=models.OneToOneField(
                db_column="import_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="work",
                to="recommendations.import",
                verbose_name="import",
            ),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=models.UniqueConstraint(fields=("batch", "place"), name="import_piece_once"),
        ),
        migrations.AddIndex(
            model_name="importwork",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["asked_at"],
                name="import_work_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="importwork",
            constraint=models.CheckConstraint(
                condition=models.Q(("task__in", ["examine", "apply"])), name="import_work_task_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="importwork",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phase__in", ["waiting", "reading", "judging", "writing", "done", "failed", "cancelled"])
                ),
                name="import_work_phase_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importwork",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lease__isnull", False), ("leased_until__isnull", False)),
                    models.Q(("lease__isnull", True), ("leased_until__isnull", True)),
                    _connector="OR",
                ),
                name="import_work_lease_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="importwork",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("lease__isnull", True),
                        ("phase__in", ("done", "failed", "cancelled")),
                    ),
                    models.Q(
                        models.Q(("phase__in", ("done", "failed", "cancelled")), _negated=True),
                        ("ended_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="import_work_ends_once",
            ),
        ),
        migrations.RunSQL(
            # What was compressed is not compressed again.
            "ALTER TABLE recommendations_importpiece ALTER COLUMN content SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
