"""A proposal goes from one person to another, and no route of the admin goes around that."""

import pytest
from django.urls import reverse

from recommendations.models import Assessment, Event, Recommendation
from tests import factories


def url(row, step="change"):
    return reverse(f"admin:recommendations_{row._meta.model_name}_{step}", args=[row.pk])


def proposal_form(evidence, **changed):
    return {
        "status": "implemented",
        "effective_on": "2020-05-01",
        "rationale": "The rule is in force.",
        "confidence": "high",
        "verdict_by": "office",
        f"cite_{evidence.pk}": "on",
        f"stance_{evidence.pk}": "supports",
        f"locator_{evidence.pk}": "p. 3",
    } | changed


@pytest.fixture
def about(db):
    return factories.recommendation()


@pytest.fixture
def evidence(about):
    return factories.evidence(bears_on=about)


def test_an_editor_proposes_and_a_reviewer_publishes(client_of, about, evidence):
    editor, reviewer = factories.user("editor"), factories.user("reviewer")
    answer = client_of(editor).post(url(about, "propose"), proposal_form(evidence))
    proposal = Assessment.objects.get()
    assert answer.url == url(proposal)
    assert (proposal.state, proposal.proposed_by) == ("proposed", editor)
    assert [(c.evidence, c.stance, c.locator) for c in proposal.citations.all()] == [
        (evidence, "supports", "p. 3")
    ]
    about.refresh_from_db()
    assert about.status == "not_assessed"

    answer = client_of(reviewer).post(url(proposal, "publish"), {"note": "Read both."})
    assert answer.url == url(proposal)
    about.refresh_from_db()
    proposal.refresh_from_db()
    assert (about.status, proposal.state, proposal.decided_by) == ("implemented", "published", reviewer)
    assert list(Event.objects.order_by("id").values_list("verb", "actor")) == [
        ("assessment.proposed", editor.username),
        ("recommendation.status_changed", reviewer.username),
        ("assessment.published", reviewer.username),
    ]


def test_the_page_of_a_recommendation_shows_the_way_of_its_status_before_its_form(client_of, about):
    factories.published(about, status="in_progress")
    page = client_of("editor").get(url(about)).content.decode()
    assert page.index("Status through time") < page.index("s-in_progress") < page.index("What was asked")
    assert "Work that would carry it out has begun" in page
    assert url(about, "propose") in page


@pytest.mark.parametrize("role", ["reviewer", "administrator"])
@pytest.mark.parametrize("step", ["publish", "reject"])
def test_nobody_decides_on_their_own_proposal(client_of, about, role, step):
    person = factories.user(role)
    proposal = factories.proposed(about, by=person)
    client = client_of(person)
    assert url(proposal, step) not in client.get(url(proposal)).content.decode()
    assert client.get(url(proposal, step)).status_code == 302
    answer = client.post(url(proposal, step), {"note": "Mine"})
    assert answer.status_code == 409
    assert "Nobody decides on what they proposed themselves" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_the_second_of_two_people_who_decide_at_once_is_told(client_of, about):
    proposal = factories.proposed(about)
    first, second = client_of("reviewer"), client_of("reviewer")
    assert second.get(url(proposal, "reject")).status_code == 200
    assert first.post(url(proposal, "publish"), {"note": ""}).status_code == 302
    answer = second.post(url(proposal, "reject"), {"note": "Not yet"})
    assert answer.status_code == 409
    assert "It has been decided already" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == "published"


def test_a_decided_proposal_offers_nothing_but_retracting(client_of, about):
    verdict = factories.published(about)
    page = client_of("reviewer").get(url(verdict)).content.decode()
    offered = [step for step in ("publish", "reject", "withdraw", "retract") if url(verdict, step) in page]
    assert offered == ["retract"]


def test_a_retraction_needs_a_reason(client_of, about):
    verdict = factories.published(about)
    client = client_of("reviewer")
    assert client.post(url(verdict, "retract"), {"note": " "}).status_code == 409
    verdict.refresh_from_db()
    assert verdict.state == "published"
    assert client.post(url(verdict, "retract"), {"note": "Wrong law"}).status_code == 302
    verdict.refresh_from_db()
    assert (verdict.state, verdict.retraction_reason) == ("retracted", "Wrong law")


