"""Our import against django-import-export: a file of which half is new and half changed, lists and audit included.

Both are given the same columns on the same tables with the same triggers. Theirs is used as its documents show it
(a ModelResource; a dry run with its diff, then the import), and once more without its diff; it writes no audit. It is
given fewer rows, and rows a second are compared: what it does for a row does not depend on their number.
"""

import csv
import io
import resource
import time
from collections.abc import Callable
from typing import Any

import tablib
from django.db import connection, transaction
from django.utils import timezone
from import_export import fields, resources, widgets

from recommendations.actions import imports
from recommendations.models import Event, Institution, Recommendation, Source, Theme, User
from tests import factories
from tests.bench.results import tell

NUMBER = 100_000
THEIRS = 1_000
HEADER = ("code", "source", "title", "summary", "locator", "themes", "addressees")
BODIES, THEMES = 40, 20


def run(number: int = NUMBER, theirs: int = THEIRS) -> None:
    by = User.objects.create_user("bench", role="manager")
    factories.source(code="B")
    for place in range(BODIES):
        factories.institution(code=f"body{place}")
    for place in range(THEMES):
        factories.theme(code=f"theme{place}")

    _bring(_file("A", number // 2), by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database that has lived for a minute has been
    dry, batch = _timed(lambda: _examine(_file("A", number, changed=True), by))
    applied, _batch = _timed(lambda: imports.apply(batch, by=by, now=timezone.now()))
    assert (batch.rows_new, batch.rows_changed) == (number - number // 2, number // 2)
    again, repeated = _timed(lambda: _examine(_file("A", number, changed=True), by))
    assert repeated.rows_unchanged == number
    assert Event.objects.filter(verb="recommendation.changed").count() == number // 2
    ours = number / (dry + applied)

    slow, plain = (_rival(prefix, theirs, skip_diff=skip) for prefix, skip in (("T", False), ("U", True)))
    told = {
        "rows": number,
        "rows_per_second": ours,
        "dry_run_seconds": dry,
        "apply_seconds": applied,
        "unchanged_rows_per_second": number / again,
        "django_import_export_rows_per_second": slow,
        "ratio_to_django_import_export": ours / slow,
        "ratio_to_it_without_its_diff": ours / plain,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    tell(
        "imports",
        f"{number:,} rows: {ours:,.0f} a second (dry run {dry:.1f} s, then {applied:.1f} s), {ours / slow:.0f} times"
        f" django-import-export ({slow:.0f}; {plain:.0f} without its diff); unchanged {number / again:,.0f} a second;"
        f" peak {told['peak_megabytes']:.0f} MB",
        **told,
    )


def _file(prefix: str, number: int, *, changed: bool = False) -> bytes:
    """The first half of a changed file has other titles and lists; its second half is new."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for place in range(number):
        anew = changed and place < number // 2
        writer.writerow(
            (
                f"{prefix}-{place}",
                "B",
                f"{'Changed' if anew else 'Measure'} number {place} of what is asked",
                f"Do what is asked under number {place}, and say by when. " * 5,
                f"page {place % 90}",
                f"theme{place % THEMES}|theme{(place + 1 + anew) % THEMES}",
                f"body{place % BODIES}",
            )
        )
    return text.getvalue().encode()


def _examine(content: bytes, by: User) -> Any:
    return imports.examine(io.BytesIO(content), format="csv", filename="bench.csv", by=by, now=timezone.now())


def _bring(content: bytes, by: User) -> None:
    imports.apply(_examine(content, by), by=by, now=timezone.now())


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
    _theirs(_file(prefix, number // 2))
    taken, _none = _timed(lambda: _theirs(_file(prefix, number, changed=True)))
    changed = Recommendation.objects.filter(code__startswith=f"{prefix}-", title__startswith="Changed")
    assert changed.count() == number // 2
    return number / taken


def _theirs(content: bytes) -> None:
    data = tablib.Dataset().load(content.decode(), format="csv")
    for dry_run in (True, False):
        with transaction.atomic():
            result = _Theirs().import_data(data, dry_run=dry_run, raise_errors=True, use_transactions=True)
    assert not result.has_errors()


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    value = call()
    return time.perf_counter() - started, value
