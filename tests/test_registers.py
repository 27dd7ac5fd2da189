"""The whole way from a register to what a person makes of it: a document, a bill's progress, a value."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from recommendations.actions import assessments, checks, findings
from recommendations.actions.consequences import Filing
from recommendations.actions.refusals import Refused
from recommendations.models import CheckRun, Evidence, Finding
from recommendations.tasks import look_at_due
from tests import factories
from tests.fakeweb import FakeWeb
from tests.fetching.adapters.asking import as_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(settings):
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR, allow_loopback=True, host_pause_seconds=0, respect_robots=False
    )
    settings.CONGRESS_API_KEY = "a-key"
    with FakeWeb() as served:
        as_json(
            served,
            "/documents.json",
            {
                "count": 1,
                "next_page_url": None,
                "results": [
                    {
                        "title": "Importation of frames and receivers",
                        "type": "Rule",
                        "abstract": "The bureau amends its rules.",
                        "document_number": "2026-08901",
                        "html_url": "https://www.federalregister.gov/d/2026-08901",
                        "publication_date": "2026-05-08",
                        "agencies": [],
                    }
                ],
            },
        )
        action = {"actionDate": "2025-02-04", "text": "Introduced in House", "type": "IntroReferral"}
        as_json(served, "/v3/bill/119/hr/923/actions", {"actions": [action], "pagination": {"count": 1}})
        as_json(served, "/data.json", [{"year": "2024", "deaths": "80,391"}])
        yield served


def check(kind, config, **watched):
    return checks.create(
        kind=kind, config=config, every=86400, by=factories.user("manager"), now=timezone.now(), **watched
    )


def ask(row):
    checks.request_run(row, by=factories.user("editor"), now=timezone.now())
    return look_at_due(live=False)


def found(row):
    assert ask(row) == 1
    return Finding.objects.get()


def test_a_document_is_filed_as_evidence_and_a_verdict_proposed_on_it(web):
    row = factories.recommendation()
    config = {"terms": ["frames"], "url": web.url("/documents.json")}
    finding = found(check("federal_register", config, recommendation=row))
    assert (finding.kind, finding.recommendation) == ("document_found", row)

    editor = factories.user("editor")
    finding, proposal = findings.accept(
        finding,
        filing=Filing("regulation", "The import rule was loosened.", "contradicts"),
        status="in_progress",
        rationale="The rule moves the other way, but work has begun.",
        confidence="low",
        by=editor,
        now=timezone.now(),
    )
    filed = Evidence.objects.get()
    assert (filed.document.url, filed.occurred_on, filed.filed_by) == (
        "https://www.federalregister.gov/d/2026-08901",
        date(2026, 5, 8),
        editor,
    )
    assert [(link.recommendation, link.stance) for link in filed.links.all()] == [(row, "contradicts")]
    assert (proposal.state, [each.evidence for each in proposal.citations.all()]) == ("proposed", [filed])
    assert finding.evidence == filed
    assessments.publish(proposal, by=factories.user("reviewer"), now=timezone.now())


def test_a_bills_stage_is_a_suggestion_that_becomes_a_proposal_only_with_a_reason(web):
    row = factories.recommendation()
    config = {"congress": 119, "type": "hr", "number": 923, "url": web.url("/v3")}
    finding = found(check("congress_bill", config, recommendation=row))
    assert (finding.kind, finding.suggested_status) == ("status_suggested", "in_progress")
    assert web.requests[-1].headers["x-api-key"] == "a-key"

    said = {
        "rationale": "A bill was introduced.",
        "confidence": "high",
        "filing": Filing("law", "A bill was introduced.", "supports"),
    }
    _finding, proposal = findings.accept(finding, **said, by=factories.user("editor"), now=timezone.now())
    assert (proposal.status, proposal.recommendation) == ("in_progress", row)
    row.refresh_from_db()
    assert row.status == "not_assessed", "nothing is published by accepting"


def test_a_suggestion_may_be_seen_and_not_followed(web):
    row = factories.recommendation()
    config = {"congress": 119, "type": "hr", "number": 923, "url": web.url("/v3")}
    finding = found(check("congress_bill", config, recommendation=row))
    finding, proposal = findings.accept(
        finding, note="Introduced before, and went nowhere.", by=factories.user("editor"), now=timezone.now()
    )
    assert (finding.state, proposal) == ("accepted", None)


def test_a_value_is_recorded_in_the_name_of_the_person_who_accepts_it(web):
    measure = factories.indicator()
    config = {"format": "json", "url": web.url("/data.json"), "period": "year", "value": "deaths"}
    finding = found(check("series", config, indicator=measure))
    assert (finding.kind, finding.indicator) == ("value_found", measure)
    assert not measure.observations.exists()

    editor = factories.user("editor")
    findings.accept(finding, by=editor, now=timezone.now())
    value = measure.observations.get()
    assert (value.period, value.value, value.period_to, value.seen_at, value.recorded_by) == (
        "2024",
        Decimal(80391),
        date(2024, 12, 31),
        web.url("/data.json"),
        editor,
    )


def test_what_brought_no_document_cannot_be_filed(web):
    measure = factories.indicator()
    config = {"format": "json", "url": web.url("/data.json"), "period": "year", "value": "deaths"}
    finding = found(check("series", config, indicator=measure))
    with pytest.raises(Refused) as refusal:
        findings.accept(
            finding,
            filing=Filing("data", "Fewer deaths.", "supports"),
            by=factories.user("editor"),
            now=timezone.now(),
        )
    assert refusal.value.rule == "finding_holds_document"
    assert not measure.observations.exists()


def test_without_its_key_a_check_says_so_and_asks_nobody(web, settings):
    settings.CONGRESS_API_KEY = ""
    row = check(
        "congress_bill",
        {"congress": 119, "type": "hr", "number": 923, "url": web.url("/v3")},
        recommendation=factories.recommendation(),
    )
    told = []
    checks.request_run(row, by=factories.user("editor"), now=timezone.now())
    look_at_due(live=False, on_run=lambda _check, run: told.append(run.outcome))
    run = CheckRun.objects.get()
    row.refresh_from_db()
    assert (run.outcome, run.detail) == ("key_missing", "CONGRESS_API_KEY is not set")
    assert (row.last_outcome, row.failures, row.requested_at) == ("key_missing", 0, None)
    assert (told, web.requests) == (["key_missing"], [])


def test_the_same_document_is_told_once_for_each_recommendation_it_bears_on(web):
    config = {"terms": ["frames"], "url": web.url("/documents.json")}
    for _row in range(2):
        ask(check("federal_register", config, recommendation=factories.recommendation()))
    assert Finding.objects.values("recommendation").distinct().count() == 2


def test_what_the_database_cannot_hold_does_not_keep_a_check_due_for_ever(web):
    odd = '"\\u0000 law \\ud800"'
    body = f'{{"count":1,"results":[{{"title":{odd},"abstract":{odd},"document_number":"1","type":{odd},'
    body += f'"publication_date":"2026-05-08","html_url":{odd},"agencies":[{{"name":{odd}}}]}}]}}'
    web.page("/documents.json", body, content_type="application/json")
    config = {"terms": ["frames"], "url": web.url("/documents.json")}
    finding = found(check("federal_register", config, recommendation=factories.recommendation()))
    assert finding.saw["title"] == "law ?"

    web.page("/data.json", f'[{{"year": {odd}, "deaths": "5"}}]', content_type="application/json")
    config = {"format": "json", "url": web.url("/data.json"), "period": "year", "value": "deaths"}
    assert ask(check("series", config, indicator=factories.indicator())) == 1
    assert CheckRun.objects.filter(outcome="first_look").count() == 2


def test_a_check_that_cannot_ask_fails_alone(web):
    broken = factories.check(
        kind="congress_bill", evidence=None, recommendation=factories.recommendation(), host="a.example"
    )
    config = {"terms": ["frames"], "url": web.url("/documents.json")}
    good = check("federal_register", config, recommendation=factories.recommendation())
    assert look_at_due(live=True) == 2
    told = {run.status_check_id: (run.outcome, run.detail) for run in CheckRun.objects.all()}
    assert told == {
        broken.pk: ("failed", "could not ask: KeyError"),
        good.pk: ("first_look", "1 read, 1 told"),
    }
