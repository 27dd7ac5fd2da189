"""How a verdict comes about: proposed by one person, published by another, corrected, taken back."""

from datetime import date, timedelta

import pytest

from recommendations.actions import assessments, headlines
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Event
from recommendations.queries.headlines import differences
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refused(rule, action, *args, **fields):
    with pytest.raises(Refused) as refusal:
        action(*args, **fields)
    assert refusal.value.rule == rule
    return refusal.value


def test_the_headline_follows_what_is_published():
    row = factories.recommendation()
    proposal = factories.proposed(row, status="implemented", effective_on=date(2014, 5, 1))
    row.refresh_from_db()
    assert row.status == "not_assessed"

    assessments.publish(proposal, by=factories.user("reviewer"), now=NOW, note="Agreed.")

    row.refresh_from_db()
    assert headlines.told(row) == {
        "status": "implemented",
        "status_since": date(2014, 5, 1),
        "confidence": "medium",
        "contested": False,
    }
    assert row.headline == proposal
    assert row.last_verified_at == NOW
    assert row.version == 2


def test_an_older_verdict_published_later_does_not_take_the_headline():
    row = factories.recommendation()
    factories.published(row, status="implemented", effective_on=date(2014, 5, 1))
    factories.published(
        row, status="in_progress", effective_on=date(2012, 5, 1), now=NOW + timedelta(hours=1)
    )
    row.refresh_from_db()
    assert row.status == "implemented"


def test_status_since_is_the_start_of_the_unbroken_run():
    row = factories.recommendation()
    for day, status in [
        (date(2012, 1, 1), "in_progress"),
        (date(2013, 1, 1), "reversed"),
        (date(2014, 1, 1), "in_progress"),
        (date(2015, 1, 1), "in_progress"),
    ]:
        factories.published(row, status=status, effective_on=day)
    row.refresh_from_db()
    assert (row.status, row.status_since) == ("in_progress", date(2014, 1, 1))


def test_another_party_that_disagrees_makes_it_contested():
    row = factories.recommendation()
    factories.published(row, status="in_progress")
    claim = {"verdict_by": "addressee", "verdict_institution": factories.institution()}
    factories.published(row, status="implemented", **claim)
    row.refresh_from_db()
    assert (row.status, row.contested) == ("in_progress", True)

    factories.published(row, status="implemented", effective_on=date(2014, 1, 1))
    row.refresh_from_db()
    assert (row.status, row.contested) == ("implemented", False)


def test_a_correction_supersedes_and_both_stay_readable():
    row = factories.recommendation()
    first = factories.published(row, status="implemented", effective_on=date(2015, 1, 1))
    factories.published(row, status="in_progress", effective_on=date(2013, 1, 1), supersedes=first)
    row.refresh_from_db()
    assert row.status == "in_progress"
    assert row.assessments.published().count() == 2


def test_a_retraction_brings_back_what_stood_before():
    row = factories.recommendation()
    factories.published(row, status="in_progress", effective_on=date(2012, 1, 1))
    wrong = factories.published(row, status="implemented", effective_on=date(2014, 1, 1))
    assessments.retract(wrong, by=factories.user("reviewer"), now=NOW, note="The page said otherwise.")
    row.refresh_from_db()
    wrong.refresh_from_db()
    assert row.status == "in_progress"
    assert (wrong.state, wrong.retraction_reason) == ("retracted", "The page said otherwise.")
    assert wrong.published_at is not None


@pytest.mark.parametrize("decide", [assessments.publish, assessments.reject])
def test_nobody_decides_on_their_own(decide):
    person = factories.user("administrator")
    proposal = factories.proposed(factories.recommendation(), by=person)
    refused("assessment_four_eyes", decide, proposal, by=person, now=NOW, note="mine")


def test_nobody_retracts_their_own():
    person = factories.user("reviewer")
    verdict = factories.published(factories.recommendation(), by=factories.user("reviewer"))
    mine = factories.proposed(factories.recommendation(), by=person)
    assessments.publish(mine, by=factories.user("reviewer"), now=NOW)
    refused("assessment_four_eyes", assessments.retract, mine, by=person, now=NOW, note="mine")
    assessments.retract(verdict, by=person, now=NOW, note="wrong")


def test_the_second_decision_is_told_that_it_came_second():
    proposal = factories.proposed(factories.recommendation())
    assessments.publish(proposal, by=factories.user("reviewer"), now=NOW)
    for decide in (assessments.publish, assessments.reject):
        refused(
            "assessment_already_decided",
            decide,
            proposal,
            by=factories.user("reviewer"),
            now=NOW,
            note="late",
        )


