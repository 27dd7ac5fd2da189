"""The memory of a worker over 50,000 looks: what one kept of each look would show.

In a process of its own, as a worker is; resident memory is read from the system after so many looks.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.bench.looks import watch
from tests.bench.results import tell
from tests.bench.server import serving

LOOKS = int(os.environ.get("BENCH_MEMORY_LOOKS", "50000"))
CHECKS = min(10_000, LOOKS)

WORKER = """
import json, os, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from tests.bench.looks import DUE, open_door
from recommendations.tasks import look_at_due
settings.TRACKER_DOOR = open_door()
marks, seen, looks = json.loads(sys.argv[2]), [], 0
def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
def count(_check, _run):
    global looks
    looks += 1
    if looks in marks:
        seen.append(resident())
while looks < max(marks):
    connection.cursor().execute(DUE)
    look_at_due(live=True, on_run=count)
print(json.dumps(seen))
"""


def run() -> None:
    if not Path("/proc/self/statm").exists():
        print("memory       not run: it reads /proc, which this system has not")
        return
    marks = sorted({max(LOOKS // 50, 1), max(LOOKS // 5, 1), LOOKS})
    with serving(Path(settings.TRACKER_VAR)) as port:
        watch(port, "/page/", CHECKS)
        name = connection.settings_dict["NAME"]
        command = [sys.executable, "-c", WORKER, name, json.dumps(marks)]
        quiet = {**os.environ, "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
        done = subprocess.run(command, env=quiet, check=True, capture_output=True, text=True)
    resident = json.loads(done.stdout)
    said = ", ".join(f"{mb:.0f} MB after {mark:,}" for mark, mb in zip(marks, resident, strict=True))
    tell(
        "memory",
        f"a worker holds {said} looks ({resident[-1] / resident[-2]:.2f} of the one before)",
        looks=LOOKS,
        ratio=resident[-1] / resident[-2],
        **{f"mb_after_{mark}": mb for mark, mb in zip(marks, resident, strict=True)},
    )
