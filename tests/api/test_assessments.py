"""Proposing a verdict and deciding on it: two people, and the rules whatever the door."""

from datetime import date

import pytest

from recommendations.models import Assessment, Event
from tests import factories
from tests.api.conftest import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def row():
    return factories.recommendation(source=factories.source(published_on=date(2011, 3, 1)), code="CFR60-06")


@pytest.fixture
def seen(row):
    return factories.evidence(bears_on=row)


def claim(seen, **fields):
    return {
        "status": "implemented",
        "effective_on": "2020-03-09",
        "rationale": "The rule is in force.",
        "confidence": "high",
        "verdict_by": "office",
        "evidence": [{"id": seen.pk, "stance": "supports", "locator": "section 2"}],
    } | fields


def propose(caller, seen, **fields):
    return caller.post("recommendations/CFR60-06/assessments/", claim(seen, **fields))


def rule(answer):
    told = answer.json()
    return answer.status_code, told.get("rule")


def test_from_a_proposal_to_the_headline(stranger, editor, reviewer, row, seen):
    proposal = propose(editor, seen)
    assert proposal.status_code == 201
    told = proposal.json()
    assert proposal.headers["Location"] == told["url"]
    assert told | {"proposed_at": "...", "evidence": "..."} == {
        "id": told["id"],
        "url": f"http://testserver/api/v1/assessments/{told['id']}/",
        "recommendation": "CFR60-06",
        "status": "implemented",
        "status_label": "Implemented",
        "effective_on": "2020-03-09",
        "rationale": "The rule is in force.",
        "confidence": "high",
        "verdict_by": "office",
        "verdict_institution": None,
        "state": "proposed",
        "method_version": "1.0",
        "evidence_derived": False,
        "source_label": "",
        "source_system": "",
        "mapping_version": "",
        "supersedes": None,
        "superseded_by": [],
        "basis_changed": False,
        "proposed_by": editor.user.username,
        "proposed_at": "...",
        "decided_by": None,
        "decided_at": None,
        "decision_note": "",
        "published_at": None,
        "withdrawn_at": None,
        "retracted_by": None,
        "retracted_at": None,
        "retraction_reason": "",
        "evidence": "...",
    }
    assert [(each["id"], each["stance"], each["locator"]) for each in told["evidence"]] == [
        (seen.pk, "supports", "section 2")
    ]
    address = f"assessments/{told['id']}/"
    assert stranger.get(address).status_code == 404, "a proposal is not public"
    assert stranger.read("recommendations/CFR60-06/")["status"] == "not_assessed"

    assert editor.post(f"{address}publish/").status_code == 403
    assert reviewer.post(f"{address}publish/", {"note": "Agreed."}).json()["state"] == "published"

    public = stranger.read(address)
    assert (public["state"], public["proposed_by"], public["decided_by"], public["decision_note"]) == (
        "published",
        None,
        None,
        None,
    ), "the verdict is public, its people and their notes are not"
    told = stranger.read("recommendations/CFR60-06/")
    assert (told["status"], told["status_since"], told["headline"]["id"]) == (
        "implemented",
        "2020-03-09",
        public["id"],
    )
    assert list(Event.objects.filter(object_type="assessment").values_list("verb", flat=True)) == [
        "assessment.published",
        "assessment.proposed",
    ]


@pytest.mark.parametrize("role", ["reviewer", "manager", "administrator"])
@pytest.mark.parametrize("deed", ["publish", "reject"])
def test_nobody_decides_on_what_they_proposed(row, seen, role, deed):
    caller = holding(factories.user(role))
    number = propose(caller, seen).json()["id"]
    answer = caller.post(f"assessments/{number}/{deed}/", {"note": "I agree with me."})
    assert rule(answer) == (409, "assessment_four_eyes")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Assessment.objects.get().state == "proposed"


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"rationale": " "}, "assessment_rationale_given"),
        ({"evidence": []}, "assessment_cites_evidence"),
        ({"effective_on": "2999-01-01"}, "assessment_not_in_the_future"),
        ({"effective_on": "2011-02-28"}, "assessment_not_before_source"),
        ({"verdict_by": "oversight"}, "assessment_verdict_has_institution"),
    ],
)
def test_a_claim_that_breaks_a_rule_is_refused_with_its_name(editor, row, seen, fields, broken):
    answer = propose(editor, seen, **fields)
    assert rule(answer) == (409, broken)
    assert [each["code"] for each in answer.json()["errors"]] == [broken]
    assert not Assessment.objects.exists()


