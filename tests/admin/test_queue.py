"""The cockpit: one queue, one page for each decision, and many approved at once, each checked by itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.actions import assessments, assignments
from recommendations.admin import deeds
from recommendations.models import Assessment, Assignment, Event, Finding
from tests import factories
from tests.factories import NOW

HOME = "/admin/"


def item(row):
    noun = "proposal" if isinstance(row, Assessment) else "finding"
    return reverse("admin:queue_item", args=[noun, row.pk])


@pytest.fixture
def about(db):
    return factories.recommendation()


@pytest.fixture
def reviewer(db):
    return factories.user("reviewer")


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer", "manager", "administrator"])
def test_the_home_shows_what_waits_to_every_role(client_of, about, role):
    proposal, finding = factories.proposed(about), factories.finding()
    page = client_of(role).get(HOME).content.decode()
    assert item(proposal) in page
    assert item(finding) in page
    assert ("Publish the chosen" in page) is (role not in ("viewer", "editor"))
    assert ("Assign the chosen" in page) is (role != "viewer")
    assert ('type="checkbox" name="place"' in page) is (role != "viewer"), "a box with nothing to do with it"


def test_it_is_narrowed_and_a_wrong_filter_says_so(client_of, about):
    proposal, finding = factories.proposed(about), factories.finding()
    client = client_of("reviewer")
    page = client.get(HOME, {"what": "proposal", "source": about.source_id}).content.decode()
    assert item(proposal) in page
    assert item(finding) not in page
    assert f"{item(proposal)}?what=proposal&amp;source={about.source_id}" in page
    page = client.get(HOME, {"what": "rumour"}).content.decode()
    assert "Please correct what is marked below" in page
    assert client.get(HOME, {"after": "rumour-1"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_costs_the_same_however_much_waits(
    client_of, reviewer, rows, django_assert_num_queries, about
):
    for _each in range(rows):
        watched = factories.evidence(bears_on=factories.recommendation())
        factories.finding(kind="evidence_changed", evidence=watched)
        assignments.assign(factories.proposed(about), person=reviewer, by=reviewer, now=NOW)
    client = client_of(reviewer)
    client.get(HOME)
    with django_assert_num_queries(11):
        client.get(HOME)


def test_deciding_one_brings_the_next_and_the_last_leads_home(client_of, about, reviewer):
    first = factories.proposed(about, status="in_progress", now=NOW - timedelta(days=3))
    second = factories.finding(first_seen_at=NOW - timedelta(days=1))
    client = client_of(reviewer)
    answer = client.post(item(first) + "?turn=yours", {"deed": "publish", "publish-note": "Read."})
    assert answer.url == item(second) + "?turn=yours"
    about.refresh_from_db()
    assert about.status == "in_progress"
    answer = client.post(item(second), {"deed": "dismiss", "dismiss-note": "Only the footer."})
    assert answer.url == HOME
    assert item(first) not in client.get(HOME).content.decode()
    assert "Nothing waits." in client.get(HOME).content.decode()


def test_the_page_says_what_approving_would_change(client_of, about):
    factories.published(about, status="in_progress")
    proposal = factories.proposed(about, status="implemented", effective_on=NOW.date())
    page = client_of("reviewer").get(item(proposal)).content.decode()
    effect = page[page.index("What publishing changes") : page.index("Evidence side by side")]
    assert effect.index("s-in_progress") < effect.index("s-implemented")
    assert "In the world" in effect
    assert "In our record" in effect
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_the_page_says_what_would_be_refused(client_of, about):
    unread = factories.evidence(bears_on=about, verified=False)
    proposal = factories.proposed(about, cites=[assessments.Cited(unread, "supports")])
    page = client_of("reviewer").get(item(proposal)).content.decode()
    assert "It would be refused:" in page
    answer = client_of("reviewer").post(item(proposal), {"deed": "publish", "publish-note": ""})
    assert answer.status_code == 409


def test_each_decision_says_how_many_are_left_and_leads_back_to_what_was_decided(client_of, about, reviewer):
    first, last = factories.proposed(about), factories.proposed(factories.recommendation())
    client = client_of(reviewer)
    assert "2 are left for you to decide." in client.get(item(first)).content.decode()
    assert "left for you" not in client.get(f"{item(first)}?turn=others").content.decode()
    page = client.post(item(first), {"deed": "publish", "publish-note": ""}, follow=True).content.decode()
    assert "1 is left for you to decide." in page
    assert (
        f'<a class="inner-link" href="{deeds.address(first)}">{about.code}</a>: The verdict is published.'
        in page
    )
    client.post(item(last), {"deed": "publish", "publish-note": ""})
    assert "None is left for you to decide." in client.get(item(last)).content.decode()
    spanish = client.get(item(last), headers={"accept-language": "es"}).content.decode()
    assert "No le queda nada por decidir." in spanish


def test_what_a_finding_saw_can_be_opened_and_its_days_are_read(client_of, about):
    saw = {"url": "https://example.org/rule", "title": "http://[ is no address", "published_on": "2026-09-10"}
    finding = factories.finding(kind="document_found", recommendation=about, saw=saw)
    for address in (item(finding), deeds.address(finding)):
        page = client_of("reviewer").get(address).content.decode()
        assert 'href="https://example.org/rule" rel="noreferrer noopener"' in page
        assert 'href="http://[' not in page
        assert "10 September 2026" in page


def test_who_may_not_publish_is_told_so_in_words(client_of, about):
    page = client_of("editor").get(item(factories.proposed(about))).content.decode()
    assert "does not include this: publish a verdict that somebody else proposed." in page
    assert "assessment.publish" not in page


@pytest.mark.parametrize("role", ["reviewer", "administrator"])
def test_nobody_decides_on_their_own_from_here_either(client_of, about, role):
    person = factories.user(role)
    proposal = factories.proposed(about, by=person)
    client = client_of(person)
    page = client.get(item(proposal)).content.decode()
    assert "This is your own proposal" in page
    assert 'value="publish"' not in page
    client.post(item(proposal), {"deed": "publish", "publish-note": ""})
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_decide_sees_no_button_and_is_told(client_of, about, role):
    proposal = factories.proposed(about)
    client = client_of(role)
    assert "Your role does not include deciding on this." in client.get(item(proposal)).content.decode()
    client.post(item(proposal), {"deed": "publish", "publish-note": ""})
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_of_two_at_once_one_wins_and_the_other_is_told(client_of, about, reviewer):
    proposal, other = factories.proposed(about), factories.user("reviewer")
    late = client_of(other)
    late.get(item(proposal))
    client_of(reviewer).post(item(proposal), {"deed": "publish", "publish-note": ""})
    answer = late.post(item(proposal), {"deed": "reject", "reject-note": "Too thin."}, follow=True)
    page = answer.content.decode()
    assert "Somebody else was quicker" in page
    assert "It is decided: “Published”." in page
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("published", reviewer)


def test_evidence_stands_side_by_side_with_its_doubts(client_of, about):
    cited, against = (
        factories.evidence(bears_on=about),
        factories.evidence(bears_on=about, stance="contradicts"),
    )
    proposal = factories.proposed(about, cites=[assessments.Cited(cited, "supports", "p. 4")])
    factories.finding(kind="evidence_changed", evidence=against)
    page = client_of("reviewer").get(item(proposal)).content.decode()
    beside = page[page.index("Evidence side by side") :]
    assert beside.index(cited.title) < beside.index(against.title)
    assert "p. 4" in beside
    assert "Evidence changed" in beside


def test_earlier_decisions_on_the_same_rule_are_told(client_of, reviewer):
    old, new = factories.finding(), factories.finding()
    Finding.objects.filter(pk=old.pk).update(
        state="dismissed", decided_by=reviewer, decided_at=NOW, decision_note="Only the date."
    )
    page = client_of("editor").get(item(new)).content.decode()
    assert "Earlier decisions on the same rule" in page
    assert "Only the date." in page


def test_editing_makes_it_ones_own_proposal(client_of, about, reviewer):
    read = factories.evidence(bears_on=about)
    proposal = factories.proposed(about, status="implemented", cites=[assessments.Cited(read, "supports")])
    client = client_of(reviewer)
    form = reverse("admin:recommendations_assessment_replace", args=[proposal.pk])
    assert form in client.get(item(proposal)).content.decode()
    assert "Because it is so." in client.get(form).content.decode()
    sent = {
        "status": "in_progress",
        "effective_on": "2014-01-01",
        "rationale": "Begun, not done.",
        "confidence": "low",
        "verdict_by": "office",
        f"cite_{read.pk}": "on",
        f"stance_{read.pk}": "supports",
        f"locator_{read.pk}": "",
    }
    client.post(form, sent)
    made = Assessment.objects.get(proposed_by=reviewer)
    proposal.refresh_from_db()
    assert (proposal.state, made.state, made.status) == ("rejected", "proposed", "in_progress")


def test_many_are_shown_first_and_then_published_each_by_itself(client_of, reviewer):
    good = [factories.proposed(factories.recommendation(), status="in_progress") for _each in range(2)]
    own = factories.proposed(factories.recommendation(), by=reviewer)
    client, url = client_of(reviewer), reverse("admin:queue_approve")
    places = [f"proposal-{row.pk}" for row in [*good, own]]
    shown = client.post(url, {"place": places}).content.decode()
    assert "Nobody decides on what they proposed themselves" in shown
    assert Assessment.objects.filter(state="proposed").count() == 3
    answer = client.post(url, {"place": places, "confirmed": "1", "note": "All read."})
    told = answer.content.decode()
    assert "2 verdicts are published." in told
    assert "Nobody decides on what they proposed themselves" in told
    states = Assessment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["published", "published", "proposed"]
    assert Event.objects.filter(verb="assessment.published").count() == 2


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_not_publish_approves_nothing_together(client_of, about, role):
    proposal = factories.proposed(about)
    answer = client_of(role).post(
        reverse("admin:queue_approve"), {"place": f"proposal-{proposal.pk}", "confirmed": "1"}
    )
    assert answer.status_code == 403
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_more_than_a_page_can_show_are_not_approved_together(client_of):
    places = [f"proposal-{number}" for number in range(101)]
    assert client_of("reviewer").post(reverse("admin:queue_approve"), {"place": places}).status_code == 400


def test_the_chosen_are_assigned_and_a_refusal_is_told(client_of, about, reviewer):
    proposal, own = factories.proposed(about), factories.proposed(factories.recommendation(), by=reviewer)
    sent = {"place": [f"proposal-{proposal.pk}", f"proposal-{own.pk}"], "person": reviewer.pk}
    answer = client_of("editor").post(reverse("admin:queue_assign"), sent, follow=True)
    told = answer.content.decode()
    assert "1 is assigned to" in told
    assert "Nobody decides on what they proposed themselves" in told
    assert [row.assessment for row in Assignment.objects.all()] == [proposal]


@pytest.mark.parametrize("word", ["abc", "\x00", "9" * 30, "²"])
def test_whom_nobody_knows_is_assigned_nothing(client_of, about, word):
    sent = {"place": f"proposal-{factories.proposed(about).pk}", "person": word}
    assert client_of("editor").post(reverse("admin:queue_assign"), sent).status_code == 400
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("name", ["source", "theme", "days", "what", "turn"])
@pytest.mark.parametrize("word", ["abc", "9" * 30, "²"])
def test_what_the_queue_cannot_be_narrowed_to_narrows_nothing(client_of, name, word):
    assert client_of("editor").get(reverse("admin:index"), {name: word}).status_code == 200


def test_a_note_that_is_no_text_publishes_nothing(client_of, about):
    proposal = factories.proposed(about)
    sent = {"place": f"proposal-{proposal.pk}", "confirmed": "1", "note": "So\x00"}
    assert client_of("reviewer").post(reverse("admin:queue_approve"), sent).status_code == 400
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_a_viewer_assigns_nothing(client_of, about, reviewer):
    sent = {"place": f"proposal-{factories.proposed(about).pk}", "person": reviewer.pk}
    assert client_of("viewer").post(reverse("admin:queue_assign"), sent).status_code == 403


@pytest.mark.parametrize("path", ["queue/rumour/1/", "queue/proposal/999999/", "queue/finding/999999/"])
def test_what_does_not_wait_is_not_there(client_of, path):
    assert client_of("reviewer").get(HOME + path).status_code == 404
