"""One queue: its order, whose turn it is, and what follows."""

from datetime import timedelta

import pytest

from recommendations.actions import assessments, assignments
from recommendations.models import Recommendation
from recommendations.queries import queue, queue_scope
from recommendations.queries.queue import Place, Wanted
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def places(person, **wanted):
    return [item.place for item in queue.page(Wanted(**wanted), person, now=NOW, limit=50)]


@pytest.fixture
def reviewer():
    return factories.user("reviewer")


def test_assigned_first_then_the_longest_waiting(reviewer):
    old = factories.finding(first_seen_at=NOW - timedelta(days=9))
    new = factories.proposed(factories.recommendation(), now=NOW - timedelta(days=1))
    newest, same_age = factories.finding(first_seen_at=NOW), factories.finding(first_seen_at=NOW)
    named, later = (
        factories.finding(first_seen_at=NOW - timedelta(days=2)),
        factories.finding(first_seen_at=NOW),
    )
    for each in (named, later):
        assignments.assign(each, person=reviewer, by=reviewer, now=NOW)
    expected = [
        Place("finding", named.pk),
        Place("finding", later.pk),
        Place("finding", old.pk),
        Place("proposal", new.pk),
        Place("finding", newest.pk),
        Place("finding", same_age.pk),
    ]
    assert places(reviewer) == expected
    for number, place in enumerate(expected):
        rest = queue.page(Wanted(), reviewer, now=NOW, limit=50, after=place)
        assert [item.place for item in rest] == expected[number + 1 :]


def test_what_is_decided_is_gone(reviewer):
    proposal = factories.proposed(factories.recommendation())
    finding = factories.finding()
    assert len(places(reviewer)) == 2
    assessments.publish(proposal, by=reviewer, now=NOW)
    assert places(reviewer) == [Place("finding", finding.pk)]


def test_it_is_counted_by_whose_turn_it_is(reviewer):
    factories.proposed(factories.recommendation(), by=reviewer)
    factories.proposed(factories.recommendation())
    factories.finding()
    told = queue.counts(reviewer)
    assert (told.all, told.yours, told.others, told.assigned) == (3, 2, 1, 0)
    told = queue.counts(factories.user("editor"))
    assert (told.all, told.yours, told.others) == (3, 1, 2)
    for person in (reviewer, factories.user("editor"), factories.user("viewer")):
        told = queue.counts(person)
        assert len(places(person, turn="yours")) == told.yours
        assert len(places(person, turn="others")) == told.others


@pytest.fixture(params=[queue_scope.MOST, 0], ids=["from the few", "from the front"])
def _both_ways(request, monkeypatch):
    monkeypatch.setattr(queue_scope, "MOST", request.param)


@pytest.mark.usefixtures("_both_ways")
def test_it_is_narrowed_by_what_source_theme_and_age(reviewer):
    theme = factories.theme()
    part_of_it = factories.theme(parent=theme)
    one = factories.recommendation()
    one.themes.add(part_of_it)
    watched = factories.evidence(bears_on=one)
    changed = factories.finding(
        kind="evidence_changed", evidence=watched, first_seen_at=NOW - timedelta(days=40)
    )
    proposal = factories.proposed(one)
    factories.proposed(factories.recommendation())
    both = {Place("finding", changed.pk), Place("proposal", proposal.pk)}
    assert set(places(reviewer, source=one.source.code)) == both
    assert set(places(reviewer, theme=theme.code)) == both
    assert set(places(reviewer, theme=part_of_it.code)) == both
    assert places(reviewer, what="evidence_changed") == [Place("finding", changed.pk)]
    assert places(reviewer, days=30) == [Place("finding", changed.pk)]
    assert places(reviewer, theme="no-such-theme") == []
    assert places(reviewer, priority=True) == []
    one.priority = True
    one.save()
    assert set(places(reviewer, priority=True)) == both


