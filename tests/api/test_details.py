"""`recommendations/{code}/` and its timeline: everything about one recommendation."""

from datetime import UTC, date, datetime

import pytest

from recommendations.actions import deadlines, relations, responses
from recommendations.actions.assessments import Cited
from recommendations.models import Observation
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ROOT = "http://testserver/api/v1/"


@pytest.fixture
def row():
    row = factories.recommendation(
        source=factories.source(code="CFR60", title="The Drug War"),
        code="CFR60-06",
        group="At home",
        locator="p. 3",
        explicit=False,
        note="Implied.",
    )
    factories.recommendation(parent=row, code="CFR60-06a")
    seen = factories.evidence(
        bears_on=row,
        title="A rule",
        kind="regulation",
        finding="The rule moved the review.",
        occurred_on=date(2020, 3, 1),
        date_precision="month",
        caution="Seen in a copy.",
        document=factories.document(
            code="rule", title="Rule", url="https://example.org/rule", url_confirmed=False
        ),
    )
    factories.published(
        row,
        status="reversed",
        effective_on=date(2020, 3, 9),
        rationale="The review went elsewhere.",
        confidence="high",
        cites=[Cited(seen, "reverses", "section 2")],
    )
    body = factories.institution(code="us-state", name="Department of State")
    responses.record(
        row,
        institution=body,
        kind="rejected",
        stated_on=date(2012, 1, 1),
        date_precision="year",
        summary="No.",
        by=factories.user("editor"),
        now=NOW,
    )
    deadlines.move(
        row,
        due_on=date(2015, 1, 1),
        reason="Set by the source.",
        moved_by=body,
        by=factories.user("editor"),
        now=NOW,
    )
    other = factories.recommendation(code="TNI17-01", title="The same")
    relations.add(
        other, other=row, kind="same_aim", note="Both ask it.", by=factories.user("manager"), now=NOW
    )
    measure = factories.indicator(code="I1", recommendations=[row])
    Observation.objects.create(
        indicator=measure, role="baseline", period="2011", value="3.5", recorded_at=NOW
    )
    return row


def test_everything_about_one_recommendation(stranger, row):
    told = stranger.read("recommendations/CFR60-06/")
    seen = row.evidence.get()
    shown = {
        "id": seen.pk,
        "code": seen.code,
        "url": f"{ROOT}evidence/{seen.pk}/",
        "title": "A rule",
        "kind": "regulation",
        "finding": "The rule moved the review.",
        "occurred_on": "2020-03",
        "date_precision": "month",
        "verified": True,
        "url_confirmed": False,
        "caution": "Seen in a copy.",
        "document": {
            "code": "rule",
            "title": "Rule",
            "url": "https://example.org/rule",
            "publisher": None,
            "publisher_wording": "",
            "via": None,
        },
    }
    assert {name: told[name] for name in ("group", "locator", "explicit", "note", "status", "html_url")} == {
        "group": "At home",
        "locator": "p. 3",
        "explicit": False,
        "note": "Implied.",
        "status": "reversed",
        "html_url": "http://testserver/recommendations/CFR60-06/",
    }
    assert told["status_definition"].startswith("Something that carried it out was undone")
    assert [part["code"] for part in told["parts"]] == ["CFR60-06a"]
    bearing = {"recommendation": "CFR60-06", "stance": "supports", "timing": "after_publication", "note": ""}
    assert told["evidence"] == [shown | bearing]
    assert told["headline"]["rationale"] == "The review went elsewhere."
    assert told["headline"]["evidence"] == [shown | {"stance": "reverses", "locator": "section 2"}]
    assert told["responses"] == [
        {
            "institution": {"code": "us-state", "name": "Department of State"},
            "kind": "rejected",
            "stated_on": "2012",
            "date_precision": "year",
            "summary": "No.",
            "source_label": "",
            "source_system": "",
            "recorded_at": "2026-11-26T12:00:00Z",
        }
    ]
    assert told["deadlines"] == [
        {
            "previous_due_on": None,
            "due_on": "2015-01-01",
            "moved_by": {"code": "us-state", "name": "Department of State"},
            "reason": "Set by the source.",
            "recorded_at": "2026-11-26T12:00:00Z",
        }
    ]
    assert told["relations"] == [
        {
            "kind": "same_aim",
            "direction": "to",
            "code": "TNI17-01",
            "title": "The same",
            "url": f"{ROOT}recommendations/TNI17-01/",
            "note": "Both ask it.",
        }
    ]
    assert [(each["code"], each["observations"][0]["value"]) for each in told["indicators"]] == [("I1", 3.5)]
    assert told["closures"] == []


def test_on_a_day_of_the_past_only_what_had_happened_by_then(stranger, row):
    told = stranger.read("recommendations/CFR60-06/?as_of=2012-06-01")
    assert (told["status"], told["headline"], told["evidence"], told["evidence_count"]) == (
        "not_assessed",
        None,
        [],
        0,
    )
    assert (told["response"], len(told["responses"])) == ("rejected", 1)
    assert (told["due_on"], told["deadlines"]) == (None, []), "the ledger speaks of it since 2026 only"


def test_the_timeline_is_one_list_and_shows_dates_as_precise_as_they_are(stranger, row):
    told = stranger.read("recommendations/CFR60-06/timeline/")["results"]
    assert [(entry["on"], entry["what"], entry["text"]) for entry in told] == [
        ("2026-11-26", "deadline", "Set by the source."),
        ("2020-03-09", "assessment", "The review went elsewhere."),
        ("2020-03", "evidence", "The rule moved the review."),
        ("2012", "response", "No."),
        ("2011-03", "published", ""),
    ]
    assert (told[1]["status"], told[2]["stance"], told[3]["status"]) == ("reversed", "supports", None)


def test_the_timeline_as_it_was_known_then(stranger, row):
    factories.published(row, effective_on=date(2019, 1, 1), now=datetime(2020, 1, 1, tzinfo=UTC))
    told = stranger.read("recommendations/CFR60-06/timeline/?known_at=2020-06-01")["results"]
    assert [(entry["on"], entry["what"]) for entry in told] == [
        ("2020-03", "evidence"),
        ("2019-01-01", "assessment"),
        ("2012-06-01", "evidence"),
        ("2011-03", "published"),
    ]
