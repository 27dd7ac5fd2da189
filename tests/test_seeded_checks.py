"""The 18 checks on registers that come with the seeds, each run as it stands against registers on loopback.

The registers answer in the shape of the real ones (fields, labels, nulls and texts that are numbers), with values of
our own, and only to the question that the check should ask: a check whose words no longer reach its register finds
nothing here.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as configured
from django.utils import timezone

from recommendations.actions import checks
from recommendations.exchange import nouns
from recommendations.exchange.seeds import read_seeds
from recommendations.models import CheckRun, Finding, StatusCheck
from recommendations.tasks import look_at_due
from tests import factories
from tests.fakeweb import Asked, FakeWeb

pytestmark = pytest.mark.django_db

SEEDS = read_seeds(configured.BASE_DIR / "seeds", today=date(2026, 11, 26)).checks
KEY = "a-key-that-nobody-may-see"


def test_how_many_there_are_and_of_which_kinds() -> None:
    kinds = [seed.kind for seed in SEEDS]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "congress_bill": 6,
        "federal_register": 7,
        "feed": 2,
        "series": 3,
    }


def federal_register(seed: nouns.Check, query: dict[str, list[str]]) -> Any:
    """A document for the terms, agencies and types of the seed alone; of 2,086 hits, by `total_pages` of 50."""
    config = seed.config
    asked_for = {
        "conditions[term]": [" ".join(f'"{term}"' if " " in term else term for term in config["terms"])],
        "conditions[agencies][]": list(config["agencies"]),
        "conditions[type][]": list(config.get("types", [])),
    }
    if any(query.get(name, []) != wanted for name, wanted in asked_for.items()):
        return {
            "description": "Documents",
            "count": 0,
            "total_pages": 0,
            "next_page_url": None,
            "results": [],
        }
    document = {
        "title": "A rule on this",
        "type": "Rule",  # the answer's word; the question's is RULE
        "abstract": None,
        "document_number": "2026-00001",
        "html_url": "https://www.federalregister.gov/documents/2026/05/08/2026-00001/a-rule",
        "pdf_url": "https://www.govinfo.gov/content/pkg/FR-2026-05-08/pdf/2026-00001.pdf",
        "publication_date": "2026-05-08",
        "agencies": [
            {"raw_name": "DEPARTMENT", "name": "Department", "id": 1, "parent_id": None, "slug": "a"}
        ],
        "excerpts": 'on <span class="match">this</span>',
        "effective_on": None,
        "citation": "91 FR 1",
    }
    return {
        "description": "Documents matching",
        "count": 2086,
        "total_pages": 50,
        "next_page_url": "https://www.federalregister.gov/api/v1/documents?search_after_cursor=abc",
        "results": [document],
    }


def congress_bill(seed: nouns.Check, query: dict[str, list[str]]) -> Any:
    system = {"code": 2, "name": "House floor actions"}
    actions = [
        {"actionDate": "2025-03-02", "text": "Referred to the committee.", "type": "IntroReferral"},
        {"actionCode": "Intro-H", "actionDate": "2025-03-01", "text": "Introduced", "type": "IntroReferral"},
    ]
    return {
        "actions": [action | {"sourceSystem": system} for action in actions],
        "pagination": {"count": 2},
        "request": {"congress": "119", "format": "json"},
    }


def feed(seed: nouns.Check, query: dict[str, list[str]]) -> str:
    word = seed.config["words"][-1]
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel><title>Reports</title>
<lastBuildDate>Mon, 14 Sep 2026 11:01:17 -0400</lastBuildDate>
<item><title>On {word}s: T&amp;amp;E</title><link>https://www.gao.gov/products/gao-26-1</link><description>Found.</description>
<pubDate>Mon, 14 Sep 2026 11:00:00 -0400</pubDate><guid isPermaLink="false">/products/gao-26-1</guid></item>
<item><title>On places</title><link>https://www.gao.gov/products/gao-26-2</link><description>Other.</description>
<pubDate>Mon, 14 Sep 2026 11:00:00 -0400</pubDate><guid isPermaLink="false">/products/gao-26-2</guid></item>
</channel></rss>"""


