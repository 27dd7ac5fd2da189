"""Everything as CSV, JSON lines and records, in rows a second, against COPY of the same rows; and the memory it takes."""

import os
import resource
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from recommendations.models import Recommendation
from recommendations.queries import exports, records
from recommendations.queries.export_tables import RECOMMENDATIONS
from recommendations.queries.exports import Selected
from tests.bench import million
from tests.bench.results import tell

NUMBER = int(os.environ.get("BENCH_EXPORT", 1_000_000))
ROUNDS = 3


def run() -> None:
    million.generate(NUMBER)
    selected = Selected(Recommendation.objects.published(), None, None, timezone.now())
    cases = {
        "csv": ("recommendations.csv?level=all", RECOMMENDATIONS.statement(selected), "(FORMAT csv, HEADER)"),
        "ndjson": (
            "recommendations.ndjson?level=all",
            exports.as_list_rows(selected, "http://localhost/api/v1/"),
            "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')",
        ),
        "records": (
            "tracker.ndjson",
            records.every("recommendation"),
            "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')",
        ),
    }
    rows = selected.rows.count()
    with override_settings(API_REQUESTS_PER_MINUTE=dict.fromkeys(("token", "person", "address"), 10**9)):
        for name, (path, statement, how) in cases.items():
            _case(name, path, f"COPY ({statement}) TO STDOUT WITH {how}", rows)


def _case(name: str, path: str, copy: str, rows: int) -> None:
    """In turns, so that what else the machine does meets both; the best of each counts."""
    ours, limit = [], []
    before = _peak()
    for _round in range(ROUNDS):
        limit.append(_taken(lambda: _copied(copy)))
        ours.append(_taken(lambda: _served(path)))
    ratio = min(limit) / min(ours)
    tell(
        f"export-{name}",
        f"{rows:,} rows, {rows / min(ours):,.0f} a second, {ratio:.2f} of the speed of COPY of the same rows (goal 0.80);"
        f" {(_peak() - before) / 1024:.0f} MiB more memory at its peak",
        rows=rows,
        rows_a_second=rows / min(ours),
        ratio_to_copy=ratio,
        peak_mib=(_peak() - before) / 1024,
    )


def _taken(act: Callable[[], int]) -> float:
    started = time.perf_counter()
    assert act() > 0
    return time.perf_counter() - started


def _copied(statement: str) -> int:
    with connection.cursor() as cursor, cursor.copy(statement) as blocks:
        return sum(len(block) for block in blocks)


def _served(path: str) -> int:
    answer = Client(SERVER_NAME="localhost").get(f"/api/v1/exports/{path}")
    assert answer.status_code == 200, answer
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    return sum(len(piece) for piece in pieces)


def _peak() -> int:
    """The most memory this process ever held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
