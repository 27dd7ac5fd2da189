"""`python -m tests.bench [NAME ...]`: run the benchmarks, each on an emptied database of its own."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")  # the figures are to be read, not the lines of each batch
django.setup()

from django.db import connection  # noqa: E402 - only after Django is set up
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from tests.bench import (  # noqa: E402
    admin,
    api,
    check_health,
    exporting,
    feed,
    imports,
    looks,
    memory,
    pages,
    past,
    sweep,
    watchers,
)

BENCHES = {
    "admin": admin.run,
    "api": api.run,
    "changes": feed.run,
    "export": exporting.run,
    "imports": imports.run,
    "looks": looks.run,
    "watchers": watchers.run,
    "memory": memory.run,
    "pages": pages.run,
    "past": past.run,
    "sweep": sweep.run,
    "check-health": check_health.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(
            f"There is no benchmark {', '.join(unknown)}; choose from {', '.join(BENCHES)}.", file=sys.stderr
        )
        return 2
    for name in names or BENCHES:
        connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            BENCHES[name]()
        finally:
            teardown_databases(databases, verbosity=0)
    return 0


sys.exit(main(sys.argv[1:]))
