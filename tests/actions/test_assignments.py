"""Who is asked to decide: one person at a time, who could, and never the one who proposed it."""

import pytest

from recommendations.actions import assessments, assignments
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Assignment, Event
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_proposal_is_assigned_to_one_person_at_a_time():
    proposal, editor = factories.proposed(factories.recommendation()), factories.user("editor")
    first, second = factories.user("reviewer"), factories.user("reviewer")
    assignments.assign(proposal, person=first, by=editor, now=NOW)
    assignments.assign(proposal, person=second, by=editor, now=NOW)
    in_force = Assignment.objects.filter(ended_at__isnull=True)
    assert [row.person for row in in_force] == [second]
    told = Event.objects.filter(verb="assignment.made").order_by("id").values_list("before", "after")
    assert list(told) == [
        (None, {"person": first.username}),
        ({"person": first.username}, {"person": second.username}),
    ]


def test_a_finding_is_released_again():
    finding, editor = factories.finding(), factories.user("editor")
    assignments.assign(finding, person=editor, by=editor, now=NOW)
    assignments.release(finding, by=editor, now=NOW)
    assert not Assignment.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(Refused) as refusal:
        assignments.release(finding, by=editor, now=NOW)
    assert refusal.value.rule == "assignment_in_force"


def test_nobody_is_asked_to_decide_on_their_own_proposal():
    reviewer = factories.user("reviewer")
    proposal = factories.proposed(factories.recommendation(), by=reviewer)
    with pytest.raises(Refused) as refusal:
        assignments.assign(proposal, person=reviewer, by=factories.user("editor"), now=NOW)
    assert (refusal.value.rule, refusal.value.field) == ("assignment_four_eyes", "person")


def test_nobody_is_asked_who_could_not_decide():
    proposal, editor = factories.proposed(factories.recommendation()), factories.user("editor")
    with pytest.raises(Refused) as refusal:
        assignments.assign(proposal, person=editor, by=editor, now=NOW)
    assert refusal.value.rule == "assignment_may_decide"


def test_what_is_decided_is_assigned_to_nobody():
    proposal, reviewer = factories.proposed(factories.recommendation()), factories.user("reviewer")
    assessments.reject(proposal, by=reviewer, now=NOW, note="Too thin.")
    with pytest.raises(Refused) as refusal:
        assignments.assign(proposal, person=reviewer, by=reviewer, now=NOW)
    assert refusal.value.rule == "assignment_waits"


def test_a_viewer_assigns_nothing():
    proposal, reviewer = factories.proposed(factories.recommendation()), factories.user("reviewer")
    with pytest.raises(NotAllowed):
        assignments.assign(proposal, person=reviewer, by=factories.user("viewer"), now=NOW)
