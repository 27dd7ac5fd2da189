"""What registers and series bring, through the admin: a check set up, a document filed, a value recorded."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from recommendations.actions import findings
from recommendations.models import Assessment, Evidence, StatusCheck
from tests import factories
from tests.admin.test_deciding import url
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client_of):
    return client_of("editor")


def test_a_register_is_asked_for_a_recommendation_and_its_page_says_where(client_of):
    manager, about = client_of("manager"), factories.recommendation()
    form = {
        "kind": "federal_register",
        "recommendation": about.pk,
        "every": 86_400,
        "config": json.dumps({"terms": ["firearms"]}),
    }
    add = reverse("admin:recommendations_statuscheck_add")
    wrong = manager.post(add, form | {"config": json.dumps({"colour": "red"})})
    assert "colour" in str(wrong.context["adminform"].form.errors["config"])
    manager.post(add, form)
    check = StatusCheck.objects.get()
    page = manager.get(url(check)).content.decode()
    assert about.code in page
    assert "https://www.federalregister.gov/api/v1/documents.json" in page


@pytest.mark.parametrize("kind", ["deadline", "freshness"])
def test_our_own_rows_are_watched_for_a_recommendation_and_no_address_is_shown(client_of, kind):
    manager, about = client_of("manager"), factories.recommendation()
    form = {"kind": kind, "recommendation": about.pk, "every": 86_400, "config": "{}"}
    add = reverse("admin:recommendations_statuscheck_add")
    wrong = manager.post(add, form | {"config": json.dumps({"within": 5})})
    assert "within: This kind of check has no such field. Given: 5." in str(
        wrong.context["adminform"].form.errors["config"]
    )
    manager.post(add, form)
    check = StatusCheck.objects.get()
    assert (check.kind, check.host, check.recommendation) == (kind, "", about)
    assert about.code in manager.get(url(check)).content.decode()


def document(about, **fields):
    return findings.bring(
        kind="status_suggested",
        rule="bill_stage",
        rule_version="1",
        title="H.R. 923 passed the House",
        fingerprint="b1",
        recommendation=about,
        suggested_status="in_progress",
        saw={
            "title": "H.R. 923 (119th Congress)",
            "url": "https://www.congress.gov/bill/119th-congress/house-bill/923",
            "published_on": "2025-05-22",
        },
        by="check:1",
        now=NOW,
    )


def test_a_document_is_filed_and_cited_in_one_step(editor):
    about = factories.recommendation()
    finding = document(about)
    form = {
        "recommendation": about.pk,
        "status": "in_progress",
        "effective_on": "2025-05-22",
        "rationale": "The House passed it.",
        "confidence": "high",
        "file_kind": "law",
        "file_finding": "",
        "file_stance": "supports",
    }
    refused = editor.post(url(finding, "accept"), form)
    assert "Say what the document shows." in refused.content.decode()
    assert not Evidence.objects.exists()
    editor.post(url(finding, "accept"), form | {"file_finding": "The House passed a bill."})
    filed = Evidence.objects.get()
    assert (filed.kind, filed.finding) == ("law", "The House passed a bill.")
    assert [each.evidence for each in Assessment.objects.get().citations.all()] == [filed]


def test_a_value_is_recorded_by_accepting_it(editor):
    measure = factories.indicator()
    finding = findings.bring(
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
    assert measure.code in editor.get(url(finding)).content.decode()
    editor.post(url(finding, "accept"), {"note": ""})
    assert [(row.period, row.value) for row in measure.observations.all()] == [("2025", Decimal(73_000))]
