"""Files that people bring, what a dry run made of each row, and what the database promises of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROMISES = """
CREATE FUNCTION recommendations_import_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'import % was applied: what it did stays written down', OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'import_applied_is_fixed';
END $$;
CREATE TRIGGER import_applied_is_fixed BEFORE UPDATE OR DELETE ON recommendations_import
  FOR EACH ROW WHEN (OLD.state = 'applied') EXECUTE FUNCTION recommendations_import_is_fixed();

-- An import proposes in its own name; the people who brought and applied the file are not a second pair of eyes.
CREATE FUNCTION recommendations_assessment_not_by_its_importer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM recommendations_import i
              WHERE NEW.proposed_by_machine = 'import:' || i.id
                AND coalesce(NEW.retracted_by_id, NEW.decided_by_id) IN (i.examined_by_id, i.applied_by_id)) THEN
    RAISE EXCEPTION 'nobody decides on what they imported themselves'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_four_eyes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_not_by_its_importer BEFORE UPDATE OF state ON recommendations_assessment
  FOR EACH ROW WHEN (NEW.proposed_by_machine LIKE 'import:%')
  EXECUTE FUNCTION recommendations_assessment_not_by_its_importer();
"""

UNDO = """
DROP FUNCTION recommendations_import_is_fixed() CASCADE;
DROP FUNCTION recommendations_assessment_not_by_its_importer() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0010_own_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("csv", "Our own CSV"),
                            ("ndjson", "Our own NDJSON"),
                            ("gao", "GAO: open recommendations (CSV)"),
                            ("uhri", "OHCHR: Universal Human Rights Index (JSON)"),
                            ("impact_oss", "IMPACT OSS: recommendations (CSV)"),
                            ("ogp", "OGP: commitments (CSV)"),
                        ],
                        max_length=20,
                        verbose_name="format",
                    ),
                ),
                ("filename", models.CharField(max_length=300, verbose_name="file")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("size", models.BigIntegerField(verbose_name="bytes")),
                ("mapping_version", models.CharField(max_length=20, verbose_name="version of the mapping")),
                (
                    "as_of",
                    models.DateField(
                        help_text="The day whose state the file tells.", verbose_name="stands for"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("examined", "Dry run"), ("applied", "Applied")],
                        default="examined",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("rows_new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("rows_changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("rows_unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("rows_refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                (
                    "rows_vanished",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="In the last file of an open-only list, and not in this one.",
                        verbose_name="vanished",
                    ),
                ),
                (
                    "passed_over",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="What is no recommendation, by what it is.",
                        verbose_name="passed over",
                    ),
                ),
                (
                    "brings",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Sources, institutions and themes it would add.",
                        verbose_name="brings",
                    ),
                ),
                ("outcome", models.CharField(max_length=64, verbose_name="digest of what would happen")),
                ("examined_at", models.DateTimeField(verbose_name="brought at")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied at")),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-examined_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.PositiveIntegerField(help_text="In the file, counted from 1.", verbose_name="row"),
                ),
                ("key", models.CharField(max_length=500, verbose_name="key")),
                ("code", models.CharField(max_length=200, verbose_name="recommendation")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("said", models.JSONField(verbose_name="what it says")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("kept", models.JSONField(default=dict, verbose_name="kept")),
                ("problems", models.JSONField(default=list, verbose_name="problems")),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of imports",
                "ordering": ["batch", "line"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="finding_kind_known",
        ),
        migrations.AddField(
            model_name="importedrow",
            name="present",
            field=models.BooleanField(default=True, verbose_name="in the last file"),
        ),
        migrations.AddField(
            model_name="importedrow",
            name="said",
            field=models.JSONField(blank=True, null=True, verbose_name="what it said"),
        ),
        migrations.AlterField(
            model_name="finding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("evidence_changed", "Evidence changed"),
                    ("evidence_moved", "Evidence moved"),
                    ("evidence_gone", "Evidence gone"),
                    ("evidence_blocked", "Evidence blocked"),
                    ("document_found", "Document found"),
                    ("status_suggested", "Status suggested"),
                    ("value_found", "Value found"),
                    ("check_failing", "Check failing"),
                    ("deadline_passed", "Deadline passed"),
                    ("response_overdue", "Response overdue"),
                    ("closure_expired", "Closure expired"),
                    ("verdict_stale", "Verdict stale"),
                    ("row_vanished", "Row vanished from an import"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="importedrow",
            name="code",
            field=models.CharField(max_length=500, verbose_name="object"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "evidence_changed",
                            "evidence_moved",
                            "evidence_gone",
                            "evidence_blocked",
                            "document_found",
                            "status_suggested",
                            "value_found",
                            "check_failing",
                            "deadline_passed",
                            "response_overdue",
                            "closure_expired",
                            "verdict_stale",
                            "row_vanished",
                        ],
                    )
                ),
                name="finding_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="applied_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="applied by",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                help_text="The file itself, cited by the verdicts that it proposes.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="recommendations.evidence",
                verbose_name="evidence",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="examined_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="brought by",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="repeats",
            field=models.ForeignKey(
                blank=True,
                help_text="An applied import of the same bytes: nothing is left to do.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="recommendations.import",
                verbose_name="same file as",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="source",
            field=models.ForeignKey(
                blank=True,
                help_text="To which all rows belong; empty where the rows name their own.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imports",
                to="recommendations.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="batch",
            field=models.ForeignKey(
                db_column="import_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="recommendations.import",
                verbose_name="import",
            ),
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(
                condition=models.Q(("state", "applied")), fields=["sha256"], name="import_of_bytes"
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["csv", "ndjson", "gao", "uhri", "impact_oss", "ogp"])),
                name="import_format_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["examined", "applied"])), name="import_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", False), ("applied_by__isnull", False)),
                    models.Q(("applied_at__isnull", True), ("applied_by__isnull", True)),
                    _connector="OR",
                ),
                name="import_applied_by_and_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", True), ("state", "examined")),
                    models.Q(("applied_at__isnull", False), ("state", "applied")),
                    _connector="OR",
                ),
                name="import_applied_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True), ("rows_refused", 0), _connector="OR"
                ),
                name="import_all_or_nothing",
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["batch", "outcome", "line"], name="import_row_by_outcome"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["new", "changed", "unchanged", "refused"])),
                name="import_row_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("batch", "line"), name="import_row_once"),
        ),
        migrations.RunSQL(PROMISES, UNDO),
    ]
