"""Makes a database ready to serve: migrated, with accounts and the seeds. `python -m tracker.embedded.prepare`."""

import hashlib
import os
import sys
import time
from pathlib import Path

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from tracker.embedded.paths import PROJECT

SEED_INPUTS = (("seeds", "*"), ("recommendations", "*.py"))


def prepare() -> None:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        began = time.monotonic()
        call_command("migrate", verbosity=0)
        _say(f"applied {pending} migrations in {time.monotonic() - began:.1f} s")
    call_command("accounts")
    wanted = f"seeded from {_digest(PROJECT)}"
    if _remembered() == wanted:
        _say("the seeds are loaded and have not changed")
        return
    _say("loading the seeds")
    call_command("seed")
    _remember(wanted)


def _digest(project: Path) -> str:
    """One hash for all that decides what the seeds make: the data and our code."""
    digest = hashlib.sha256()
    for folder, pattern in SEED_INPUTS:
        for file in sorted((project / folder).rglob(pattern)):
            if file.is_file():
                digest.update(str(file.relative_to(project)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _remembered() -> str:
    """What the database says of itself. In the database, so that it cannot outlive what it describes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '')"
            " FROM pg_database WHERE datname = current_database()"
        )
        (said,) = cursor.fetchone()
    return str(said)


def _remember(text: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            (name,) = cursor.fetchone()
            cursor.execute(f"COMMENT ON DATABASE {connection.ops.quote_name(name)} IS '{text}'")
    except ProgrammingError:
        pass  # somebody else's database, where we may not write that: the next start loads the seeds again


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    try:
        prepare()
    except CommandError as failure:
        sys.exit(str(failure))
    except OperationalError as failure:
        sys.exit(f"The database cannot be used: {failure}".strip())
