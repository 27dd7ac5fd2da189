"""Checks and findings: for staff, from the standing instruction to what a person makes of it."""

import pytest

from recommendations.actions import findings
from recommendations.models import Assessment, StatusCheck
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_an_address_is_watched_looked_at_and_left_alone(manager, editor):
    seen = factories.evidence()
    made = manager.post("checks/", {"kind": "page", "evidence": seen.pk, "config": {}, "every": 86_400})
    told = made.json()
    assert made.status_code == 201
    assert {
        name: told[name] for name in ("kind", "evidence", "address", "host", "every", "state", "last_outcome")
    } == {
        "kind": "page",
        "evidence": seen.pk,
        "address": seen.document.url,
        "host": "example.org",
        "every": 86_400,
        "state": "active",
        "last_outcome": None,
    }
    address = f"checks/{told['id']}/"
    asked = editor.post(f"{address}run/")
    assert (asked.status_code, asked.json()["requested_by"]) == (202, editor.user.username)
    assert StatusCheck.objects.get().requested_by == editor.user

    etag = manager.get(address).headers["ETag"]
    paused = manager.patch(address, {"state": "paused"}, **{"If-Match": etag})
    assert (paused.status_code, paused.json()["state"]) == (200, "paused")
    answer = editor.post(f"{address}run/")
    assert (answer.status_code, answer.json()["rule"]) == (409, "check_paused")
    assert manager.patch(address, {"every": 60}, **{"If-Match": etag}).status_code == 412
    assert manager.read(f"{address}runs/") == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"kind": "tea_leaves"}, 400, "kind"),
        ({"evidence": 999_999}, 400, "evidence"),
        ({"recommendation": "CFR60-06"}, 400, "recommendation"),
        ({"indicator": "I1"}, 400, "indicator"),
        ({"every": 59}, 409, "every"),
        ({"config": {"colour": "red"}}, 400, "config.colour"),
        ({"config": {"confirm": 11}}, 400, "config.confirm"),
        ({"kind": "deadline"}, 400, "evidence"),
    ],
)
def test_a_check_that_cannot_be_is_refused_by_field(manager, fields, status, field):
    body = {"kind": "page", "evidence": factories.evidence().pk, "every": 3600} | fields
    answer = manager.post("checks/", body)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (status, [field])


def test_one_address_is_watched_once(manager):
    body = {"kind": "page", "evidence": factories.evidence().pk, "every": 3600}
    assert manager.post("checks/", body).status_code == 201
    answer = manager.post("checks/", body)
    assert (answer.status_code, answer.json()["rule"]) == (409, "check_one_of_a_kind")


@pytest.fixture
def finding():
    seen = factories.evidence()
    return findings.bring(
        kind="evidence_changed",
        rule="text_changed",
        rule_version="1",
        title="The page changed",
        fingerprint="a1",
        evidence=seen,
        by="check:1",
        now=NOW,
    )


def test_a_finding_becomes_a_proposal_in_the_name_of_who_accepts_it(editor, finding):
    row = factories.recommendation()
    answer = editor.post(
        f"findings/{finding.pk}/accept/",
        {
            "recommendation": row.code,
            "status": "reversed",
            "effective_on": "2026-01-01",
            "rationale": "The page says so.",
            "confidence": "high",
            "evidence": [{"id": finding.evidence_id, "stance": "reverses"}],
        },
    )
    proposal = Assessment.objects.get()
    told = answer.json()
    assert (answer.status_code, told["state"], told["assessments"]) == (200, "accepted", [proposal.pk])
    assert (proposal.state, proposal.proposed_by, proposal.recommendation) == ("proposed", editor.user, row)
    answer = editor.post(f"findings/{finding.pk}/dismiss/", {"note": "No."})
    assert (answer.status_code, answer.json()["rule"]) == (409, "finding_already_decided")


def test_a_finding_is_dismissed_with_a_reason(editor, finding):
    answer = editor.post(f"findings/{finding.pk}/dismiss/")
    assert (answer.status_code, answer.json()["rule"]) == (409, "finding_dismissed_with_reason")
    assert editor.post(f"findings/{finding.pk}/dismiss/", {"note": "A typo."}).json()["state"] == "dismissed"
    assert editor.read("findings/?state=open")["results"] == []
    assert [
        each["id"] for each in editor.read("findings/?state=dismissed&kind=evidence_changed")["results"]
    ] == [finding.pk]


def test_a_verdict_of_a_finding_says_how_sure_it_is(editor, finding):
    answer = editor.post(f"findings/{finding.pk}/accept/", {"status": "reversed", "rationale": "So."})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "confidence")


@pytest.mark.parametrize(
    ("kind", "watched", "config", "address"),
    [
        (
            "federal_register",
            "recommendation",
            {"terms": ["firearms"]},
            "https://www.federalregister.gov/api/v1/documents.json",
        ),
        (
            "series",
            "indicator",
            {"format": "csv", "url": "https://data.example/a.csv", "period": "year", "value": "deaths"},
            "https://data.example/a.csv",
        ),
    ],
)
def test_registers_are_asked_for_a_recommendation_and_series_for_an_indicator(
    manager, kind, watched, config, address
):
    code = getattr(factories, watched)().code
    body = {"kind": kind, watched: code, "config": config, "every": 86_400}
    answer = manager.post("checks/", body)
    told = answer.json()
    assert (answer.status_code, told[watched], told["address"]) == (201, code, address)
    assert [each["id"] for each in manager.read(f"checks/?{watched}={code}")["results"]] == [told["id"]]

    unattached = manager.post("checks/", {"kind": kind, "config": config, "every": 86_400})
    assert (unattached.status_code, unattached.json()["errors"][0]["field"]) == (400, watched)
    wrong = manager.post("checks/", body | {"evidence": factories.evidence().pk})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "evidence")
    unknown = manager.post("checks/", body | {watched: "NOBODY"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, watched)


def test_a_value_that_was_found_is_recorded_and_a_document_filed(editor):
    measure, row = factories.indicator(), factories.recommendation()
    value = findings.bring(
        kind="value_found",
        rule="value_new",
        rule_version="1",
        title="New value",
        fingerprint="v1",
        indicator=measure,
        saw={"period": "2025", "value": "73000", "url": "https://data.example/a.csv"},
        by="check:1",
        now=NOW,
    )
    document = findings.bring(
        kind="document_found",
        rule="feed_entry",
        rule_version="1",
        title="Announced: A rule",
        fingerprint="d1",
        recommendation=row,
        saw={"title": "A rule", "url": "https://news.example/rule", "published_on": "2026-05-08"},
        by="check:2",
        now=NOW,
    )
    assert editor.post(f"findings/{value.pk}/accept/").json()["state"] == "accepted"
    assert measure.observations.get().value == 73_000
    filing = {"kind": "regulation", "finding": "A rule was made.", "stance": "supports"}
    told = editor.post(f"findings/{document.pk}/accept/", {"filing": filing}).json()
    filed = row.evidence_links.get().evidence
    assert (told["state"], told["evidence"], filed.finding) == ("accepted", filed.pk, "A rule was made.")
