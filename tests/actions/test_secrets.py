"""What must not get out: into public events, or into another person's hands."""

from dataclasses import fields
from datetime import date

import pytest

from recommendations.actions import assessments, deadlines, evidence, seeds, tokens, users
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.exchange.nouns import Seeds
from recommendations.models import Event
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hidden", ["recommendation", "source"])
def test_no_event_about_something_internal_is_public(hidden):
    source = factories.source(visibility="internal" if hidden == "source" else "public")
    row = factories.recommendation(
        source=source, visibility="internal" if hidden == "recommendation" else "public"
    )
    factories.published(row)
    deadlines.move(row, due_on=date(2027, 1, 1), reason="secret", by=factories.user("editor"), now=NOW)
    assert Event.objects.count() == 4
    assert not Event.objects.filter(public=True).exists()


def test_the_note_between_proposer_and_reviewer_is_in_no_public_event():
    proposal = factories.proposed(factories.recommendation())
    assessments.publish(proposal, by=factories.user("reviewer"), now=NOW, note="Between us.")
    assert list(Event.objects.filter(public=True).order_by("id").values_list("verb", "note")) == [
        ("recommendation.status_changed", ""),
        ("assessment.published", ""),
    ]


def test_an_administrator_cannot_hold_a_reviewers_key():
    admin, reviewer = factories.user("administrator"), factories.user("reviewer")
    with pytest.raises(NotAllowed):
        tokens.issue(reviewer, name="mine now", scopes=["review"], by=admin, now=NOW)


def test_a_password_set_by_another_ends_the_tokens_and_is_told():
    admin, reviewer = factories.user("administrator"), factories.user("reviewer")
    token, _key = tokens.issue(reviewer, name="script", scopes=["read"], by=reviewer, now=NOW)
    users.set_password(reviewer, "another one", by=admin, now=NOW)
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert Event.objects.filter(verb="user.password_changed", actor=admin.username).exists()


def test_seeds_are_published_by_the_curator_or_by_who_may_publish():
    nothing = Seeds(*[() for _each in fields(Seeds)])
    with pytest.raises(NotAllowed):
        seeds.load(nothing, by=factories.user("editor"), now=NOW, progress=lambda *_told: None)


class TestEvidenceUnderAVerdict:
    def test_it_is_neither_hidden_nor_declared_unread(self):
        row = factories.recommendation()
        carrying = factories.evidence(bears_on=row)
        factories.published(row, cites=[assessments.Cited(carrying, "supports")])
        for changes in ({"visibility": "internal"}, {"verified": False}):
            with pytest.raises(Refused) as refusal:
                evidence.change(carrying, by=factories.user("editor"), now=NOW, **changes)
            assert refusal.value.rule == "evidence_carries_a_verdict"

    def test_a_verdict_needs_some_that_anyone_may_see(self):
        row = factories.recommendation()
        hidden = factories.evidence(bears_on=row, visibility="internal")
        proposal = factories.proposed(row, cites=[assessments.Cited(hidden, "supports")])
        with pytest.raises(Refused) as refusal:
            assessments.publish(proposal, by=factories.user("reviewer"), now=NOW)
        assert refusal.value.rule == "assessment_rests_on_verified_evidence"

    def test_a_corrected_day_is_checked_and_tells_anew_what_is_older_than_the_document(self):
        row = factories.recommendation()
        seen = factories.evidence(bears_on=row)
        editor = factories.user("editor")
        with pytest.raises(Refused) as refusal:
            evidence.change(seen, occurred_on=date(2099, 1, 1), by=editor, now=NOW)
        assert refusal.value.rule == "evidence_not_in_the_future"
        evidence.change(seen, occurred_on=date(1990, 1, 1), by=editor, now=NOW)
        assert seen.links.get().timing == "before_publication"
