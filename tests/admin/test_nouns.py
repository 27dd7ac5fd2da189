"""Each noun through the admin's forms: one action, one event, and refusals where the person can act on them."""

from datetime import date

import pytest
from django.urls import reverse

from recommendations.models import (
    Deadline,
    Event,
    Evidence,
    Finding,
    Institution,
    Observation,
    Recommendation,
    Relation,
    Source,
    StatusCheck,
    Theme,
    Token,
    User,
)
from tests import factories
from tests.admin.test_deciding import url
from tests.admin.test_roles import factories_finding


def add(noun):
    return reverse(f"admin:recommendations_{noun}_add")


def verbs():
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


@pytest.fixture
def manager(client_of):
    return client_of("manager")


@pytest.fixture
def editor(client_of):
    return client_of("editor")


def test_a_source_is_added_and_changed(manager):
    publisher = factories.institution()
    form = {
        "code": "NEW1",
        "title": "A new report",
        "kind": "report",
        "publisher": publisher.pk,
        "authors": "Ada Ruiz\nBo Chen\n",
        "published_on": "2020-01-01",
        "date_precision": "year",
        "language": "en",
        "visibility": "public",
    }
    manager.post(add("source"), form)
    row = Source.objects.get()
    assert (row.code, row.authors, row.version) == ("NEW1", ["Ada Ruiz", "Bo Chen"], 1)
    manager.post(url(row), form | {"title": "A newer report"})
    row.refresh_from_db()
    assert (row.title, row.version) == ("A newer report", 2)
    manager.post(url(row), form | {"title": "A newer report"})
    assert verbs() == ["source.created", "source.changed"]


def test_two_people_who_edit_at_once_keep_both_changes(manager):
    row = factories.theme(name="Guns", description="Old")
    page = {"name": "Guns", "description": "Old"}
    Theme.objects.filter(pk=row.pk).update(name="Arms")  # the other person was faster, on the name
    manager.post(url(row), page | {"name": "Arms", "description": "New"})
    row.refresh_from_db()
    assert (row.name, row.description) == ("Arms", "New")


def test_a_refusal_stands_at_its_field_and_nothing_is_half_written(manager):
    top, middle = factories.theme(), factories.theme()
    Theme.objects.filter(pk=middle.pk).update(parent=top)
    answer = manager.post(add("theme"), {"code": "third", "name": "Third", "parent": middle.pk})
    assert answer.status_code == 200
    assert "Themes have two levels only" in str(answer.context["adminform"].form.errors["parent"])
    assert Theme.objects.count() == 2
    assert not Event.objects.exists()


def test_a_recommendation_with_addressees_keeps_their_wording(manager):
    first, second = factories.institution(), factories.institution()
    source = factories.source()
    form = {
        "source": source.pk,
        "code": "NEW1-01",
        "title": "Do it",
        "summary": "Do it well.",
        "asked": [first.pk],
        "themes": [],
        "explicit": "on",
        "visibility": "public",
    }
    manager.post(add("recommendation"), form)
    row = Recommendation.objects.get()
    row.addressee_set.update(wording="the Bureau")
    manager.post(url(row), form | {"asked": [second.pk, first.pk]})
    assert list(row.addressee_set.values_list("institution", "wording")) == [
        (first.pk, "the Bureau"),
        (second.pk, ""),
    ]
    assert verbs() == ["recommendation.created", "recommendation.changed"]


def test_lines_that_are_no_text_are_refused(manager):
    row = factories.institution()
    sent = {"code": row.code, "name": row.name, "kind": row.kind, "aliases": "INCD\nIN\x00CD"}
    answer = manager.post(reverse("admin:recommendations_institution_change", args=[row.pk]), sent)
    assert answer.status_code == 200
    assert "Null characters are not allowed." in answer.content.decode()


def test_institutions_are_merged_and_both_stay(manager):
    old, heir = factories.institution(name="INCD"), factories.institution()
    manager.post(url(old, "merge"), {"into": heir.pk})
    heir.refresh_from_db()
    assert Institution.objects.get(pk=old.pk).merged_into == heir
    assert heir.aliases == ["INCD"]


