"""Proposing in one form: the effect beforehand, and new evidence by its address."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from recommendations.models import Assessment, Evidence
from tests import factories
from tests.fakeweb import FakeWeb

ARTICLE = (
    "<html><head><title>Rule on exports enters into force</title>"
    '<meta property="article:published_time" content="2020-04-30T08:00:00Z"></head>'
    "<body><main><p>The rule entered into force today.</p></main></body></html>"
)


@pytest.fixture
def about(db):
    return factories.recommendation()


@pytest.fixture
def editor(client_of):
    return client_of("editor")


@pytest.fixture
def web(monkeypatch):
    monkeypatch.setattr(settings, "TRACKER_DOOR", replace(settings.TRACKER_DOOR, allow_loopback=True))
    with FakeWeb() as served:
        yield served


def url(row):
    return reverse("admin:recommendations_recommendation_propose", args=[row.pk])


def said(**more):
    return {
        "status": "implemented",
        "effective_on": "2020-05-01",
        "rationale": "The rule is in force.",
        "confidence": "high",
        "verdict_by": "office",
    } | more


def new(address, **more):
    return {
        "new_url": address,
        "new_title": "Rule on exports enters into force",
        "new_finding": "The rule is in force.",
        "new_kind": "regulation",
        "new_occurred_on": "2020-04-30",
        "new_stance": "supports",
        "new_locator": "p. 2",
        "new_verified": "on",
    } | more


def test_the_effect_is_shown_and_nothing_is_kept(editor, about):
    read = factories.evidence(bears_on=about)
    sent = said(**{f"cite_{read.pk}": "on", f"stance_{read.pk}": "supports", "preview": "1"})
    page = editor.post(url(about), sent).content.decode()
    effect = page[page.index("What it changes once") :]
    assert effect.index("s-not_assessed") < effect.index("s-implemented")
    assert "It stays open" in effect
    assert "The rule is in force." in page
    assert not Assessment.objects.exists()


def test_the_preview_says_what_would_be_refused(editor, about):
    page = editor.post(url(about), said(preview="1")).content.decode()
    assert "It would be refused:" in page
    assert "Cite at least one piece of evidence" in page


def test_an_address_is_asked_for_its_title_and_day(editor, about, web):
    web.page("/news", ARTICLE)
    sent = said(rationale="Half typed", new_url=web.url("/news"), fetch="1")
    page = editor.post(url(about), sent).content.decode()
    assert 'value="Rule on exports enters into force"' in page
    assert 'value="2020-04-30"' in page
    assert "Half typed" in page
    assert not Evidence.objects.exists()


def test_what_was_typed_is_not_overwritten(editor, about, web):
    web.page("/news", ARTICLE)
    sent = said(new_url=web.url("/news"), new_title="My title", fetch="1")
    page = editor.post(url(about), sent).content.decode()
    assert 'value="My title"' in page


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://169.254.169.254/latest/", "could not be read"),
        ("http://10.0.0.1/", "could not be read"),
        ("", "Paste an address first."),
        ("not an address", "Enter a valid URL."),
    ],
)
def test_an_address_that_cannot_be_asked_says_why(editor, about, address, told):
    page = editor.post(url(about), said(new_url=address, fetch="1")).content.decode()
    assert told in page


def test_new_evidence_is_filed_and_cited_with_the_proposal(editor, about):
    editor.post(url(about), said(**new("https://example.org/rule")))
    proposal = Assessment.objects.get()
    (citation,) = proposal.citations.select_related("evidence__document")
    filed = citation.evidence
    assert (filed.document.url, filed.occurred_on, filed.verified) == (
        "https://example.org/rule",
        date(2020, 4, 30),
        True,
    )
    assert (citation.stance, citation.locator) == ("supports", "p. 2")
    assert [link.recommendation for link in filed.links.all()] == [about]


def test_a_refused_proposal_files_nothing(editor, about):
    answer = editor.post(url(about), said(effective_on="2999-01-01", **new("https://example.org/rule")))
    assert answer.status_code == 409
    assert not Evidence.objects.exists()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("missing", ["new_title", "new_finding", "new_kind", "new_occurred_on"])
def test_new_evidence_needs_what_it_needs(editor, about, missing):
    page = editor.post(url(about), said(**new("https://example.org/rule", **{missing: ""}))).content.decode()
    assert "Needed for new evidence." in page
    assert not Evidence.objects.exists()


def test_half_of_new_evidence_without_its_address_is_not_lost_in_silence(editor, about):
    page = editor.post(url(about), said(**new(""))).content.decode()
    assert "Give its address, or leave all of new evidence empty." in page
