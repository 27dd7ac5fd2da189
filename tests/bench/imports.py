"""Our import against django-import-export: a file of which half is new and half changed, lists and audit included.

Both are given the same columns on the same tables with the same triggers. Theirs is used as its documents show it
(a ModelResource; a dry run with its diff, then the import), and once more without its diff; it writes no audit. It is
given fewer rows, and rows a second are compared: what it does for a row does not depend on their number.

Ours runs in a process of its own, as a worker does, so that its memory can be told: at a tenth of the rows and at all of
them. One row in two hundred is invalid in a file that is judged besides, and refused as a whole.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tablib
from django.db import connection, transaction
from django.utils import timezone
from import_export import fields, resources, widgets

from recommendations.models import Event, Institution, Recommendation, Source, Theme, User
from tests import factories
from tests.bench.results import tell

NUMBER = int(os.environ.get("BENCH_IMPORT_ROWS", "100000"))
THEIRS = 1_000
HEADER = ("code", "source", "title", "summary", "locator", "themes", "addressees")
BODIES, THEMES = 40, 20
INVALID_EACH = 200

WORKER = """
import json, re, sys, time
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from django.utils import timezone
from recommendations.actions import imports
from recommendations.models import User
by, told = User.objects.get(username="bench"), {}
def timed(name, call):
    started = time.perf_counter()
    value = call()
    told[name] = time.perf_counter() - started
    return value
def examine(path):
    with open(path, "rb") as file:
        return imports.examine(file, format="csv", filename="bench.csv", by=by, now=timezone.now())
def peak():
    status = Path("/proc/self/status")
    return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1024 if status.exists() else 0
first, changed, invalid = sys.argv[2:]
imports.apply(examine(first), by=by, now=timezone.now())
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")  # as a database that has lived for a minute has been
refused = timed("refused_seconds", lambda: examine(invalid))
batch = timed("dry_run_seconds", lambda: examine(changed))
timed("apply_seconds", lambda: imports.apply(batch, by=by, now=timezone.now()))
again = timed("again_seconds", lambda: examine(changed))
told |= {"peak_megabytes": peak(), "refused": refused.rows_refused, "new": batch.rows_new, "changed": batch.rows_changed}
print(json.dumps(told | {"unchanged": again.rows_unchanged}))
"""


def run(number: int = NUMBER, theirs: int = THEIRS) -> None:
    User.objects.create_user("bench", role="manager")
    factories.source(code="B")
    for place in range(BODIES):
        factories.institution(code=f"body{place}")
    for place in range(THEMES):
        factories.theme(code=f"theme{place}")

    few, many = _ours("F", number // 10), _ours("A", number)
    assert Event.objects.filter(verb="recommendation.changed").count() == number // 20 + number // 2
    seconds = many["dry_run_seconds"] + many["apply_seconds"]
    ours, unchanged = number / seconds, number / many["again_seconds"]

    slow, plain = (_rival(prefix, theirs, skip_diff=skip) for prefix, skip in (("T", False), ("U", True)))
    told = {
        "rows": number,
        "rows_per_second": ours,
        "rows_per_second_of_a_tenth": number // 10 / (few["dry_run_seconds"] + few["apply_seconds"]),
        "dry_run_seconds": many["dry_run_seconds"],
        "apply_seconds": many["apply_seconds"],
        "refused_rows_per_second": number / many["refused_seconds"],
        "unchanged_rows_per_second": unchanged,
        "django_import_export_rows_per_second": slow,
        "ratio_to_django_import_export": ours / slow,
        "ratio_to_it_without_its_diff": ours / plain,
        "peak_megabytes_of_a_tenth": few["peak_megabytes"],
        "peak_megabytes": many["peak_megabytes"],
    }
    tell(
        "imports",
        f"{number:,} rows: {ours:,.0f} a second (dry run {told['dry_run_seconds']:.1f} s, then"
        f" {told['apply_seconds']:.1f} s), {ours / slow:.0f} times django-import-export ({slow:.0f}; {plain:.0f} without"
        f" its diff); with 0.5 % invalid judged at {told['refused_rows_per_second']:,.0f} a second; unchanged"
        f" {unchanged:,.0f}; a tenth of the rows {told['rows_per_second_of_a_tenth']:,.0f}; peak"
        f" {told['peak_megabytes_of_a_tenth']:.0f} MB at a tenth, {told['peak_megabytes']:.0f} MB at all",
        **told,
    )


def _ours(prefix: str, number: int) -> dict[str, float]:
    """What the worker's process told of a file of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("first.csv", "changed.csv", "invalid.csv")]
        _file(paths[0], prefix, number // 2)
        _file(paths[1], prefix, number, changed=True)
        _file(paths[2], prefix, number, changed=True, invalid=True)
        command = [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], *map(str, paths)]
        quiet = {**os.environ, "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
        done = subprocess.run(command, env=quiet, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    assert (told["new"], told["changed"]) == (number - number // 2, number // 2)
    assert (told["unchanged"], told["refused"]) == (number, number // INVALID_EACH)
    return told


def _file(path: Path, prefix: str, number: int, *, changed: bool = False, invalid: bool = False) -> None:
    """The first half of a changed file has other titles and lists; its second half is new. In an invalid one every
    200th row names a theme that there is not."""
    with path.open("w", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(HEADER)
        for place in range(number):
            anew = changed and place < number // 2
            wrong = invalid and place % INVALID_EACH == 0
            writer.writerow(
                (
                    f"{prefix}-{place}",
                    "B",
                    f"{'Changed' if anew else 'Measure'} number {place} of what is asked",
                    f"Do what is asked under number {place}, and say by when. " * 5,
                    f"page {place % 90}",
                    f"theme{place % THEMES}|{'nothing' if wrong else f'theme{(place + 1 + anew) % THEMES}'}",
                    f"body{place % BODIES}",
                )
            )


class _Theirs(resources.ModelResource):
    source = fields.Field("source", "source", widgets.ForeignKeyWidget(Source, "code"))
    themes = fields.Field("themes", "themes", widgets.ManyToManyWidget(Theme, separator="|", field="code"))
    addressees = fields.Field(
        "addressees", "addressees", widgets.ManyToManyWidget(Institution, separator="|", field="code")
    )

    class Meta:
        model = Recommendation
        fields = HEADER
        import_id_fields = ("code",)
        skip_unchanged = True

    def before_save_instance(self, instance: Any, row: Any, **_more: Any) -> None:
        instance.updated_at = timezone.now()


def _rival(prefix: str, number: int, *, skip_diff: bool) -> float:
    """Rows a second of a file of which half is new and half changed."""
    _Theirs._meta.skip_diff = skip_diff
    with tempfile.TemporaryDirectory() as folder:
        first, then = Path(folder) / "first.csv", Path(folder) / "then.csv"
        _file(first, prefix, number // 2)
        _file(then, prefix, number, changed=True)
        _theirs(first)
        taken = _seconds(lambda: _theirs(then))
    changed = Recommendation.objects.filter(code__startswith=f"{prefix}-", title__startswith="Changed")
    assert changed.count() == number // 2
    return number / taken


def _theirs(path: Path) -> None:
    data = tablib.Dataset().load(path.read_text(), format="csv")
    for dry_run in (True, False):
        with transaction.atomic():
            result = _Theirs().import_data(data, dry_run=dry_run, raise_errors=True, use_transactions=True)
    assert not result.has_errors()


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