def series(seed: nouns.Check, query: dict[str, list[str]]) -> Any:
    config = seed.config
    if config["format"] == "world_bank":
        head = {"page": 1, "pages": 1, "per_page": "1000", "total": 2, "sourceid": "2"}
        row = {
            "indicator": {"id": config["indicator"], "value": "Homicides"},
            "country": {"id": "MX", "value": "Mexico"},
            "countryiso3code": "MEX",
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        return [head, [row | {"date": "2024", "value": None}, row | {"date": "2023", "value": 24.9}]]
    if {name: query.get(name) for name in config["where"]} != {n: [v] for n, v in config["where"].items()}:
        return []
    row = dict(config["where"]) | {"year": "2025", "percent_complete": "100", "predicted_value": "1"}
    return [
        row | {"month": "August", config["value"]: "73000"},
        row | {"month": "September"},  # suppressed: the key is absent
    ]


ANSWERS = {
    "federal_register": federal_register,
    "congress_bill": congress_bill,
    "feed": feed,
    "series": series,
}
FOUND = {
    "federal_register": "document_found",
    "congress_bill": "status_suggested",
    "feed": "document_found",
    "series": "value_found",
}


@pytest.fixture
def web(settings: Any) -> Iterator[FakeWeb]:
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR, allow_loopback=True, host_pause_seconds=0, respect_robots=False
    )
    settings.CONGRESS_API_KEY = KEY
    with FakeWeb() as served:
        yield served


def served(web: FakeWeb, seed: nouns.Check, position: int) -> dict[str, Any]:
    """The seed's settings with a mirror in place of the register; it answers by `ANSWERS`."""
    base = f"/{position}"

    async def answer(asked: Asked, writer: Any) -> None:
        said = ANSWERS[seed.kind](seed, parse_qs(urlsplit(asked.target).query))
        body = (said if isinstance(said, str) else json.dumps(said)).encode()
        kind = "application/rss+xml" if isinstance(said, str) else "application/json"
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )

    config = dict(seed.config)
    path = base
    if seed.kind == "congress_bill":
        path = f"{base}/bill/{config['congress']}/{config['type']}/{config['number']}/actions"
    elif config.get("format") == "world_bank":
        path = f"{base}/country/{config['country']}/indicator/{config['indicator']}"
    web.at(path, answer)
    return config | {"url": web.url(base)}


def set_up(web: FakeWeb) -> list[StatusCheck]:
    watched: dict[str, Any] = {}
    made = []
    for position, seed in enumerate(SEEDS):
        code = seed.recommendation or seed.indicator
        noun = "recommendation" if seed.recommendation else "indicator"
        if code not in watched:
            watched[code] = getattr(factories, noun)(code=code)
        check = checks.of(
            kind=seed.kind,
            config=served(web, seed, position),
            every=seed.every,
            now=timezone.now(),
            **{noun: watched[code]},
        )
        check.save(force_insert=True)
        made.append(check)
    return made


def test_each_asks_its_register_and_brings_what_it_should(web: FakeWeb) -> None:
    made = set_up(web)
    assert look_at_due(live=False) == 0, "off until live checks are switched on"
    assert web.requests == []

    assert look_at_due(live=True) == len(SEEDS) == 18

    runs = {run.status_check_id: run for run in CheckRun.objects.all()}
    told = [(seed.kind, runs[check.pk].outcome) for seed, check in zip(SEEDS, made, strict=True)]
    assert told == [(seed.kind, "first_look") for seed in SEEDS], [run.detail for run in runs.values()]
    for seed, check in zip(SEEDS, made, strict=True):
        kinds = [finding.kind for finding in Finding.objects.filter(status_check=check)]
        assert kinds == [FOUND[seed.kind]], (seed.place, runs[check.pk].detail)


def test_a_second_look_brings_nothing_more_and_no_key_is_stored(web: FakeWeb) -> None:
    set_up(web)
    look_at_due(live=True)
    StatusCheck.objects.update(next_due_at=timezone.now())
    assert look_at_due(live=True) == len(SEEDS)
    assert Finding.objects.filter(sightings__gt=1).count() == 0
    assert Finding.objects.count() == len(SEEDS)
    kept = [str(row) for table in (StatusCheck, CheckRun, Finding) for row in table.objects.values()]
    assert KEY not in "".join(kept)
    keyed = [asked for asked in web.requests if "x-api-key" in asked.headers]
    assert {asked.target.split("/")[2] for asked in keyed} == {"bill"}
    assert not any(KEY in asked.target for asked in web.requests)


def test_a_person_may_run_one_while_live_checks_are_off(web: FakeWeb) -> None:
    first, *_others = set_up(web)
    checks.request_run(first, by=factories.user("editor"), now=timezone.now())
    assert look_at_due(live=False) == 1
    assert CheckRun.objects.get().status_check == first
