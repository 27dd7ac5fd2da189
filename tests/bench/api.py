"""The read side of the API against raw SQL, a plain ModelViewSet and django-ninja: medians of one run.

`limit` is the same question as raw SQL on the plain schema (no copied columns, no counters), its JSON made inside
PostgreSQL. All of ours, plain and ninja go through the whole of Django in one process, middleware included.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from recommendations.api.keysets import Key
from recommendations.api.pagination import encode
from recommendations.models import Recommendation
from tests.bench import limits, million
from tests.bench.results import milliseconds, tell


@dataclass(frozen=True)
class Case:
    """One question, asked in up to four ways. `goal` is what performance.md asks, in words."""

    name: str
    ours: str
    limit: str = ""
    values: tuple[Any, ...] = ()
    plain: str = ""
    ninja: str = ""
    times: int = 15


BASE = "/api/v1/"
STATUS, THEME = "in_progress", "theme3"
FILTERED = f"status={STATUS}&theme={THEME}"


def cases(number: int) -> Iterator[Case]:
    page = number * 9 // 1_000  # page 9,000 of a million, a hundred a page
    deep = Recommendation.objects.order_by("code").values_list("code", flat=True)[page * 100 - 100]
    code = (
        Recommendation.objects.filter(parts__isnull=False, headline__isnull=False)
        .order_by("pk")[number // 400]
        .code
    )
    yield Case(
        "list",
        f"recommendations/?limit=100&{FILTERED}&level=all",
        limits.LIST.format(where=limits.FILTERED, order="r.code"),
        (STATUS, THEME),
        f"recommendations/?{FILTERED}",
        f"recommendations/?{FILTERED}",
    )
    yield Case(
        "list_newest",
        f"recommendations/?limit=100&{FILTERED}&level=all&ordering=-updated_at",
        limits.LIST.format(where=limits.FILTERED, order="r.updated_at DESC, r.code"),
        (STATUS, THEME),
    )
    yield Case("list_rare_theme", f"recommendations/?limit=100&status={STATUS}&theme=theme41&level=all",
               limits.LIST.format(where=limits.FILTERED, order="r.code"), (STATUS, "theme41"))  # fmt: skip
    yield Case("list_empty_theme", f"recommendations/?limit=100&status={STATUS}&theme=theme42&level=all",
               limits.LIST.format(where=limits.FILTERED, order="r.code"), (STATUS, "theme42"))  # fmt: skip
    yield Case(
        "list_count",
        f"recommendations/?limit=100&{FILTERED}&level=all&include=count",
        limits.COUNT,
        (STATUS, THEME),
    )
    yield Case("list_overdue", "recommendations/?limit=100&overdue=true")
    yield Case("list_addressee", "recommendations/?limit=100&addressee=body5&open=true")
    yield Case("page_1", "recommendations/?limit=100&level=all", limits.LIST.format(where="true", order="r.code"), (),
               "recommendations/?page=1", "recommendations/?page=1")  # fmt: skip
    yield Case("page_9000", f"recommendations/?limit=100&level=all&cursor={cursor(deep)}",
               limits.LIST.format(where="r.code > %s", order="r.code"), (deep,),
               f"recommendations/?page={page}", f"recommendations/?page={page}", 5)  # fmt: skip
    yield Case("page_count", "recommendations/?limit=100&level=all&include=count")
    yield Case("list_as_of", f"recommendations/?limit=100&{FILTERED}&level=all&as_of=2018-06-30")
    yield Case("page_as_of", "recommendations/?limit=100&level=all&as_of=2018-06-30&known_at=2019-01-01")
    yield Case(
        "detail",
        f"recommendations/{code}/",
        limits.DETAIL,
        (code,),
        f"recommendations/{code}/",
        f"recommendations/{code}/",
    )
    yield Case("history", f"recommendations/{code}/assessments/")
    for kind, word in (("rare", million.RARE), ("middling", million.MIDDLING), ("common", million.COMMON)):
        times = 5 if kind == "common" else 15
        yield Case(f"search_{kind}", f"recommendations/?limit=50&q={word}", limits.SEARCH, (word, word),
                   f"recommendations/?q={word}&limit=50", f"recommendations/?q={word}&page_size=50", times)  # fmt: skip
    for by in ("source", "theme", "addressee", "year"):
        yield Case(f"overview_{by}", f"overview/?group_by={by}&level=all", limits.OVERVIEW[by], (),
                   f"recommendations/overview/?group_by={by}", f"overview/?group_by={by}", 3)  # fmt: skip
    yield Case("overview_as_of", "overview/?group_by=theme&as_of=2018-06-30", times=3)


def cursor(code: str) -> str:
    """A cursor of the default order, as a page before would have given it."""
    return encode([code], (Key("code"),), backwards=False)


ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))


def run(number: int = ROWS, only: str = "") -> dict[str, dict[str, float]]:
    """Every case whose name has `only` in it; {case: {way: milliseconds}}."""
    million.generate(number)
    with override_settings(
        ROOT_URLCONF="tests.bench.rivals",
        API_REQUESTS_PER_MINUTE=dict.fromkeys(("token", "person", "address"), 10**9),
    ):
        return {case.name: measured(case, number) for case in cases(number) if only in case.name}


def measured(case: Case, number: int) -> dict[str, float]:
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    asked: dict[str, Callable[[], Any]] = {"ours": lambda: get(client, BASE + case.ours)}
    etag = get(client, BASE + case.ours).headers["ETag"]
    asked["not_modified"] = lambda: get(client, BASE + case.ours, 304, headers={"If-None-Match": etag})
    if case.limit:
        asked["limit"] = lambda: raw(case.limit, case.values)
    if case.plain:
        asked["plain"] = lambda: get(client, f"/plain/{case.plain}")
    if case.ninja:
        asked["ninja"] = lambda: get(client, f"/ninja/{case.ninja}")
    took = {
        way: milliseconds(call, case.times if way in ("ours", "not_modified") else min(case.times, 3))
        for way, call in asked.items()
    }
    ratios = {f"{way}_to_ours": took[way] / took["ours"] for way in took if way != "ours"}
    told = ", ".join(f"{way} {ms:.1f}" for way, ms in took.items())
    tell(f"api_{case.name}_{number}", told + " ms", rows=number, **took, **ratios)
    return took


def get(client: Client, address: str, status: int = 200, **more: Any) -> Any:
    answer = client.get(address, **more)
    assert answer.status_code == status, (address, answer.status_code, answer.content[:500])
    return answer


def raw(statement: str, values: tuple[Any, ...]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()
