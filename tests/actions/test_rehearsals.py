"""A rehearsal says exactly what publishing would do, and leaves nothing behind."""

from datetime import date

import pytest

from recommendations.actions import assessments, rehearsals
from recommendations.actions.assessments import Cited
from recommendations.models import Assessment, Event
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_it_says_what_publishing_then_does():
    about = factories.recommendation()
    proposal, reviewer = factories.proposed(about, status="in_progress"), factories.user("reviewer")
    effect = rehearsals.publishing(proposal, by=reviewer, now=NOW)
    assert effect.refused is None
    assert effect.changes["status"] == ("not_assessed", "in_progress")
    assert effect.changes["status_since"] == (None, date(2013, 1, 1))
    assessments.publish(proposal, by=reviewer, now=NOW)
    about.refresh_from_db()
    assert (about.status, about.status_since) == ("in_progress", date(2013, 1, 1))


def test_it_leaves_nothing_behind():
    about = factories.recommendation()
    proposal = factories.proposed(about)
    events, version = Event.objects.count(), about.version
    rehearsals.publishing(proposal, by=factories.user("reviewer"), now=NOW)
    about.refresh_from_db()
    proposal.refresh_from_db()
    assert (proposal.state, about.status, about.version) == ("proposed", "not_assessed", version)
    assert Event.objects.count() == events


def test_an_older_day_changes_no_headline():
    about = factories.recommendation()
    factories.published(about, status="implemented", effective_on=date(2020, 1, 1))
    older = factories.proposed(about, status="in_progress", effective_on=date(2015, 1, 1))
    effect = rehearsals.publishing(older, by=factories.user("reviewer"), now=NOW)
    assert effect.refused is None
    assert "status" not in effect.changes


def test_it_is_refused_as_the_real_thing_is():
    reviewer = factories.user("reviewer")
    proposal = factories.proposed(factories.recommendation(), by=reviewer)
    effect = rehearsals.publishing(proposal, by=reviewer, now=NOW)
    assert (effect.refused.rule, effect.changes) == ("assessment_four_eyes", {})


def test_unverified_evidence_alone_is_refused():
    about = factories.recommendation()
    unread = factories.evidence(bears_on=about, verified=False)
    proposal = factories.proposed(about, cites=[Cited(unread, "supports")])
    effect = rehearsals.publishing(proposal, by=factories.user("reviewer"), now=NOW)
    assert effect.refused.rule == "assessment_rests_on_verified_evidence"


def claim(**changed):
    return {
        "status": "implemented",
        "effective_on": date(2020, 5, 1),
        "rationale": "The rule is in force.",
        "confidence": "high",
        "cites": [],
    } | changed


def test_an_editor_sees_what_a_proposal_would_come_to():
    about, editor = factories.recommendation(), factories.user("editor")
    read = factories.evidence(bears_on=about)
    effect = rehearsals.proposing(about, **claim(cites=[Cited(read, "supports")]), by=editor, now=NOW)
    assert effect.changes["status"] == ("not_assessed", "implemented")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({}, "assessment_cites_evidence"),
        ({"status": "no_action", "effective_on": date(2027, 1, 1)}, "assessment_not_in_the_future"),
        ({"rationale": " "}, "assessment_rationale_given"),
    ],
)
def test_a_proposal_that_would_be_refused_is_refused_beforehand(changed, rule):
    about, editor = factories.recommendation(), factories.user("editor")
    effect = rehearsals.proposing(about, **claim(**changed), by=editor, now=NOW)
    assert effect.refused.rule == rule
