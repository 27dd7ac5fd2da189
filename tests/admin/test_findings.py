"""Findings in the admin: accepted with other values, set aside with a part of the page left out, and how far a rule is
to be trusted."""

from datetime import date

import pytest
from django.urls import reverse

from recommendations.actions import findings
from recommendations.models import Evidence, Finding, StatusCheck
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

WHERE = [{"part": "div.diary", "text": "Speech at the <school>"}, {"phrase": "Barometer of the palace"}]


def changed(**fields):
    check = factories.check()
    defaults = {
        "kind": "evidence_changed",
        "rule": "text_changed",
        "rule_version": "2",
        "title": "Changed",
        "fingerprint": "a" * 64,
        "by": "check:1",
        "now": NOW,
        "check": check,
        "evidence": check.evidence,
        "saw": {"where": WHERE},
    }
    return findings.bring(**defaults | fields)


def suggested(about):
    return changed(
        kind="status_suggested",
        rule="bill_stage",
        recommendation=about,
        suggested_status="in_progress",
        evidence=None,
        saw={"url": "https://register.example/bill/1", "title": "H.R. 1", "published_on": "2024-03-08"},
    )


def url(finding, step):
    return reverse(f"admin:recommendations_finding_{step}", args=[finding.pk])


def test_what_was_suggested_is_filled_in_and_can_be_changed(client_of):
    about, client = factories.recommendation(), client_of("editor")
    found = suggested(about)
    form = client.get(url(found, "accept")).context["form"]
    names = ("recommendation", "status", "effective_on", "file_title", "file_occurred_on")
    assert [str(form[name].value()) for name in names] == [
        str(about.pk),
        "in_progress",
        "2024-03-08",
        "H.R. 1",
        "2024-03-08",
    ]
    answer = client.post(
        url(found, "accept"),
        {
            "recommendation": about.pk,
            "status": "partially_implemented",
            "effective_on": "2024-03-09",
            "rationale": "One chamber has passed it.",
            "confidence": "low",
            "file_kind": "law",
            "file_finding": "It passed one chamber.",
            "file_title": "H.R. 1, as passed",
            "file_occurred_on": "2024-03-09",
            "file_stance": "supports",
        },
    )
    assert answer.status_code == 302
    found.refresh_from_db()
    assert (found.state, sorted(found.edits)) == ("accepted", ["occurred_on", "status", "title"])
    assert Evidence.objects.get(title="H.R. 1, as passed").occurred_on == date(2024, 3, 9)
    page = client.get(url(found, "change")).content.decode()
    assert "Status suggested, and taken" in page
    assert "1 of 1 decided was accepted (1 with other values)" in page


def test_the_page_says_what_is_published_beside_what_is_suggested(client_of):
    about = factories.recommendation()
    factories.published(about, status="no_action")
    page = client_of("viewer").get(url(suggested(about), "change")).content.decode()
    assert "published now:" in page
    assert "nobody has decided on any yet" in page


def test_a_manager_may_leave_out_what_the_finding_is_about(client_of):
    found, client = changed(), client_of("manager")
    page = client.get(url(found, "dismiss")).content.decode()
    assert "the part with “Speech at the &lt;school&gt;”" in page
    assert (
        client.post(url(found, "dismiss"), {"note": "A diary.", "leave_out": ["div.diary"]}).status_code
        == 302
    )
    assert StatusCheck.objects.get().config == {"skip": ["div.diary"]}
    assert Finding.objects.get().state == "dismissed"


def test_an_editor_is_not_offered_to_and_cannot(client_of):
    found, client = changed(), client_of("editor")
    assert "Leave out" not in client.get(url(found, "dismiss")).content.decode()
    assert (
        client.post(url(found, "dismiss"), {"note": "A diary.", "leave_out": ["div.diary"]}).status_code
        == 302
    )
    assert StatusCheck.objects.get().config == {}


def test_what_the_finding_did_not_offer_cannot_be_left_out(client_of):
    found = changed()
    answer = client_of("manager").post(url(found, "dismiss"), {"note": "No.", "leave_out": ["main"]})
    assert answer.status_code == 200
    assert Finding.objects.get().state == "open"
