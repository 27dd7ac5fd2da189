"""`recommendations/`: lists, filters, both time axes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from recommendations.actions import closures, deadlines, responses
from recommendations.queries import search
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ROOT = "http://testserver/api/v1/"


@pytest.fixture
def row():
    """A recommendation of March 2011 that was under way in 2013 and reversed in 2019."""
    source = factories.source(code="CFR60", title="The Drug War", published_on=date(2011, 3, 1))
    row = factories.recommendation(
        source=source,
        code="CFR60-14",
        title="Let states try",
        summary="Says that states may try.",
        addressees=[factories.institution(code="us-doj", name="Department of Justice")],
        themes=[factories.theme(code="drug-policy", name="Drug policy")],
    )
    factories.recommendation(parent=row, code="CFR60-14a")
    factories.published(
        row, status="in_progress", effective_on=date(2013, 1, 1), now=datetime(2020, 1, 1, tzinfo=UTC)
    )
    factories.published(
        row, status="reversed", effective_on=date(2018, 1, 4), now=datetime(2021, 1, 1, tzinfo=UTC)
    )
    row.refresh_from_db()
    return row


def codes(answer):
    return [each["code"] for each in answer["results"]]


def test_a_row_has_exactly_these_fields(stranger, row):
    answer = stranger.read("recommendations/")
    assert answer == {
        "next": None,
        "previous": None,
        "results": [
            {
                "code": "CFR60-14",
                "title": "Let states try",
                "summary": "Says that states may try.",
                "url": f"{ROOT}recommendations/CFR60-14/",
                "source": {"code": "CFR60", "title": "The Drug War", "published_on": "2011-03"},
                "parent": None,
                "themes": [{"code": "drug-policy", "name": "Drug policy"}],
                "addressees": [{"code": "us-doj", "name": "Department of Justice", "wording": ""}],
                "status": "reversed",
                "status_label": "Reversed",
                "status_since": "2018-01-04",
                "confidence": "medium",
                "response": "none",
                "closure": {"state": "open", "reason": None, "review_on": None},
                "contested": False,
                "overdue": False,
                "stale": True,
                "priority": False,
                "due_on": None,
                "issued_on": "2011-03",
                "parts_count": 1,
                "evidence_count": 2,
                "last_verified_at": "2021-01-01T00:00:00Z",
                "updated_at": "2021-01-01T00:00:00Z",
                "version": 3,
            }
        ],
    }


def test_what_was_true_on_a_day_and_what_was_known_at_a_moment(stranger, row):
    def status(asked):
        return stranger.read(f"recommendations/CFR60-14/?{asked}")["status"]

    assert status("as_of=2011-06-01") == "not_assessed"
    assert status("as_of=2013-06-01") == "in_progress"
    assert status("as_of=2019-01-01") == "reversed"
    assert status("as_of=2019-01-01&known_at=2020-06-01") == "in_progress"
    assert status("as_of=2019-01-01&known_at=2021-01-01") == "reversed", "a day counts to its last moment"
    assert status("known_at=2019-12-31T23:00:00Z") == "not_assessed"
    assert stranger.read("recommendations/?as_of=2013-06-01")["results"][0]["status_since"] == "2013-01-01"


def test_before_its_source_was_published_there_is_no_such_recommendation(stranger, row):
    assert stranger.get("recommendations/CFR60-14/?as_of=2011-02-28").status_code == 404
    assert stranger.get("recommendations/CFR60-14/timeline/?as_of=2011-02-28").status_code == 404
    assert codes(stranger.read("recommendations/?as_of=2011-02-28")) == []


def test_a_day_that_has_not_come_is_refused(stranger, row):
    answer = stranger.get("recommendations/?as_of=2999-01-01")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        [{"field": "as_of", "code": "future", "detail": "This day has not come yet."}],
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["A-01", "B-01"]),
        ("level=part", ["A-01a"]),
        ("level=all", ["A-01", "A-01a", "B-01"]),
        ("source=A", ["A-01"]),
        ("theme=border", ["A-01"]),
        ("theme=security", ["A-01"]),
        ("addressee=us-doj", ["B-01"]),
        ("status=implemented", ["B-01"]),
        ("status=implemented&status=not_assessed", ["A-01", "B-01"]),
        ("response=accepted", ["B-01"]),
        ("open=true", ["A-01"]),
        ("open=false", ["B-01"]),
        ("priority=true", ["A-01"]),
        ("overdue=true", ["A-01"]),
        ("due_before=2021-01-01", ["A-01"]),
        ("due_after=2021-01-01", []),
        ("contested=true", []),
        ("stale=true", []),
        ("issued_after=2012-01-01", ["B-01"]),
        ("issued_before=2012-01-01", ["A-01"]),
        ("updated_since=2999-01-01T00:00:00Z", []),
        ("q=firearm", ["A-01"]),
        ("q=%22firearms+exports%22+-ranch", ["A-01"]),
        ("q=firearms+ranch", []),
        ("ordering=-code", ["B-01", "A-01"]),
        ("ordering=due_on", ["A-01", "B-01"]),
        ("ordering=-due_on", ["A-01", "B-01"]),
        ("ordering=-issued_on", ["B-01", "A-01"]),
    ],
)
def test_lists_are_narrowed_and_ordered(stranger, asked, found):
    security = factories.theme(code="security")
    first = factories.recommendation(
        source=factories.source(code="A"),
        code="A-01",
        title="Review firearms exports",
        priority=True,
        themes=[factories.theme(code="border", parent=security)],
    )
    factories.recommendation(parent=first, code="A-01a")
    second = factories.recommendation(
        source=factories.source(code="B", published_on=date(2017, 5, 2), date_precision="day"),
        code="B-01",
        addressees=[factories.institution(code="us-doj")],
    )
    deadlines.move(first, due_on=date(2020, 1, 1), reason="As asked.", by=factories.user("editor"), now=NOW)
    factories.published(second, status="implemented", effective_on=date(2020, 1, 1))
    responses.record(
        second,
        institution=factories.institution(),
        kind="accepted",
        stated_on=date(2018, 1, 1),
        by=factories.user("editor"),
        now=NOW,
    )
    closures.close(second, reason="implemented", note="Done.", by=factories.user("reviewer"), now=NOW)
    assert codes(stranger.read(f"recommendations/?{asked}")) == found


def test_a_search_finds_parts_too_unless_a_level_is_asked_for(stranger):
    whole = factories.recommendation(code="S-1", title="Trace firearms")
    factories.recommendation(parent=whole, code="S-1a", title="Trace firearms at once")

    def codes(asked):
        return sorted(each["code"] for each in stranger.read(f"recommendations/?{asked}")["results"])

    assert codes("q=firearms") == ["S-1", "S-1a"]
    assert codes("q=firearms&level=top") == ["S-1"]
    assert codes("q=firearms&level=part") == ["S-1a"]
    assert codes("source=" + whole.source.code) == ["S-1"]


@pytest.mark.parametrize(
    ("common", "ranked", "codes"), [(3, "all", ["A", "C", "B"]), (2, "newest", ["C", "B"])]
)
def test_of_a_word_that_very_many_share_only_what_changed_last_is_ranked(
    stranger, monkeypatch, common, ranked, codes
):
    for day, (code, title) in enumerate(
        [("A", "Trace guns, guns"), ("B", "Trace guns"), ("C", "Guns, guns")]
    ):
        factories.recommendation(code=code, title=title, updated_at=NOW + timedelta(days=day))
    monkeypatch.setattr(search, "COMMON", common)
    monkeypatch.setattr(search, "RANKED", 2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE recommendations_recommendation")
    cache.clear()
    found = stranger.read("recommendations/?q=guns")
    cache.clear()
    assert (found["ranked"], [each["code"] for each in found["results"]]) == (ranked, codes)


def test_a_search_marks_the_words_that_matched(stranger):
    factories.recommendation(title="Review firearms exports", summary="Congress should review them.")
    [found] = stranger.read("recommendations/?q=export")["results"]
    assert found["highlight"] == "Review firearms [[exports]]. Congress should review them"


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ("colour=red", "colour", "unknown"),
        ("status=done", "status", "invalid_choice"),
        ("source=NOPE", "source", "unknown"),
        ("theme=nope", "theme", "unknown"),
        ("addressee=nope", "addressee", "unknown"),
        ("open=1", "open", "invalid"),
        ("overdue=", "overdue", "invalid"),
        ("limit=501", "limit", "max_value"),
        ("limit=1&limit=2", "limit", "repeated"),
        ("due_before=soon", "due_before", "invalid"),
        ("ordering=colour", "ordering", "invalid_choice"),
        ("ordering=due_on&as_of=2013-01-01", "ordering", "today_only"),
        ("include=all", "include", "invalid_choice"),
        ("cursor=x", "cursor", "cursor"),
        ("q=%00", "q", "null_characters_not_allowed"),
    ],
)
def test_what_is_not_known_is_refused_by_name(stranger, asked, field, code):
    answer = stranger.get(f"recommendations/?{asked}")
    assert answer.status_code == 400
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]