def test_nothing_found_needs_no_evidence(editor, row, seen):
    assert propose(editor, seen, status="no_action", evidence=[]).status_code == 201


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"status": "not_assessed"}, "status", "invalid_choice"),
        ({"colour": "red"}, "colour", "unknown"),
        ({"evidence": [{"id": 0, "stance": "supports"}]}, "evidence.0.id", "min_value"),
        ({"evidence": [{"id": 999_999, "stance": "supports"}]}, "evidence.0.id", "unknown"),
        ({"supersedes": 999_999}, "supersedes", "unknown"),
        ({"effective_on": "2011-03"}, "effective_on", "invalid"),
    ],
)
def test_a_claim_that_says_what_we_do_not_know_is_refused_by_field(editor, row, seen, fields, field, code):
    answer = propose(editor, seen, **fields)
    assert answer.status_code == 400
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, code)]


def test_sending_back_needs_a_reason_and_decides_once(editor, reviewer, row, seen):
    number = propose(editor, seen).json()["id"]
    assert rule(reviewer.post(f"assessments/{number}/reject/")) == (409, "assessment_rejected_with_reason")
    assert (
        reviewer.post(f"assessments/{number}/reject/", {"note": "Read it again."}).json()["state"]
        == "rejected"
    )
    assert rule(reviewer.post(f"assessments/{number}/publish/")) == (409, "assessment_already_decided")


def test_only_its_proposer_withdraws_a_proposal(editor, reviewer, row, seen):
    number = propose(editor, seen).json()["id"]
    assert rule(reviewer.post(f"assessments/{number}/withdraw/")) == (
        409,
        "assessment_withdrawn_by_its_proposer",
    )
    assert editor.post(f"assessments/{number}/withdraw/").json()["state"] == "withdrawn"


def test_a_retracted_verdict_stays_readable_and_stops_counting(stranger, reviewer, row):
    verdict = factories.published(row, effective_on=date(2013, 1, 1))
    assert rule(reviewer.post(f"assessments/{verdict.pk}/retract/")) == (
        409,
        "assessment_retracted_with_reason",
    )
    assert reviewer.post(f"assessments/{verdict.pk}/retract/", {"note": "Wrong law."}).status_code == 200
    told = stranger.read(f"assessments/{verdict.pk}/")
    assert (told["state"], told["retraction_reason"]) == ("retracted", "Wrong law.")
    assert stranger.read("recommendations/CFR60-06/")["status"] == "not_assessed"


def test_a_correction_supersedes_and_is_not_public_before_its_time(stranger, editor, reviewer, row, seen):
    verdict = factories.published(row, effective_on=date(2020, 1, 1))
    number = propose(editor, seen, supersedes=verdict.pk).json()["id"]
    assert stranger.read(f"assessments/{verdict.pk}/")["superseded_by"] == []
    assert editor.read(f"assessments/{verdict.pk}/")["superseded_by"] == [number]
    reviewer.post(f"assessments/{number}/publish/")
    assert stranger.read(f"assessments/{verdict.pk}/")["superseded_by"] == [number]


def test_the_history_of_one_recommendation_on_both_axes(stranger, editor, row):
    old = factories.published(row, effective_on=date(2013, 1, 1))
    new = factories.published(row, effective_on=date(2020, 1, 1))
    waiting = factories.proposed(row, effective_on=date(2021, 1, 1))

    def ids(caller, asked=""):
        return [
            each["id"] for each in caller.read(f"recommendations/CFR60-06/assessments/{asked}")["results"]
        ]

    assert ids(stranger) == [new.pk, old.pk]
    assert ids(stranger, "?as_of=2015-01-01") == [old.pk]
    assert ids(stranger, "?known_at=2026-11-25") == []
    assert ids(editor) == [waiting.pk, new.pk, old.pk]
    assert ids(editor, "?state=proposed") == [waiting.pk]
    assert [each["id"] for each in stranger.read("assessments/?status=in_progress")["results"]] == [
        new.pk,
        old.pk,
    ]


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_no_address_writes_a_status_or_edits_a_verdict(method, row):
    verdict = factories.published(row)
    caller = holding(factories.user("administrator"))
    for path in ("recommendations/CFR60-06/", f"assessments/{verdict.pk}/"):
        send = getattr(caller.client, method)
        answer = send(f"/api/v1/{path}", {"status": "implemented"}, content_type="application/json")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    row.refresh_from_db()
    assert row.status == "in_progress"