def test_only_its_proposer_withdraws_a_proposal():
    person = factories.user("editor")
    proposal = factories.proposed(factories.recommendation(), by=person)
    refused(
        "assessment_withdrawn_by_its_proposer",
        assessments.withdraw,
        proposal,
        by=factories.user("editor"),
        now=NOW,
    )
    assert assessments.withdraw(proposal, by=person, now=NOW).state == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"cites": []}, "assessment_cites_evidence", "evidence"),
        ({"rationale": "  "}, "assessment_rationale_given", "rationale"),
        ({"effective_on": date(2026, 11, 27)}, "assessment_not_in_the_future", "effective_on"),
        ({"effective_on": date(2011, 2, 28)}, "assessment_not_before_source", "effective_on"),
        ({"verdict_by": "oversight"}, "assessment_verdict_has_institution", "verdict_institution"),
    ],
)
def test_a_proposal_that_breaks_a_rule_is_refused_with_its_name(changes, rule, field):
    row = factories.recommendation()
    refusal = refused(rule, factories.proposed, row, status="implemented", **changes)
    assert refusal.field == field
    assert not row.assessments.exists()


def test_a_verdict_on_unverified_evidence_alone_is_not_published():
    row = factories.recommendation()
    unread = factories.evidence(bears_on=row, verified=False)
    proposal = factories.proposed(row, cites=[assessments.Cited(unread, "supports")])
    refused(
        "assessment_rests_on_verified_evidence",
        assessments.publish,
        proposal,
        by=factories.user("reviewer"),
        now=NOW,
    )


@pytest.mark.parametrize("role", ["", "viewer", "editor"])
def test_publishing_takes_a_reviewer(role):
    proposal = factories.proposed(factories.recommendation())
    with pytest.raises(NotAllowed):
        assessments.publish(proposal, by=factories.user(role), now=NOW)


def test_every_step_leaves_one_event_and_one_for_the_status_it_changes():
    row = factories.recommendation()
    editor, reviewer = factories.user("editor"), factories.user("reviewer")
    proposal = factories.proposed(row, by=editor)
    assessments.publish(proposal, by=reviewer, now=NOW)
    assessments.retract(proposal, by=reviewer, now=NOW, note="wrong page")
    told = list(
        Event.objects.order_by("id").values_list("verb", "actor", "recommendation_code", "public", "note")
    )
    assert told == [
        ("assessment.proposed", editor.username, row.code, False, ""),
        ("recommendation.status_changed", reviewer.username, row.code, True, ""),
        ("assessment.published", reviewer.username, row.code, True, ""),
        ("recommendation.status_changed", reviewer.username, row.code, True, ""),
        ("assessment.retracted", reviewer.username, row.code, True, "wrong page"),
    ]


def test_a_refused_step_leaves_none():
    person = factories.user("reviewer")
    proposal = factories.proposed(factories.recommendation(), by=person)
    Event.objects.count()
    refused("assessment_four_eyes", assessments.publish, proposal, by=person, now=NOW)
    assert Event.objects.filter(verb="assessment.published").count() == 0


def test_the_stored_headlines_equal_the_recomputed_ones():
    row = factories.recommendation()
    factories.published(row, status="implemented")
    factories.recommendation()
    assert differences() == []


def test_every_change_of_status_is_one_event_with_the_headline_before_and_after():
    row = factories.recommendation()
    first = factories.published(row, status="in_progress", effective_on=date(2013, 1, 1))
    factories.published(row, status="in_progress", effective_on=date(2014, 1, 1))  # the same status again

    assessments.retract(
        factories.published(row, status="implemented", effective_on=date(2015, 1, 1)),
        by=factories.user("reviewer"),
        now=NOW,
        note="An error.",
    )

    told = Event.objects.filter(verb="recommendation.status_changed").order_by("id")
    assert [(event.before["status"], event.after["status"]) for event in told] == [
        ("not_assessed", "in_progress"),
        ("in_progress", "implemented"),
        ("implemented", "in_progress"),
    ]
    assert told[0].after == {
        "status": "in_progress",
        "status_since": "2013-01-01",
        "confidence": "medium",
        "contested": False,
    }
    assert {(event.object_type, event.object_id, event.recommendation_code) for event in told} == {
        ("recommendation", row.code, row.code)
    }
    assert all(event.public for event in told)
    assert told[0].actor == first.decided_by.username


def test_a_change_of_status_of_something_internal_is_told_to_nobody_outside():
    factories.published(factories.recommendation(visibility="internal"), status="in_progress")
    assert [event.public for event in Event.objects.filter(verb="recommendation.status_changed")] == [False]
