"""Findings by the API: accepted with other values, left out, and how far each rule is to be trusted."""

import pytest

from recommendations.actions import findings
from recommendations.models import Observation, StatusCheck
from tests import factories
from tests.api.conftest import holding
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def brought(**fields):
    defaults = {
        "kind": "evidence_changed",
        "rule": "text_changed",
        "rule_version": "2",
        "title": "Changed",
        "fingerprint": "a" * 64,
        "by": "check:1",
        "now": NOW,
    }
    return findings.bring(**defaults | fields)


def test_a_value_is_accepted_corrected_and_both_are_told(editor):
    measure = factories.indicator()
    saw = {"url": "https://data.example/", "period": "2023", "value": "101168"}
    found = brought(kind="value_found", rule="value_new", indicator=measure, saw=saw)
    told = editor.post(f"findings/{found.pk}/accept/", {"value": "101186.5"}).json()
    assert (told["state"], told["edits"]) == ("accepted", {"value": ["101168", "101186.500000"]})
    assert Observation.objects.get(indicator=measure).value == 101186.5


@pytest.mark.parametrize("value", ["many", "1e400", "NaN"])
def test_a_value_that_is_no_number_is_named(editor, value):
    found = brought(kind="value_found", indicator=factories.indicator(), saw={"period": "2023", "value": "1"})
    answer = editor.post(f"findings/{found.pk}/accept/", {"value": value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "value")


def test_a_document_is_filed_under_another_title_and_day(editor):
    about = factories.recommendation()
    saw = {"url": "https://register.example/1", "title": "H.R. 1", "published_on": "2024-03-08"}
    found = brought(kind="document_found", rule="feed_entry", recommendation=about, saw=saw)
    filing = {"kind": "law", "finding": "It passed.", "stance": "supports"}
    filing |= {"title": "H.R. 1, as passed", "occurred_on": "2024-03-09"}
    told = editor.post(f"findings/{found.pk}/accept/", {"filing": filing}).json()
    assert told["edits"] == {
        "title": ["H.R. 1", "H.R. 1, as passed"],
        "occurred_on": ["2024-03-08", "2024-03-09"],
    }


class TestLeavingOut:
    BODY = {"note": "A diary.", "leave_out": ["div.diary"]}

    @pytest.fixture
    def found(self):
        return brought(check=factories.check(), saw={"where": [{"part": "div.diary", "text": "Speech"}]})

    def test_a_manager_changes_the_check_with_the_dismissal(self, manager, found):
        told = manager.post(f"findings/{found.pk}/dismiss/", self.BODY).json()
        assert (told["state"], told["saw"]["where"]) == (
            "dismissed",
            [{"part": "div.diary", "text": "Speech"}],
        )
        assert StatusCheck.objects.get().config == {"skip": ["div.diary"]}

    def test_an_editor_may_not_and_nothing_is_decided(self, editor, found):
        assert editor.post(f"findings/{found.pk}/dismiss/", self.BODY).status_code == 403
        found.refresh_from_db()
        assert (found.state, StatusCheck.objects.get().config) == ("open", {})

    def test_a_token_that_was_not_made_for_changing_checks_may_not_either(self, manager, found):
        narrow = holding(manager.user, "propose")
        assert narrow.post(f"findings/{found.pk}/dismiss/", self.BODY).status_code == 403
        found.refresh_from_db()
        assert (found.state, StatusCheck.objects.get().config) == ("open", {})

    def test_what_was_not_offered_is_refused_by_name(self, manager, found):
        answer = manager.post(f"findings/{found.pk}/dismiss/", self.BODY | {"leave_out": ["main"]})
        assert (answer.status_code, answer.json()["rule"]) == (409, "finding_offers_parts")


class TestPrecision:
    def test_each_version_of_each_rule(self, editor):
        findings.dismiss(brought(), by=editor.user, now=NOW, note="No.")
        findings.accept(brought(fingerprint="b"), by=editor.user, now=NOW, note="Yes.")
        brought(fingerprint="c", rule="bill_stage", rule_version="1")
        assert editor.read("findings/precision/")["results"] == [
            {
                "rule": "bill_stage",
                "rule_version": "1",
                "accepted": 0,
                "edited": 0,
                "dismissed": 0,
                "decided": 0,
                "open": 1,
                "precision": None,
            },
            {
                "rule": "text_changed",
                "rule_version": "2",
                "accepted": 1,
                "edited": 0,
                "dismissed": 1,
                "decided": 2,
                "open": 0,
                "precision": 0.5,
            },
        ]
        assert len(editor.read("findings/precision/?rule=bill_stage")["results"]) == 1

    def test_the_public_is_not_told(self, stranger):
        assert stranger.get("findings/precision/").status_code in (401, 403)

    def test_an_unknown_parameter_is_named(self, editor):
        answer = editor.get("findings/precision/?rules=a")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "rules")
