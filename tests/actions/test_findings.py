"""What people make of what checks bring: accepted, edited, dismissed; told once, and again only when it is news."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from recommendations.actions import findings
from recommendations.actions.assessments import Cited
from recommendations.actions.consequences import Filing
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Event, Evidence, Finding, Observation, StatusCheck
from recommendations.queries.findings import Precision, precision
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

BILL = {
    "url": "https://register.example/bill/1",
    "title": "H.R. 1",
    "published_on": "2024-03-08",
}


def brought(**fields):
    """A finding that a check brought; `fields` say what differs from a changed page."""
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


def suggested(about, status="in_progress", **fields):
    defaults = {
        "kind": "status_suggested",
        "rule": "bill_stage",
        "rule_version": "1",
        "title": "H.R. 1 passed",
        "saw": BILL,
        "suggested_status": status,
        "recommendation": about,
    }
    return brought(**defaults | fields)


class TestEditing:
    def test_what_was_suggested_and_what_was_taken_stay_with_the_finding(self):
        about, editor = factories.recommendation(), factories.user("editor")
        found = suggested(about)
        filing = Filing("law", "It passed one chamber.", "supports", date(2024, 3, 9), "H.R. 1, as passed")
        found, proposal = findings.accept(
            found,
            status="partially_implemented",
            effective_on=date(2024, 3, 9),
            rationale="One chamber is more than a beginning.",
            confidence="low",
            filing=filing,
            by=editor,
            now=NOW,
        )
        assert found.edits == {
            "status": ["in_progress", "partially_implemented"],
            "title": ["H.R. 1", "H.R. 1, as passed"],
            "occurred_on": ["2024-03-08", "2024-03-09"],
        }
        assert (proposal.status, proposal.proposed_by, proposal.state) == (
            "partially_implemented",
            editor,
            "proposed",
        )
        filed = Evidence.objects.get(title="H.R. 1, as passed")
        assert (filed.occurred_on, [cited.evidence for cited in proposal.citations.all()]) == (
            date(2024, 3, 9),
            [filed],
        )
        event = Event.objects.get(verb="finding.accepted")
        assert (event.actor, event.after["edits"], event.after["rule_version"]) == (
            editor.username,
            found.edits,
            "1",
        )

    def test_what_is_taken_as_it_was_suggested_is_no_edit(self):
        about = factories.recommendation()
        found, _proposal = findings.accept(
            suggested(about),
            rationale="It passed.",
            confidence="high",
            filing=Filing("law", "It passed.", "supports"),
            by=factories.user("editor"),
            now=NOW,
        )
        assert found.edits == {}

    def test_a_suggestion_that_is_not_followed_is_an_edit_too(self):
        found, none = findings.accept(
            suggested(factories.recommendation()),
            note="Another bill of that number.",
            by=factories.user("editor"),
            now=NOW,
        )
        assert (found.edits, none) == ({"status": ["in_progress", ""]}, None)

    def test_a_value_is_recorded_as_corrected(self):
        measure = factories.indicator()
        saw = {"url": "https://data.example/", "period": "2023", "value": "101168"}
        found = brought(kind="value_found", rule="value_new", indicator=measure, saw=saw)
        found, _none = findings.accept(
            found, value=Decimal("101186"), note="A slip.", by=factories.user("editor"), now=NOW
        )
        assert found.edits == {"value": ["101168", "101186"]}
        assert Observation.objects.get(indicator=measure).value == Decimal("101186")

    def test_only_a_value_can_have_another_value(self):
        with pytest.raises(Refused) as refusal:
            findings.accept(brought(), value=Decimal(1), note="So.", by=factories.user("editor"), now=NOW)
        assert refusal.value.rule == "finding_holds_value"
        assert Finding.objects.get().state == "open"

    def test_the_database_knows_no_edits_of_what_is_not_accepted(self):
        brought()
        with pytest.raises(IntegrityError, match="finding_edited_on_acceptance"), transaction.atomic():
            Finding.objects.update(edits={"status": ["a", "b"]})


class TestSuggestions:
    """A suggestion is weighed against what is published; rules/suggestions.py says how."""

    @pytest.mark.parametrize(
        ("published", "status", "kind"),
        [
            ("", "in_progress", "status_suggested"),
            ("no_action", "in_progress", "status_suggested"),
            ("in_progress", "in_progress", "document_found"),
            ("implemented", "in_progress", "document_found"),
            ("in_progress", "partially_implemented", "status_suggested"),
            ("in_progress", "stalled", "status_suggested"),
            ("substantially_implemented", "stalled", "document_found"),
            ("implemented", "reversed", "status_suggested"),
        ],
    )
    def test_what_says_no_more_than_the_headline_is_no_suggestion(self, published, status, kind):
        about = factories.recommendation()
        if published:
            factories.published(about, status=published)
        about.refresh_from_db()
        found = suggested(about, status)
        assert found.kind == kind
        assert found.suggested_status == (status if kind == "status_suggested" else "")
        assert ("suggests no more" in found.detail) == (kind == "document_found")

    def test_it_can_still_be_filed_and_is_told_once(self):
        about = factories.recommendation()
        factories.published(about, status="implemented")
        first, again = suggested(about), suggested(about)
        assert (first.pk, again.sightings) == (again.pk, 2)
        findings.accept(
            first,
            filing=Filing("law", "It passed.", "supports"),
            by=factories.user("editor"),
            now=NOW,
        )
        assert Evidence.objects.filter(title="H.R. 1").exists()


class TestTellingOnce:
    def test_a_dismissed_finding_is_seen_again_and_does_not_come_back(self):
        findings.dismiss(brought(), by=factories.user("editor"), now=NOW, note="Furniture.")
        again = brought(now=NOW + timedelta(days=1))
        assert (again.state, again.sightings, again.last_seen_at) == ("dismissed", 2, NOW + timedelta(days=1))
        assert brought(fingerprint="b" * 64).state == "open", "what it saw has changed"

    def test_what_was_given_up_and_comes_back_is_news(self):
        """In force, repealed, in force again: each was accepted, so each return is another event in the world."""
        check, editor = factories.check(), factories.user("editor")
        in_force, repealed = "a" * 64, "b" * 64
        seen = []
        for day, fingerprint in enumerate([in_force, repealed, in_force, repealed, in_force]):
            found = brought(check=check, fingerprint=fingerprint, now=NOW + timedelta(days=day))
            seen.append((found.pk, found.state))
            findings.accept(found, note="So it is.", by=editor, now=NOW + timedelta(days=day, hours=1))
        assert len({pk for pk, _state in seen}) == 5
        assert {state for _pk, state in seen} == {"open"}

    def test_what_is_still_held_is_not_news(self):
        check, editor = factories.check(), factories.user("editor")
        findings.accept(brought(check=check), note="So it is.", by=editor, now=NOW)
        findings.dismiss(
            brought(check=check, fingerprint="b" * 64),
            by=editor,
            now=NOW + timedelta(hours=1),
            note="A glitch.",
        )
        assert brought(check=check, now=NOW + timedelta(hours=2)).state == "accepted"

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_that_see_the_same_bring_one_finding(self):
        barrier, told = threading.Barrier(4), []

        def work():
            try:
                barrier.wait(5)
                with transaction.atomic():
                    told.append(brought().pk)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert (len(told), len(set(told))) == (4, 1)
        assert Finding.objects.get().sightings == 4
        assert Event.objects.filter(verb="finding.brought").count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_people_cannot_both_decide(self):
        found, editors = brought(), [factories.user("editor"), factories.user("editor")]
        barrier, said = threading.Barrier(2), []

        def decide(editor):
            try:
                barrier.wait(5)
                findings.dismiss(found, by=editor, now=NOW, note="No.")
                said.append("dismissed")
            except Refused as refusal:
                said.append(refusal.rule)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=decide, args=[editor]) for editor in editors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(said) == ["dismissed", "finding_already_decided"]


class TestLeavingOut:
    WHERE = {"where": [{"part": "div.diary", "text": "Speech"}, {"phrase": "Barometer of the palace"}]}

    def test_the_check_does_not_look_there_again(self):
        check, manager = factories.check(config={"confirm": 3}), factories.user("manager")
        found = brought(check=check, saw=self.WHERE)
        findings.dismiss(
            found, note="A diary.", leave_out=["div.diary", "Barometer of the palace"], by=manager, now=NOW
        )
        assert StatusCheck.objects.get().config == {
            "confirm": 3,
            "skip": ["div.diary"],
            "ignore": ["Barometer of the palace"],
        }
        assert list(Event.objects.order_by("pk").values_list("verb", flat=True))[-2:] == [
            "statuscheck.changed",
            "finding.dismissed",
        ]

    @pytest.mark.parametrize("chosen", ["main", "div.other"])
    def test_only_what_the_finding_offered_can_be_left_out(self, chosen):
        check = factories.check()
        with pytest.raises(Refused) as refusal:
            findings.dismiss(
                brought(check=check, saw=self.WHERE),
                note="No.",
                leave_out=[chosen],
                by=factories.user("manager"),
                now=NOW,
            )
        assert (refusal.value.rule, refusal.value.field) == ("finding_offers_parts", "leave_out")
        assert (Finding.objects.get().state, StatusCheck.objects.get().config) == ("open", {})

    def test_it_takes_the_right_to_change_checks(self):
        with pytest.raises(NotAllowed):
            findings.dismiss(
                brought(check=factories.check(), saw=self.WHERE),
                note="A diary.",
                leave_out=["div.diary"],
                by=factories.user("reviewer"),
                now=NOW,
            )
        assert Finding.objects.get().state == "open"


def test_the_precision_of_a_rule_is_what_was_accepted_of_all_that_was_decided(django_assert_num_queries):
    editor, about = factories.user("editor"), factories.recommendation()
    for number in range(3):
        found = brought(fingerprint=f"{number}" * 64)
        findings.dismiss(found, by=editor, now=NOW, note="No.")
    findings.accept(brought(fingerprint="f" * 64), note="Yes.", by=editor, now=NOW)
    brought(fingerprint="e" * 64)
    brought(fingerprint="d" * 64, rule_version="3")
    cites = [Cited(factories.evidence(bears_on=about), "supports")]
    findings.accept(
        suggested(about, fingerprint="c" * 64),
        status="no_action",
        rationale="Nothing came of it.",
        confidence="high",
        cites=cites,
        by=editor,
        now=NOW,
    )
    with django_assert_num_queries(1):
        rows = precision()
    assert rows == [
        Precision("bill_stage", "1", accepted=1, edited=1, dismissed=0, open=0),
        Precision("text_changed", "2", accepted=1, edited=0, dismissed=3, open=1),
        Precision("text_changed", "3", accepted=0, edited=0, dismissed=0, open=1),
    ]
    assert [row.precision for row in rows] == [1.0, 0.25, None]
    assert precision("text_changed", "3") == rows[2:]
