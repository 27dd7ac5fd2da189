"""Who is told of between two days is whoever's headline differs, and whoever something was said of: at random."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.actions import assessments, closures, deadlines, responses
from recommendations.models import Assessment, Closure, Deadline, Recommendation, Response
from recommendations.queries import comparing
from recommendations.queries import recommendations as queries
from recommendations.queries.comparing import Days
from tests import factories

pytestmark = pytest.mark.django_db

DAYS = [date(2015, 12, 20) + timedelta(days=120 * each) for each in range(9)]
MOMENTS = [datetime(2016, 1, 1, 9, tzinfo=UTC) + timedelta(days=130 * each) for each in range(9)]


@pytest.fixture(params=[1, 2, 3])
def world(request, db):
    """Twenty-five recommendations with all that can be said of one, some of it hidden; another world for each seed."""
    dice = random.Random(request.param)
    reviewer, editor, body = factories.user("reviewer"), factories.user("editor"), factories.institution()
    sources = [factories.source(published_on=date(2012 + each, 6, 1)) for each in range(4)]
    for _each in range(3):
        factories.recommendation(source=factories.source(published_on=date(2016 + _each, 6, 1)))
    for number in range(25):
        row = factories.recommendation(
            source=dice.choice(sources), visibility="internal" if number % 8 == 7 else "public"
        )
        _judged(row, dice, reviewer, body)
        if dice.random() < 0.4:
            now = dice.choice(MOMENTS)
            on = max(min(dice.choice(DAYS), now.date()), row.source.published_on)
            responses.record(
                row,
                institution=body,
                kind=dice.choice(["accepted", "noted"]),
                stated_on=on,
                by=editor,
                now=now,
            )
        if dice.random() < 0.4:
            for day, now in enumerate(sorted(dice.sample(MOMENTS, dice.randint(1, 2)))):
                deadlines.move(row, due_on=date(2018, 1, 1 + day), reason="agreed", by=editor, now=now)
        if dice.random() < 0.4:
            first, last = sorted(dice.sample(MOMENTS, 2))
            review_on = first.date() + timedelta(days=dice.choice([150, 3000]))
            closures.close(
                row, reason="superseded", note="Overtaken.", review_on=review_on, by=reviewer, now=first
            )
            if dice.random() < 0.5:
                closures.reopen(row, note="Again.", by=reviewer, now=last)


def _judged(row, dice, reviewer, body):
    made: list[Assessment] = []
    for now in sorted(dice.sample(MOMENTS, dice.randint(0, 4))):
        corrected = dice.choice(made) if made and dice.random() < 0.3 else None
        others = {"verdict_by": "addressee", "verdict_institution": body}
        whose = others if corrected is None and dice.random() < 0.3 else {}
        on = max(min(dice.choice(DAYS), now.date()), row.source.published_on)
        status = dice.choice(["in_progress", "implemented", "no_action"])
        verdict = factories.published(
            row, status=status, effective_on=on, now=now, supersedes=corrected, **whose
        )
        if dice.random() < 0.2:
            assessments.retract(verdict, by=reviewer, now=now + timedelta(days=200), note="Misread.")
        elif not whose:
            made = [each for each in made if each != corrected] + [verdict]


def spans():
    for first in range(0, 8, 2):
        for last in range(first + 1, 9, 3):
            for known_at in (MOMENTS[4], datetime(2026, 1, 1, tzinfo=UTC)):
                yield Days(DAYS[first], DAYS[last], known_at)


def differing(user, days):
    """Those of which the truth says something else on the two days: by the function of the database."""
    rows = list(queries.existing(user, days.after))
    before = queries.headlines(rows, days.before, now=days.known_at)
    after = queries.headlines(rows, days.after, now=days.known_at)
    return {pk for pk, head in after.items() if pk not in before or told(before[pk]) != told(head)}


def told(head):
    return (
        head.status,
        head.status_since,
        head.response,
        head.due_on,
        head.contested,
        head.open,
        head.assessment_id,
    )


def said(user, days):
    """Those of which something was said between the days, row by row."""

    def within(day):
        return day is not None and days.first < day <= days.last

    def done(at):
        return at is not None and at <= days.known_at and within(at.astimezone(UTC).date())

    found = {
        row.pk for row in Recommendation.objects.select_related("source") if within(row.source.published_on)
    }
    verdicts = Assessment.objects.filter(published_at__lte=days.known_at)
    for verdict in verdicts.exclude(retracted_at__lte=days.known_at):
        found |= {verdict.recommendation_id} if within(verdict.effective_on) else set()
    for answer in Response.objects.filter(recorded_at__lte=days.known_at):
        found |= {answer.recommendation_id} if within(answer.stated_on) else set()
    found |= {each.recommendation_id for each in Deadline.objects.all() if done(each.recorded_at)}
    for closure in Closure.objects.filter(closed_at__lte=days.known_at):
        if done(closure.closed_at) or done(closure.reopened_at) or within(closure.review_on):
            found.add(closure.recommendation_id)
    return found & set(queries.existing(user, days.after).values_list("pk", flat=True))


@pytest.mark.parametrize("role", ["", "viewer"])
def test_those_told_of_are_those_that_differ_or_of_which_something_was_said(world, role):
    user = factories.user(role) if role else None
    number = 0
    for days in spans():
        expected = said(user, days)
        assert differing(user, days) <= expected, days
        for walked in (False, True):
            rows = comparing.touched(user, days, walked=walked)
            assert set(rows.values_list("pk", flat=True)) == expected, (days, walked)
        number += len(expected)
    assert number > 30, "they test nothing"


def test_both_headlines_are_those_of_the_truth(world):
    days = Days(DAYS[1], DAYS[6], MOMENTS[7])
    rows = queries.existing(None, days.after)
    before = queries.headlines(rows, days.before, now=days.known_at)
    after = queries.headlines(rows, days.after, now=days.known_at)
    page = comparing.touched(None, days).order_by("code").values("pk", "code")
    found = comparing.read(page, days)
    assert found
    assert [(each.before, each.after) for each in found] == [
        (before.get(each.pk), after[each.pk]) for each in found
    ]


def test_it_is_walked_where_much_was_told(world, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(comparing, "FEW", 10**6)
    with django_assert_num_queries(1):
        assert not comparing.were_many(Days(DAYS[0], DAYS[8], MOMENTS[8]))
    monkeypatch.setattr(comparing, "FEW", 1)
    assert comparing.were_many(Days(DAYS[0], DAYS[8], MOMENTS[8]))
