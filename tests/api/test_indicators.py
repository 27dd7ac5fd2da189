"""Indicators and their values; the lists of institutions and themes."""

import pytest

from recommendations.models import Observation
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_value_is_added(stranger, editor):
    row = factories.recommendation(code="CFR60-01")
    factories.indicator(code="I1", name="Seizures", unit="tonnes", recommendations=[row])
    answer = editor.post(
        "indicators/I1/observations/", {"period": "2020", "value": "12.5", "period_from": "2020-01-01"}
    )
    assert answer.status_code == 201
    told = stranger.read("indicators/I1/")
    made = Observation.objects.get()
    assert told | {"updated_at": "...", "observations": "..."} == {
        "code": "I1",
        "name": "Seizures",
        "url": "http://testserver/api/v1/indicators/I1/",
        "unit": "tonnes",
        "direction": None,
        "note": "",
        "sources": [],
        "recommendations": ["CFR60-01"],
        "updated_at": "...",
        "version": 2,
        "observations": "...",
    }
    assert told["observations"] == stranger.read("indicators/I1/observations/")["results"] == [answer.json()]
    assert answer.json() | {"recorded_at": "..."} == {
        "id": made.pk,
        "role": "observation",
        "period": "2020",
        "period_from": "2020-01-01",
        "period_to": None,
        "value": 12.5,
        "value_text": "",
        "measure": "",
        "quality": "",
        "basis": "",
        "verified": True,
        "seen_at": "",
        "note": "",
        "recorded_at": "...",
    }


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({"period": "2025"}, ("2025-01-01", "2025-12-31")),
        ({"period": "March 2025"}, ("2025-03-01", "2025-03-31")),
        ({"period": "2025", "period_to": "2025-06-30"}, (None, "2025-06-30")),
        ({"period": "FY2025"}, (None, None)),
        ({"period": "2025", "role": "target"}, (None, None)),
    ],
)
def test_the_days_of_a_plain_period_are_read_from_it(editor, said, days):
    factories.indicator(code="I1")
    told = editor.post("indicators/I1/observations/", {"value": 3} | said).json()
    assert (told["period"], told["period_from"], told["period_to"]) == (said["period"], *days)


def test_a_value_of_a_later_year_is_not_told_of_the_past(stranger, editor):
    factories.indicator(code="I1")
    for year in ("2012", "2025"):
        editor.post("indicators/I1/observations/", {"period": year, "value": 3})
    told = stranger.read("indicators/I1/observations/?as_of=2013-01-01")["results"]
    assert [each["period"] for each in told] == ["2012"]


def test_a_value_that_says_nothing_is_refused(editor):
    factories.indicator(code="I1")
    answer = editor.post("indicators/I1/observations/", {"period": "2020"})
    assert (answer.status_code, answer.json()["rule"]) == (409, "observation_says_something")


def test_there_is_one_baseline(editor):
    measure = factories.indicator(code="I1")
    Observation.objects.create(indicator=measure, role="baseline", period="2011", value=1, recorded_at=NOW)
    answer = editor.post("indicators/I1/observations/", {"period": "2012", "value": 2, "role": "baseline"})
    assert (answer.status_code, answer.json()["rule"]) == (409, "observation_one_baseline")


def test_indicators_of_one_recommendation(stranger):
    row = factories.recommendation()
    factories.indicator(code="I1", recommendations=[row])
    factories.indicator(code="I2")
    assert [each["code"] for each in stranger.read(f"indicators/?recommendation={row.code}")["results"]] == [
        "I1"
    ]


def test_institutions_and_themes(stranger):
    usa = factories.institution(code="us", name="United States", kind="government", country="US")
    factories.institution(
        code="us-doj", name="Department of Justice", parent=usa, aliases=["DOJ"], country="US"
    )
    told = stranger.read("institutions/?kind=agency&country=US")["results"]
    assert told == [stranger.read("institutions/us-doj/")]
    assert told == [
        {
            "code": "us-doj",
            "name": "Department of Justice",
            "url": "http://testserver/api/v1/institutions/us-doj/",
            "kind": "agency",
            "country": "US",
            "parent": {"code": "us", "name": "United States"},
            "aliases": ["DOJ"],
            "merged_into": None,
        }
    ]
    factories.theme(code="border", name="Border", parent=factories.theme(code="security", name="Security"))
    assert [each["code"] for each in stranger.read("themes/")["results"]] == ["border", "security"]
    assert stranger.read("themes/border/")["parent"] == {"code": "security", "name": "Security"}