def test_only_the_proposer_withdraws(client_of, about):
    editor = factories.user("editor")
    proposal = factories.proposed(about, by=editor)
    assert client_of("editor").post(url(proposal, "withdraw"), {"note": ""}).status_code == 409
    assert client_of(editor).post(url(proposal, "withdraw"), {"note": ""}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rationale": ""}, "Say why: a verdict needs a rationale"),
        ({"effective_on": "2999-01-01"}, "is in the future"),
        ({"effective_on": "1990-01-01"}, "before the source was published"),
        ({"status": "not_assessed"}, "not one of the available choices"),
    ],
)
def test_a_bad_proposal_comes_back_with_the_reason_and_nothing_is_written(
    client_of, about, evidence, changed, said
):
    answer = client_of("editor").post(url(about, "propose"), proposal_form(evidence, **changed))
    assert said in answer.content.decode()
    assert not Assessment.objects.exists()
    assert not Event.objects.exists()


def test_a_proposal_without_evidence_is_refused(client_of, about, evidence):
    form = {k: v for k, v in proposal_form(evidence).items() if not k.startswith("cite_")}
    answer = client_of("editor").post(url(about, "propose"), form)
    assert answer.status_code == 409
    assert "Cite at least one piece of evidence" in answer.content.decode()


def test_evidence_that_is_not_linked_yet_can_be_cited(client_of, about):
    other = factories.evidence()
    form = {
        "status": "reversed",
        "effective_on": "2020-05-01",
        "rationale": "Undone.",
        "confidence": "low",
        "verdict_by": "office",
        "more_0": other.pk,
        "stance_more_0": "reverses",
    }
    assert client_of("editor").post(url(about, "propose"), form).status_code == 302
    assert [(c.evidence, c.stance) for c in Assessment.objects.get().citations.all()] == [(other, "reverses")]


@pytest.mark.parametrize("state", ["proposed", "published"])
def test_no_form_edits_or_deletes_an_assessment(client_of, about, state):
    row = factories.proposed(about) if state == "proposed" else factories.published(about)
    before = Assessment.objects.values().get()
    client = client_of("administrator")
    edit = {"status": "not_implemented", "rationale": "Forged", "state": "published", "_save": "Save"}
    assert client.post(url(row), edit).status_code == 403
    assert client.post(url(row, "delete"), {"post": "yes"}).status_code == 403
    changelist = reverse("admin:recommendations_assessment_changelist")
    client.post(changelist, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert client.post(reverse("admin:recommendations_assessment_add"), edit).status_code == 403
    assert Assessment.objects.values().get() == before


def test_the_status_of_a_recommendation_is_not_in_its_form(client_of, about):
    body = about.addressees.get()
    form = {
        "title": about.title,
        "summary": "Told otherwise.",
        "asked": [body.pk],
        "themes": [theme.pk for theme in about.themes.all()],
        "visibility": "public",
        "explicit": "on",
        "status": "implemented",
        "headline": "1",
        "contested": "on",
        "code": "FORGED",
    }
    assert client_of("manager").post(url(about), form).status_code == 302
    row = Recommendation.objects.get()
    assert (row.summary, row.status, row.contested, row.code) == (
        "Told otherwise.",
        "not_assessed",
        False,
        about.code,
    )


@pytest.mark.parametrize(
    "noun", ["event", "checkrun", "snapshot", "importedrow", "deadline", "closure", "response"]
)
def test_what_is_a_record_cannot_be_added_even_by_an_administrator(client_of, noun):
    assert (
        client_of("administrator").post(reverse(f"admin:recommendations_{noun}_add"), {}).status_code == 403
    )


def test_an_event_cannot_be_edited_or_deleted(client_of, about):
    factories.proposed(about)
    event = Event.objects.get()
    client = client_of("administrator")
    assert client.get(url(event)).status_code == 200
    assert client.post(url(event), {"actor": "nobody"}).status_code == 403
    assert client.post(url(event, "delete"), {"post": "yes"}).status_code == 403
    assert Event.objects.get().actor == event.actor
