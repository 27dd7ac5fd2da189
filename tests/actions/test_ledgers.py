"""Deadlines, responses and closures: rows that are added, and the headline that follows them."""

from datetime import date, timedelta

import pytest

from recommendations.actions import closures, deadlines, responses
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Event, Finding
from recommendations.queries.headlines import differences
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_deadline_keeps_the_old_date_and_the_reason():
    row, editor = factories.recommendation(), factories.user("editor")
    deadlines.move(row, due_on=date(2027, 1, 31), reason="Agreed with the ministry.", by=editor, now=NOW)
    later = NOW + timedelta(days=1)
    deadlines.move(row, due_on=date(2027, 6, 30), reason="The bill is late.", by=editor, now=later)
    row.refresh_from_db()
    ledger = list(row.deadlines.values_list("previous_due_on", "due_on", "reason"))
    assert row.due_on == date(2027, 6, 30)
    assert ledger == [
        (date(2027, 1, 31), date(2027, 6, 30), "The bill is late."),
        (None, date(2027, 1, 31), "Agreed with the ministry."),
    ]


@pytest.mark.parametrize(
    ("due_on", "reason", "rule"),
    [(date(2027, 1, 1), " ", "deadline_reason_given"), (None, "why", "deadline_says_something")],
)
def test_a_deadline_is_not_moved_without_reason_or_to_where_it_is(due_on, reason, rule):
    with pytest.raises(Refused) as refusal:
        deadlines.move(
            factories.recommendation(), due_on=due_on, reason=reason, by=factories.user("editor"), now=NOW
        )
    assert refusal.value.rule == rule


def test_the_latest_response_is_the_one_shown():
    row, editor, ministry = factories.recommendation(), factories.user("editor"), factories.institution()
    for kind, day in [
        ("noted", date(2012, 1, 1)),
        ("accepted", date(2013, 1, 1)),
        ("rejected", date(2011, 6, 1)),
    ]:
        responses.record(row, institution=ministry, kind=kind, stated_on=day, by=editor, now=NOW)
    row.refresh_from_db()
    assert row.response == "accepted"


def test_a_closure_with_a_review_date_lapses_by_itself():
    row, reviewer = factories.recommendation(), factories.user("reviewer")
    closures.close(
        row, reason="superseded", note="By the 2027 report.", review_on=date(2027, 1, 1), by=reviewer, now=NOW
    )
    row.refresh_from_db()
    assert (row.closure_reason, row.closure_review_on) == ("superseded", date(2027, 1, 1))

    assert closures.reopen_lapsed(now=NOW) == 0
    assert closures.reopen_lapsed(now=NOW + timedelta(days=36)) == 1
    assert closures.reopen_lapsed(now=NOW + timedelta(days=37)) == 0

    row.refresh_from_db()
    assert row.closure_reason == ""
    events = Event.objects.filter(actor=closures.SWEEP).order_by("id")
    assert list(events.values_list("verb", "actor_id")) == [
        ("recommendation.reopened", None),
        ("finding.brought", None),
    ]
    finding = Finding.objects.get()
    assert (finding.kind, finding.recommendation, finding.saw) == (
        "closure_expired",
        row,
        {"reason": "superseded", "review_on": "2027-01-01"},
    )


@pytest.mark.parametrize(
    ("reason", "review_on"),
    [("superseded", None), ("superseded", NOW.date()), ("implemented", date(2027, 1, 1))],
)
def test_a_review_date_belongs_to_the_three_reasons_that_lapse(reason, review_on):
    with pytest.raises(Refused) as refusal:
        closures.close(
            factories.recommendation(),
            reason=reason,
            note="why",
            review_on=review_on,
            by=factories.user("reviewer"),
            now=NOW,
        )
    assert (refusal.value.rule, refusal.value.field) == ("closure_review_date_where_it_lapses", "review_on")


def test_closing_takes_a_reviewer_and_happens_once():
    row = factories.recommendation()
    closing = {"reason": "implemented", "note": "Done.", "now": NOW}
    with pytest.raises(NotAllowed):
        closures.close(row, by=factories.user("editor"), **closing)
    closures.close(row, by=factories.user("reviewer"), **closing)
    with pytest.raises(Refused) as refusal:
        closures.close(row, by=factories.user("reviewer"), **closing)
    assert refusal.value.rule == "closure_one_in_force"
    closures.reopen(row, note="Undone by the new law.", by=factories.user("reviewer"), now=NOW)
    row.refresh_from_db()
    assert row.closure_reason == ""
    assert differences() == []