@pytest.mark.usefixtures("_both_ways")
def test_whose_turn_it_is_goes_by_what_a_person_is_limited_to():
    theme = factories.theme()
    whole, other = factories.recommendation(), factories.recommendation()
    whole.themes.add(factories.theme(parent=theme))
    part = factories.recommendation(parent=whole)
    measured = factories.indicator(recommendations=[whole])
    theirs = {
        Place("proposal", factories.proposed(whole).pk),
        Place("proposal", factories.proposed(part).pk),
        Place("finding", factories.finding(recommendation=part).pk),
        Place("finding", factories.finding(indicator=measured, recommendation=None).pk),
        Place("finding", factories.finding(evidence=factories.evidence(bears_on=part)).pk),
    }
    others = {
        Place("proposal", factories.proposed(other).pk),
        Place("finding", factories.finding(recommendation=other).pk),
    }
    person = factories.user("reviewer", theme_limits=[theme.pk])
    assert (set(places(person, turn="yours")), set(places(person, turn="others"))) == (theirs, others)
    assert set(places(person, turn="yours", source=part.source.code)) == theirs
    assert places(person, turn="yours", source=other.source.code) == []
    assert (queue.counts(person).yours, queue.counts(person).others) == (5, 2)


def test_a_finding_tells_on_what_its_document_bears(reviewer):
    one, other = factories.recommendation(), factories.recommendation()
    watched = factories.evidence(bears_on=one)
    factories.evidence(bears_on=other, document=watched.document)
    factories.finding(kind="evidence_changed", evidence=watched)
    (item,) = queue.page(Wanted(), reviewer, now=NOW, limit=50)
    assert {row.code for row in item.about} == {one.code, other.code}


def test_the_next_is_one_that_the_person_may_decide_on(reviewer):
    first = factories.proposed(factories.recommendation(), now=NOW - timedelta(days=3))
    factories.proposed(factories.recommendation(), by=reviewer, now=NOW - timedelta(days=2))
    last = factories.proposed(factories.recommendation(), now=NOW - timedelta(days=1))
    here, there = Place("proposal", first.pk), Place("proposal", last.pk)
    assert queue.following(Wanted(), reviewer, here, now=NOW) == there
    assert queue.following(Wanted(), reviewer, there, now=NOW) is None


def test_what_is_left_is_what_the_person_may_decide_on_where_the_queue_is_narrowed(reviewer, monkeypatch):
    about = factories.recommendation()
    for row in (about, about, factories.recommendation()):
        factories.proposed(row)
    factories.proposed(about, by=reviewer)
    assignments.assign(factories.finding(), person=reviewer, by=reviewer, now=NOW)
    narrowed = Wanted(source=about.source.code)
    assert queue.left(Wanted(), reviewer, now=NOW) == 4
    assert queue.left(narrowed, reviewer, now=NOW) == 2
    assert queue.left(Wanted(turn="assigned"), reviewer, now=NOW) == 1
    assert queue.left(Wanted(), factories.user("viewer"), now=NOW) == 0
    monkeypatch.setattr(queue, "MOST_LEFT", 2)
    assert queue.left(Wanted(), reviewer, now=NOW) == 3, "one more than is counted stands for more"


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_as_many_statements_whatever_waits(rows, reviewer, django_assert_num_queries):
    for _each in range(rows):
        finding = factories.finding(
            kind="evidence_changed", evidence=factories.evidence(bears_on=factories.recommendation())
        )
        factories.proposed(factories.recommendation())
        assignments.assign(finding, person=reviewer, by=reviewer, now=NOW)
    with django_assert_num_queries(6):
        assert len(queue.page(Wanted(), reviewer, now=NOW, limit=50)) == 2 * rows
    with django_assert_num_queries(1):
        queue.counts(reviewer)
    with django_assert_num_queries(2):
        assert queue.left(Wanted(), reviewer, now=NOW) == 2 * rows
    theme = factories.theme()
    theme.recommendations.set(Recommendation.objects.all())
    with django_assert_num_queries(7):
        assert len(queue.page(Wanted(theme=theme.code), reviewer, now=NOW, limit=50)) == 2 * rows