def test_evidence_is_filed_corrected_linked_and_unlinked(editor):
    about, other = factories.recommendation(), factories.recommendation()
    said = {
        "title": "An act",
        "finding": "It became law.",
        "kind": "law",
        "occurred_on": "2015-02-01",
        "date_precision": "month",
        "verified": "on",
        "caution": "",
        "visibility": "public",
    }
    editor.post(
        add("evidence"),
        said | {"url": "https://example.org/act", "bears_on": [about.pk], "stance": "supports"},
    )
    row = Evidence.objects.get()
    assert (row.document.url, row.links.get().recommendation) == ("https://example.org/act", about)
    editor.post(url(row), said | {"caution": "Only the House version."})
    row.refresh_from_db()
    assert row.caution == "Only the House version."
    editor.post(url(row, "link"), {"recommendation": other.pk, "stance": "contradicts"})
    link = row.links.get(recommendation=other)
    assert editor.post(url(link, "unlink"), {"note": ""}).status_code == 409
    assert editor.post(url(link, "unlink"), {"note": "Wrong one"}).url == url(row)
    assert row.links.count() == 1
    assert verbs()[-3:] == ["evidence.changed", "evidence.linked", "evidence.unlinked"]


def test_evidence_of_the_future_is_refused_at_its_field(editor):
    form = {
        "title": "An act",
        "finding": "It will be law.",
        "kind": "law",
        "occurred_on": "2999-02-01",
        "date_precision": "day",
        "visibility": "public",
        "stance": "supports",
    }
    answer = editor.post(add("evidence"), form)
    assert "is in the future" in str(answer.context["adminform"].form.errors["occurred_on"])
    assert not Evidence.objects.exists()


def test_the_ledgers_of_a_recommendation(client_of, editor):
    row = factories.recommendation()
    body = row.addressees.get()
    assert editor.post(url(row, "deadline"), {"due_on": "2030-01-01", "reason": ""}).status_code == 409
    editor.post(
        url(row, "deadline"), {"due_on": "2030-01-01", "reason": "The law says so", "moved_by": body.pk}
    )
    assert editor.post(url(row, "deadline"), {"due_on": "2030-01-01", "reason": "Again"}).status_code == 409
    editor.post(
        url(row, "respond"),
        {"institution": body.pk, "kind": "noted", "stated_on": "2020-01-01", "date_precision": "day"},
    )
    reviewer = client_of("reviewer")
    refused = reviewer.post(url(row, "close"), {"reason": "superseded", "note": "By another"})
    assert refused.status_code == 409
    assert "Name a day in the future" in str(refused.context["form"].errors["review_on"])
    reviewer.post(
        url(row, "close"), {"reason": "superseded", "note": "By another", "review_on": "2999-01-01"}
    )
    row.refresh_from_db()
    assert (row.due_on, row.response, row.closure_reason) == (date(2030, 1, 1), "noted", "superseded")
    page = reviewer.get(url(row)).content.decode()
    assert url(row, "reopen") in page
    assert url(row, "close") not in page
    reviewer.post(url(row, "reopen"), {"note": "It was not"})
    row.refresh_from_db()
    assert row.closure_reason == ""
    assert Deadline.objects.count() == 1
    assert verbs() == [
        "deadline.moved",
        "response.recorded",
        "recommendation.closed",
        "recommendation.reopened",
    ]


def test_relations_are_told_once_and_taken_back(manager):
    one, other = factories.recommendation(), factories.recommendation()
    form = {"kind": "same_aim", "other": other.pk, "note": ""}
    manager.post(url(one, "relate"), form)
    assert manager.post(url(one, "relate"), form).status_code == 409
    relation = Relation.objects.get()
    assert manager.post(url(relation, "remove"), {"note": "Not so"}).url == url(one)
    assert not Relation.objects.exists()


def test_a_value_of_an_indicator_is_added_and_never_edited(editor):
    row = factories.indicator()
    assert editor.post(url(row, "observe"), {"role": "observation", "period": "2019"}).status_code == 409
    editor.post(url(row, "observe"), {"role": "observation", "period": "2019", "value": "34.5"})
    value = Observation.objects.get()
    assert editor.post(url(value), {"value": "1"}).status_code == 403
    assert "34.5" in editor.get(url(row)).content.decode()


