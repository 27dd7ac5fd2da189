"""Keys of second factors are sealed, in a table of ours; the library's table, which held them in clear, goes."""

from base64 import urlsafe_b64encode

import django.db.models.deletion
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import migrations, models

OLD = "otp_totp_totpdevice"


def seal_those_that_exist(apps, schema_editor):
    """As actions/sealing.py did on this day. A database that never had the library's table has nothing to seal."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"recommendations.sealing").derive(
        str(settings.SECRET_KEY).encode()
    )
    box = Fernet(urlsafe_b64encode(derived))
    with schema_editor.connection.cursor() as cursor:
        if OLD not in schema_editor.connection.introspection.table_names(cursor):
            return
        # Of several of one person the confirmed one counts, else the newest.
        cursor.execute(
            "SELECT DISTINCT ON (user_id) user_id, confirmed, key, last_t, drift,"
            "       throttling_failure_timestamp, throttling_failure_count"
            f"  FROM {OLD} ORDER BY user_id, confirmed DESC, id DESC"
        )
        for person, confirmed, key, last_step, drift, failed_at, failures in cursor.fetchall():
            apps.get_model("recommendations", "SecondFactor").objects.create(
                user_id=person,
                confirmed=confirmed,
                sealed=box.encrypt(key.encode()).decode(),
                last_step=last_step,
                drift=drift,
                throttling_failure_timestamp=failed_at,
                throttling_failure_count=failures,
            )
        cursor.execute(f"DROP TABLE {OLD}")


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0029_past")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "throttling_failure_timestamp",
                    models.DateTimeField(
                        blank=True,
                        default=None,
                        help_text="A timestamp of the last failed verification attempt. Null if last attempt succeeded.",
                        null=True,
                    ),
                ),
                (
                    "throttling_failure_count",
                    models.PositiveIntegerField(default=0, help_text="Number of successive failed attempts."),
                ),
                ("sealed", models.TextField(editable=False)),
                ("last_step", models.BigIntegerField(default=-1, editable=False)),
                ("drift", models.SmallIntegerField(default=0, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "second factor",
                "verbose_name_plural": "second factors",
                "constraints": [models.UniqueConstraint(fields=("user",), name="second_factor_once")],
            },
        ),
        migrations.RunPython(seal_those_that_exist, migrations.RunPython.noop),
    ]
