"""Recorded looks a second against two programs that people use to watch pages: urlwatch and webchanges.

All three look at the same addresses of the same server, of which one in 200 takes two seconds, and have looked once
before: the second look is timed, as it is what a watcher does all its life, from the start of the program to its end.
urlwatch runs ten threads and cannot be told otherwise; webchanges is given twenty, with which it was quickest. Neither
extracts, judges or remembers as much. They are slow: set BENCH_WATCHED to look at other than 2,000 addresses, and
BENCH_WEBCHANGES at other than 1,000 of them for webchanges, whose ratio is that to our looks at as many.

They need packages that nothing else does: `make bench` installs them into an environment of their own.
"""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.bench.looks import DUE, open_door, watch
from tests.bench.results import tell
from tests.bench.server import addresses, serving
from tests.bench.worker import worker

ENVIRONMENT = Path(".venv-watchers") / "bin"
NUMBER = int(os.environ.get("BENCH_WATCHED", "2000"))
FEWER = int(os.environ.get("BENCH_WEBCHANGES", "1000"))
GOALS = {"urlwatch": 10 if NUMBER >= 10_000 else 3, "webchanges": 13}
SETTINGS = """
display: {new: false, error: true, unchanged: false}
report: {stdout: {enabled: false}}
job_defaults: {all: {}, url: {}}
"""


def run() -> None:
    if not ENVIRONMENT.exists():
        print("watchers     not run: make .venv-watchers/installed makes the environment that it needs")
        return
    settings.TRACKER_DOOR = open_door()
    folder = Path(settings.TRACKER_VAR) / "watchers"
    folder.mkdir(parents=True, exist_ok=True)
    with serving(folder, slow=True) as port, worker() as record_all:
        watch(port, "/page/", NUMBER)
        record_all()
        for name, number in (("urlwatch", NUMBER), ("webchanges", min(FEWER, NUMBER))):
            theirs = _rival(name, folder, addresses(port, number))
            ours = _ours(record_all, number)
            tell(
                name,
                f"{ours:,.0f} recorded looks a second at {number:,} addresses, {ours / theirs:.1f} times {name}"
                f" ({theirs:,.0f}; the goal is {GOALS[name]})",
                looks=number,
                looks_per_second=ours,
                theirs_per_second=theirs,
                ratio=ours / theirs,
                goal=GOALS[name],
            )


def _ours(record_all: Callable[[], None], number: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{DUE} WHERE id IN (SELECT id FROM recommendations_statuscheck ORDER BY id LIMIT %s)", [number]
        )
    started = time.perf_counter()
    record_all()
    return number / (time.perf_counter() - started)


def _rival(name: str, folder: Path, urls: list[str]) -> float:
    """Looks a second of the second run."""
    kept = {each: folder / f"{name}.{each}" for each in ("jobs", "settings", "cache", "hooks")}
    for path in kept.values():
        path.unlink(missing_ok=True)
    jobs = "\n---\n".join(f"name: page {number}\nurl: {url}" for number, url in enumerate(urls))
    kept["jobs"].write_text(jobs)
    kept["settings"].write_text(SETTINGS)
    command = {
        "urlwatch": ["urlwatch", "--urls", kept["jobs"], "--cache", kept["cache"], "--hooks", kept["hooks"]],
        "webchanges": [
            "webchanges",
            "--jobs",
            kept["jobs"],
            "--database",
            kept["cache"],
            "--max-workers",
            "20",
        ],
    }[name]
    whole = [str(ENVIRONMENT.absolute() / str(command[0])), *map(str, command[1:])]
    whole += ["--config", str(kept["settings"])]
    homeless = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "EDITOR": "true"}
    seconds = 0.0
    for _run in range(2):
        started = time.perf_counter()
        subprocess.run(whole, env=homeless, check=True, capture_output=True, timeout=900)
        seconds = time.perf_counter() - started
    return len(urls) / seconds