def test_checks_are_made_run_and_paused(manager):
    evidence = factories.evidence()
    manager.post(add("statuscheck"), {"kind": "page", "evidence": evidence.pk, "every": 3600, "config": "{}"})
    check = StatusCheck.objects.get()
    manager.post(url(check, "run"), {})
    check.refresh_from_db()
    assert check.requested_by is not None
    manager.post(url(check, "pause"), {})
    assert manager.post(url(check, "run"), {}).status_code == 409
    manager.post(url(check, "activate"), {})
    check.refresh_from_db()
    assert check.state == "active"
    refused = manager.post(url(check), {"every": 5, "config": "{}"})
    assert "60 seconds or more" in str(refused.context["adminform"].form.errors["every"])


def test_a_finding_becomes_a_proposal_of_the_person_who_accepts_it(editor):
    about = factories.recommendation()
    check = factories.check(evidence=factories.evidence(bears_on=about, stance="reverses"))
    finding = factories_finding(check)
    form = {
        "note": "",
        "recommendation": about.pk,
        "status": "reversed",
        "effective_on": "2020-01-01",
        "rationale": "The rule is gone.",
        "confidence": "medium",
    }
    wrong = editor.post(url(finding, "accept"), form | {"rationale": ""})
    assert "Needed for a verdict" in wrong.content.decode()
    editor.post(url(finding, "accept"), form)
    finding.refresh_from_db()
    proposal = finding.assessments.get()
    assert (finding.state, proposal.state, proposal.status) == ("accepted", "proposed", "reversed")
    assert [(c.evidence, c.stance) for c in proposal.citations.all()] == [(check.evidence, "reverses")]


def test_a_finding_is_set_aside_only_with_a_reason(editor):
    finding = factories_finding(factories.check())
    assert editor.post(url(finding, "accept"), {}).status_code == 409
    assert editor.post(url(finding, "dismiss"), {"note": ""}).status_code == 409
    editor.post(url(finding, "dismiss"), {"note": "The site was down"})
    assert Finding.objects.get().state == "dismissed"


def test_people_are_added_with_a_password_and_nobody_changes_their_own_role(client_of):
    boss = factories.user("administrator")
    client = client_of(boss)
    weak = client.post(add("user"), {"username": "ada", "role": "editor", "password": "short"})
    assert "too short" in weak.content.decode()
    client.post(add("user"), {"username": "ada", "role": "editor", "password": "a long enough phrase"})
    ada = User.objects.get(username="ada")
    assert ada.check_password("a long enough phrase")
    client.post(url(ada), {"name": "Ada", "email": "", "role": "reviewer", "is_active": "on"})
    client.post(url(boss), {"name": "Boss", "email": "", "role": "viewer"})
    ada.refresh_from_db()
    boss.refresh_from_db()
    assert (ada.name, ada.role, boss.name, boss.role, boss.is_active) == (
        "Ada",
        "reviewer",
        "Boss",
        "administrator",
        True,
    )
    client.post(url(ada, "set-password"), {"password": "another long phrase"})
    ada.refresh_from_db()
    assert ada.check_password("another long phrase")
    assert verbs() == ["user.created", "user.changed", "user.changed", "user.password_changed"]


def test_ones_own_password_is_changed_through_the_action(client_of):
    person = factories.user("viewer", password="the first phrase of all")
    form = {
        "old_password": "the first phrase of all",
        "new_password1": "the second phrase of all",
        "new_password2": "the second phrase of all",
    }
    assert client_of(person).post(reverse("admin:password_change"), form).status_code == 302
    person.refresh_from_db()
    assert person.check_password("the second phrase of all")
    assert verbs() == ["user.password_changed"]


def test_the_key_of_a_token_is_shown_once_and_to_its_maker(client_of):
    person = factories.user("viewer")
    client = client_of(person)
    other = factories.user("administrator")
    page = client.post(add("token"), {"name": "mine", "scopes": ["read"], "user": other.pk})
    token = Token.objects.get()
    assert token.user == person
    key = page.context["key"]
    assert Token.digest_of(key) == token.digest
    assert key in page.content.decode()
    assert key not in client.get(url(token)).content.decode()
    assert client_of("editor").get(url(token)).status_code == 302  # not theirs: as if it were not there
    client.post(url(token, "revoke"), {})
    token.refresh_from_db()
    assert token.revoked_at is not None
