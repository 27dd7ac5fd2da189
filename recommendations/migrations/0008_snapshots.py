"""Texts of snapshots are stored compressed, may be dropped by retention, and may have the bytes kept beside them."""

import zlib

import django.db.models.deletion
from django.db import migrations, models

import recommendations.models.packing

AT_ONCE = 500


def pack(apps, editor):
    """By zlib as the model does; a copy of its two lines, because a migration must do the same for ever."""
    snapshots = apps.get_model("recommendations", "Snapshot").objects.using(editor.connection.alias)
    last = 0
    with editor.connection.cursor() as cursor:
        while ids := list(
            snapshots.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        ):
            cursor.execute("SELECT id, text FROM recommendations_snapshot WHERE id = ANY(%s)", [ids])
            packed = [(pk, zlib.compress(text.encode(), 6)) for pk, text in cursor.fetchall()]
            cursor.execute(
                "UPDATE recommendations_snapshot s SET packed = p.packed"
                " FROM unnest(%s::bigint[], %s::bytea[]) p (id, packed)"
                " WHERE s.id = p.id",
                [[pk for pk, _ in packed], [text for _, text in packed]],
            )
            last = ids[-1]


def unpack(apps, editor):
    """The way back. What was dropped comes back as an empty text."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM recommendations_snapshot")
        for (pk,) in cursor.fetchall():
            cursor.execute("SELECT packed FROM recommendations_snapshot WHERE id = %s", [pk])
            (packed,) = cursor.fetchone()
            text = zlib.decompress(packed).decode() if packed is not None else ""
            cursor.execute("UPDATE recommendations_snapshot SET text = %s WHERE id = %s", [text, pk])


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0007_assignments")]

    operations = [
        migrations.AddField(
            "snapshot", "packed", recommendations.models.packing.PackedText(null=True, verbose_name="text")
        ),
        migrations.RunSQL(
            [
                "ALTER TABLE recommendations_snapshot ALTER COLUMN packed SET STORAGE EXTERNAL",
                "ALTER TABLE recommendations_snapshot ALTER COLUMN text SET DEFAULT ''",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(pack, unpack),
        migrations.RemoveField("snapshot", "text"),
        migrations.RenameField("snapshot", "packed", "text"),
        migrations.AddField(
            "snapshot",
            "dropped_at",
            models.DateTimeField(blank=True, null=True, verbose_name="text dropped at"),
        ),
        migrations.AddConstraint(
            "snapshot",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dropped_at__isnull", True), ("text__isnull", False)),
                    models.Q(("dropped_at__isnull", False), ("text__isnull", True)),
                    _connector="OR",
                ),
                name="snapshot_text_kept_or_dropped",
            ),
        ),
        migrations.CreateModel(
            name="RawCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="raw_copies",
                        to="recommendations.snapshot",
                        verbose_name="snapshot",
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
                ("raw_hash", models.CharField(max_length=64, verbose_name="hash of the bytes")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("body", models.BinaryField(verbose_name="bytes (zlib)")),
            ],
            options={
                "verbose_name": "raw copy",
                "verbose_name_plural": "raw copies",
                "ordering": ["-seen_at", "-id"],
                "indexes": [models.Index(fields=["seen_at"], name="raw_copy_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "raw_hash"), name="raw_copy_stored_once"),
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE recommendations_rawcopy ALTER COLUMN body SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
