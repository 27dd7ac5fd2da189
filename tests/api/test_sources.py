"""Sources, how each of them stands, and the overview by group."""

from datetime import UTC, date, datetime

import pytest

from recommendations.vocabulary import Status
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    source = factories.source(
        code="CFR60",
        title="The Drug War",
        publisher=factories.institution(code="cfr", name="Council"),
        published_on=date(2011, 1, 1),
        date_precision="season",
        date_label="Winter 2011",
        authors=["A. Writer"],
        url="https://example.org/cfr60",
    )
    border, drugs = factories.theme(code="border", name="Border"), factories.theme(code="drugs", name="Drugs")
    first = factories.recommendation(source=source, code="CFR60-01", themes=[border, drugs])
    factories.recommendation(source=source, code="CFR60-02", themes=[drugs])
    factories.recommendation(parent=first, code="CFR60-01a", themes=[])
    factories.published(
        first, status="implemented", effective_on=date(2013, 1, 1), now=datetime(2026, 11, 16, 12, tzinfo=UTC)
    )
    return source


def counts(**given):
    return dict.fromkeys(Status.values, 0) | given


def test_a_source_shows_its_date_as_it_is_known(stranger, source):
    told = stranger.read("sources/")["results"]
    assert told == [stranger.read("sources/CFR60/")]
    assert told == [
        {
            "code": "CFR60",
            "title": "The Drug War",
            "url": "http://testserver/api/v1/sources/CFR60/",
            "kind": "report",
            "authors": ["A. Writer"],
            "author_note": "",
            "publisher": {"code": "cfr", "name": "Council"},
            "publisher_wording": "",
            "series": "",
            "published_on": "2011",
            "date_precision": "season",
            "date_label": "Winter 2011",
            "date_note": "",
            "document_url": "https://example.org/cfr60",
            "url_confirmed": None,
            "language": "en",
            "note": "",
            "scorecard_url": "http://testserver/api/v1/sources/CFR60/scorecard/",
            "updated_at": "2026-11-26T12:00:00Z",
            "version": 1,
            "total": 2,
            "counts": counts(implemented=1, not_assessed=1),
            "assessed": 1,
            "coverage": 0.5,
            "median_age_days": 10,
        }
    ]


@pytest.mark.parametrize("asked", ["", "as_of=2012-01-01", "as_of=2020-01-01&known_at=2026-11-20"])
def test_a_list_counts_what_each_scorecard_counts(stranger, editor, source, asked):
    other = factories.source(code="OTHER", published_on=date(2011, 5, 1))
    factories.published(
        factories.recommendation(source=other), status="no_action", effective_on=date(2015, 1, 1)
    )
    factories.recommendation(source=other, visibility="internal")
    factories.source(code="EMPTY", published_on=date(2011, 6, 1))
    for caller in (stranger, editor):
        rows = caller.read(f"sources/?{asked}")["results"]
        assert [row["code"] for row in rows] == ["CFR60", "OTHER", "EMPTY"]
        for row in rows:
            scorecard = caller.read(f"sources/{row['code']}/scorecard/?{asked}")
            shared = ("total", "counts", "assessed", "coverage", "median_age_days")
            assert {name: row[name] for name in shared} == {name: scorecard[name] for name in shared}
            assert row == caller.read(f"sources/{row['code']}/?{asked}")


def test_before_it_was_published_it_is_not_there(stranger, source):
    assert stranger.read("sources/?as_of=2010-12-31")["results"] == []
    assert stranger.get("sources/CFR60/?as_of=2010-12-31").status_code == 404
    assert stranger.get("sources/CFR60/scorecard/?as_of=2010-12-31").status_code == 404


def test_a_scorecard_counts_every_status_and_says_what_is_not_known(stranger, source):
    told = stranger.read("sources/CFR60/scorecard/?as_of=2026-11-26&known_at=2026-11-26T12:00:00Z")
    assert told == {
        "source": "CFR60",
        "as_of": "2026-11-26",
        "total": 2,
        "counts": counts(implemented=1, not_assessed=1),
        "assessed": 1,
        "coverage": 0.5,
        "median_age_days": 10,
        "contested": 0,
        "overdue": 0,
        "stale": 0,
        "parts": {
            "total": 1,
            "counts": counts(not_assessed=1),
            "assessed": 0,
            "coverage": 0.0,
            "median_age_days": None,
        },
    }


def test_a_scorecard_of_the_past(stranger, source):
    told = stranger.read("sources/CFR60/scorecard/?as_of=2012-01-01")
    assert (told["counts"], told["coverage"]) == (counts(not_assessed=2), 0.0)


def test_a_source_without_recommendations_has_a_scorecard(stranger):
    factories.source(code="EMPTY")
    told = stranger.read("sources/EMPTY/scorecard/")
    assert (told["total"], told["counts"], told["coverage"], told["median_age_days"]) == (
        0,
        counts(),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        ("", [("CFR60", 2, 1)]),
        ("group_by=theme", [("border", 1, 1), ("drugs", 2, 1)]),
        ("group_by=year", [("2011", 2, 1)]),
        ("group_by=theme&as_of=2012-01-01", [("border", 1, 0), ("drugs", 2, 0)]),
        ("level=all", [("CFR60", 3, 1)]),
        ("as_of=2000-01-01", []),
    ],
)
def test_the_overview_counts_by_group(stranger, source, asked, groups):
    told = stranger.read(f"overview/?{asked}")
    assert [(group["code"], group["total"], group["assessed"]) for group in told["results"]] == groups


def test_a_merged_institution_counts_as_its_heir(stranger):
    heir = factories.institution(code="heir", name="Heir")
    factories.recommendation(addressees=[heir, factories.institution(code="old", merged_into=heir)])
    told = stranger.read("overview/?group_by=addressee")["results"]
    assert [(group["code"], group["name"], group["total"]) for group in told] == [("heir", "Heir", 1)]
