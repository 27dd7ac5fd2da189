"""`fields` leaves out what is not asked for, `expand` adds what is; both refuse what they do not know."""

from datetime import date

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


WIDE = {"code": "SRC", "title": "Report", "published_on": "2011-03"}
"""All that a row says of its source."""


@pytest.fixture
def whole():
    row = factories.recommendation(code="R-1", themes=[factories.theme(code="drugs")])
    part = factories.recommendation(code="R-1a", parent=row)
    factories.recommendation(code="R-1b", parent=row, visibility="internal")
    factories.published(row, effective_on=date(2013, 1, 1))
    factories.published(part, effective_on=date(2019, 1, 1))
    factories.evidence(bears_on=part, visibility="internal")
    return row


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("code", {"code": "R-1"}),
        ("status,code", {"status": "in_progress", "code": "R-1"}),
        (
            "source.published_on,closure.state",
            {"source": {"published_on": "2011-03"}, "closure": {"state": "open"}},
        ),
        ("themes.code", {"themes": [{"code": "drugs"}]}),
        ("source,source.code", {"source": WIDE}),
        ("source.code,source", {"source": WIDE}),
        ("closure.state,closure.state", {"closure": {"state": "open"}}),
        ("highlight", {}),
    ],
)
def test_only_what_is_named_is_told(stranger, whole, fields, told):
    type(whole.source).objects.filter(pk=whole.source_id).update(code="SRC", title="Report")
    assert stranger.read(f"recommendations/?fields={fields}")["results"] == [told]


def test_the_detail_takes_fields_too(stranger, whole):
    told = stranger.read(
        "recommendations/R-1/?fields=code,headline.status,parts.code,evidence.recommendation"
    )
    assert told == {
        "code": "R-1",
        "headline": {"status": "in_progress"},
        "parts": [{"code": "R-1a"}],
        "evidence": [{"recommendation": "R-1a"}, {"recommendation": "R-1"}]
        if told["evidence"][0]["recommendation"] == "R-1a"
        else [{"recommendation": "R-1"}, {"recommendation": "R-1a"}],
    }


@pytest.mark.parametrize(
    "asked",
    [
        "fields=colour",
        "fields=code,source.colour",
        "fields=code.x",
        "fields=",
        "expand=colour",
        "expand=parts,",
    ],
)
def test_what_is_not_known_is_refused_by_name(stranger, whole, asked):
    answer = stranger.get(f"recommendations/?{asked}")
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [asked.partition("=")[0]]


def test_expansions_tell_what_the_detail_tells(stranger, editor, whole):
    for caller in (stranger, editor):
        [row] = caller.read("recommendations/?expand=parts,evidence,responses,assessments")["results"]
        detail = caller.read("recommendations/R-1/")
        for name in ("parts", "evidence", "responses"):
            assert row[name] == detail[name], name
        assert row["assessments"] == [detail["headline"]]
        assert len(row["parts"]) == (1 if caller is stranger else 2)


def test_an_expansion_is_of_the_moment_asked_for(stranger, whole):
    [row] = stranger.read(
        "recommendations/?expand=parts,assessments&as_of=2012-12-31&fields=assessments,parts.status"
    )["results"]
    assert row == {"assessments": [], "parts": [{"status": "not_assessed"}]}
