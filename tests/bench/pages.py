"""The public pages and feeds, and the answers of the API that show no list, each with very many rows behind it."""

import os
from collections.abc import Iterator

from django.test import Client, override_settings

from recommendations.models import Recommendation, Source
from tests.bench import million, staff
from tests.bench.walk import walk

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
THEN = "as_of=2018-06-30"


def run(number: int = ROWS, only: str = "") -> None:
    million.generate(number)
    staff.make_all(number)
    with override_settings(API_REQUESTS_PER_MINUTE=dict.fromkeys(("token", "person", "address"), 10**9)):
        walk("pages", number, Client(SERVER_NAME="localhost"), _addresses(number), only)


def _addresses(number: int) -> Iterator[tuple[str, str]]:
    sources = number // 20
    there = Source.objects.filter(visibility="public", published_on__lt=THEN[-10:]).order_by("code")
    large = there[0].code  # the first hold the most
    middle = there.filter(code__gte=f"S{sources // 2:06d}")[0].code
    after = f"S{sources - 300:06d}"
    rows = Recommendation.objects.filter(public=True, parts__isnull=False, headline__isnull=False)
    row = rows.filter(issued_on__lt=THEN[-10:])[0].code
    yield from {
        "home": "/",
        "documents": "/sources/",
        "documents, far down": f"/sources/?after={after}",
        "large document": f"/sources/{large}/",
        "large document, then": f"/sources/{large}/?{THEN}",
        "document": f"/sources/{middle}/",
        "recommendation": f"/recommendations/{row}/",
        "recommendation, then": f"/recommendations/{row}/?{THEN}",
        "institution, large": "/institutions/body1/",
        "institution": "/institutions/body150/",
        "theme, large": "/themes/theme3/",
        "theme, small": "/themes/theme41/",
        "changes": "/changes/",
        "feed of all": "/changes.atom",
        "feed of a large document": f"/sources/{large}/changes.atom",
        "feed of a document": f"/sources/{middle}/changes.atom",
        "feed of a large institution": "/institutions/body1/changes.atom",
        "feed of an institution": "/institutions/body290/changes.atom",
        "feed of a recommendation": f"/recommendations/{row}/changes.atom",
        "method": "/method/",
    }.items()
    asked = {
        "": "",
        ", parts too": "level=all",
        ", of a document": f"source={middle}",
        ", of a theme": "theme=theme3",
        ", of a rare theme": "theme=theme41",
        ", of an institution": "addressee=body5",
        ", of a status": "status=implemented",
        ", of a status and a theme": "status=stalled&theme=theme30",
        ", of all three": "status=stalled&theme=theme30&addressee=body100",
        ", a rare word": f"level=all&q={million.RARE}",
        ", a middling word": f"level=all&q={million.MIDDLING}",
        ", a common word": f"level=all&q={million.COMMON}",
        ", no such word": "level=all&q=nowhere",
        ", then": THEN,
        ", of a status then": f"status=implemented&{THEN}",
        ", of a theme and a status then": f"theme=theme30&status=stalled&{THEN}",
        ", a middling word then": f"level=all&q={million.MIDDLING}&{THEN}",
    }
    for name, query in asked.items():
        yield f"list{name}", f"/recommendations/?{query}"
    for name, span in {
        "a day": "from=2020-03-01&to=2020-03-02",
        "a month": "from=2020-03-01&to=2020-04-01",
        "a year": "from=2019-03-01&to=2020-03-01",
        "ten years": "from=2010-03-01&to=2020-03-01",
    }.items():
        yield f"compare {name}", f"/api/v1/compare/?{span}"
        yield f"compare {name} of a theme", f"/api/v1/compare/?{span}&theme=theme30"
        yield f"compare {name} with its count", f"/api/v1/compare/?{span}&include=count"
    for by in ("source", "theme", "addressee", "year"):
        yield f"overview by {by}", f"/api/v1/overview/?group_by={by}"
        yield f"overview by {by} then", f"/api/v1/overview/?group_by={by}&{THEN}"
    for noun in ("sources", "institutions", "themes", "evidence", "indicators", "changes"):
        yield f"api {noun}", f"/api/v1/{noun}/"
    yield "scorecard", f"/api/v1/sources/{large}/scorecard/"
    yield "scorecard then", f"/api/v1/sources/{large}/scorecard/?{THEN}"
