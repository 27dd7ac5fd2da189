"""Settings of every kind: what a kind accepts it can also ask with; what it does not it names, and never breaks on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from recommendations.fetching.adapters import ADAPTERS, KINDS, OWN_KINDS, OwnRows, Target
from recommendations.fetching.adapters.series import FORMATS

GOOD = {
    "page": {"confirm": 2, "selector": "#content", "ignore": ["Last reviewed"], "skip": [".most-read"]},
    "document": {"confirm": 2},
    "feed": {"url": "https://a.example/rss", "words": ["gun"], "without": ["toy"], "since": "2026-01-01"},
    "federal_register": {
        "terms": ["guns"],
        "agencies": ["justice-department"],
        "types": ["RULE"],
        "since": "2026-01-01",
        "url": "https://mirror.example/documents.json",
    },
    "congress_bill": {"congress": 119, "type": "hr", "number": 1, "url": "https://mirror.example/v3"},
    "series": {
        "format": "json",
        "url": "https://a.example/data",
        "rows": "a.b",
        "period": ["year", "month"],
        "value": "n",
        "where": {"state": "US"},
        "months": 12,
    },
    "deadline": {"response_within_days": 56, "response_rule": "Rule 4", "response_from": "2026-01-01"},
    "freshness": {"within_days": 90},
}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    " ",
    "x" * 20_000,
    "\x00",
    "\ud800",
    "2026-13-01",
    "2026-W01-1",
    "20260101",
    "２０２６-01-01",
    [],
    [None],
    [[]],
    ["x" * 20_000],
    ["("],
    {},
    {"a": None},
    {"": ""},
    {"a": {"b": 1}},
    "http://",
    "http://127.1/",
    "file:///etc/passwd",
    "https://a.example/?api_key=x",
    "(",
    "*",
    "Infinity",
]


def test_there_is_a_good_configuration_of_each_kind():
    assert set(GOOD) == set(KINDS)
    assert {kind: KINDS[kind].validate(config) for kind, config in GOOD.items()} == dict.fromkeys(GOOD, {})


@pytest.mark.parametrize("kind", KINDS)
def test_a_setting_that_is_unknown_is_named(kind):
    assert set(KINDS[kind].validate(GOOD[kind] | {"colour": "red"})) == {"colour"}


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in GOOD for field in GOOD[kind]])
def test_whatever_stands_in_a_setting_is_named_or_can_be_asked_with(kind, field):
    refused = 0
    for odd in ODD:
        config = GOOD[kind] | {field: odd}
        wrong = KINDS[kind].validate(config)
        assert all(isinstance(said, str) and said for said in wrong.values()), (odd, wrong)
        refused += bool(wrong)
        if not wrong:
            _can_be_used(kind, config)
    assert refused > len(ODD) / 2


@pytest.mark.parametrize(
    "day", ["2026-W01-1", "20260101", "2026-02-30", "２０２６-01-01", "2026-01-01T00:00", 2026]
)
def test_a_day_is_written_as_it_is_asked_with(day):
    assert set(KINDS["feed"].validate(GOOD["feed"] | {"since": day})) == {"since"}


@pytest.mark.parametrize(
    "years", ["2015:2010", "2015:", ":2024", "15:24", "2015-2024", "２０１５", 2015, "2015:2024:2025"]
)
def test_years_are_a_year_or_a_stretch_of_them(years):
    config = {"format": "world_bank", "country": "MX", "indicator": "SP.POP.TOTL"}
    assert KINDS["series"].validate(config | {"years": "2015:2024"}) == {}
    assert KINDS["series"].validate(config | {"years": "2015"}) == {}
    assert set(KINDS["series"].validate(config | {"years": years})) == {"years"}


@pytest.mark.parametrize("form", FORMATS)
def test_each_form_of_a_series_says_what_it_needs(form):
    wrong = KINDS["series"].validate({"format": form})
    assert set(wrong) == FORMATS[form].needed - {"format"}
    assert set(wrong.values()) == {"This field is needed."}


def _can_be_used(kind, config):
    target = Target("https://a.example/", "A", "recommendation A")
    if kind in ADAPTERS:
        request = ADAPTERS[kind].request(target, config, {})
        assert request.url.startswith("http")
        request.url.encode("ascii", "xmlcharrefreplace")
        return
    moment = datetime(2026, 11, 26, tzinfo=UTC)
    rows = OwnRows(
        number=1,
        code="A",
        now=moment,
        open=True,
        status="in_progress",
        status_label="In progress",
        headline=1,
        last_verified_at=moment,
        due_on=None,
        response="none",
        published_on=date(9990, 1, 1),
    )
    assert OWN_KINDS[kind].look(rows, target=target, config=config, state={}).outcome == "first_look"
