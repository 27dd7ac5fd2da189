"""What is found of the past by shortcuts is what `recommendations_headline_at` says, on rows made at random."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from recommendations.actions import assessments, closures, deadlines, responses
from recommendations.models import Assessment, Recommendation
from recommendations.queries import groups, past
from recommendations.queries import recommendations as queries
from recommendations.queries.recommendations import Asked
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status
from tests import factories

pytestmark = pytest.mark.django_db

STATUSES = ("in_progress", "implemented", "no_action", "reversed")
DAYS = [date(2011, 6, 1) + timedelta(days=200 * each) for each in range(8)]
MOMENTS = [datetime(2016, 1, 1, tzinfo=UTC) + timedelta(days=150 * each) for each in range(8)]


@pytest.fixture
def world(db):
    """Thirty recommendations of four sources with verdicts, corrections, retractions and all else of a headline."""
    dice = random.Random(20260101)
    reviewer, editor, body = factories.user("reviewer"), factories.user("editor"), factories.institution()
    sources = [factories.source(published_on=date(2010 + each, 1, 1)) for each in range(4)]
    themes = [factories.theme() for _each in range(3)]
    for number in range(30):
        row = factories.recommendation(source=dice.choice(sources))
        row.themes.set(dice.sample(themes, dice.randint(0, 2)))
        made: list[Any] = []
        for now in sorted(dice.sample(MOMENTS, dice.randint(0, 4))):
            corrected = dice.choice(made) if made and dice.random() < 0.4 else None
            others = {"verdict_by": "addressee", "verdict_institution": body}
            whose = others if corrected is None and dice.random() < 0.3 else {}
            verdict = factories.published(
                row,
                status=dice.choice(STATUSES),
                effective_on=max(dice.choice(DAYS), row.source.published_on),
                now=now,
                supersedes=corrected,
                **whose,
            )
            if dice.random() < 0.2:
                assessments.retract(verdict, by=reviewer, now=now + timedelta(days=200), note="Misread.")
            elif not whose:
                made = [each for each in made if each != corrected] + [verdict]
        if number % 3 == 0:
            on = max(dice.choice(DAYS), row.source.published_on)
            responses.record(
                row, institution=body, kind="accepted", stated_on=on, by=editor, now=dice.choice(MOMENTS)
            )
        if number % 4 == 0:
            now = dice.choice(MOMENTS)
            deadlines.move(row, due_on=date(2017, 1, 1), reason="agreed", by=editor, now=now)
        if number % 5 == 0:
            now = dice.choice(MOMENTS)
            again = now.date() + timedelta(days=1500)
            closures.close(row, reason="superseded", note="Overtaken.", review_on=again, by=reviewer, now=now)
    assert Assessment.objects.filter(supersedes__isnull=False, state="published").exists()


ASKED = (
    *(Asked(statuses=[status]) for status in (*STATUSES, "not_assessed")),
    Asked(statuses=["not_assessed", "reversed"]),
    Asked(contested=True),
    Asked(contested=False),
    Asked(open=False),
    Asked(overdue=True),
    Asked(responses=["accepted"]),
    Asked(responses=["accepted", "none"]),
    Asked(due_before=date(2018, 1, 1)),
    Asked(statuses=["in_progress", "implemented"], responses=["accepted"], open=True),
)


def is_so(head, asked):
    return (
        (not asked.statuses or head.status in asked.statuses)
        and (not asked.responses or head.response in asked.responses)
        and asked.contested in (None, head.contested)
        and asked.open in (None, head.open)
        and asked.overdue in (None, head.overdue)
        and (asked.due_before is None or (head.due_on is not None and head.due_on < asked.due_before))
    )


def moments():
    for as_of in (date(2009, 1, 1), *DAYS[1::3], date(2020, 1, 1)):
        for known_at in (*MOMENTS[::3], datetime(2026, 1, 1, tzinfo=UTC)):
            yield Moment(as_of, known_at)


@pytest.mark.parametrize("few", [True, False], ids=["found by verdicts", "found by walking"])
def test_lists_are_what_the_headlines_say(world, monkeypatch, few):
    monkeypatch.setattr(past, "_were_few", lambda statuses, at: few)
    found: Counter[Any] = Counter()
    for at in moments():
        heads = queries.headlines(queries.existing(None, at), at, now=at.known_at)
        for number, asked in enumerate(ASKED):
            rows = queries.matching(queries.existing(None, at), asked, at, now=at.known_at)
            expected = {pk for pk, head in heads.items() if is_so(head, asked)}
            assert set(rows.values_list("pk", flat=True)) == expected, (at, asked)
            found[number] += len(expected)
    assert [asked for number, asked in enumerate(ASKED) if not found[number]] == [], "they test nothing"


def test_few_or_many_is_what_the_verdicts_say(world):
    at = Moment(date(2020, 1, 1), MOMENTS[-1])
    assert past._were_few(["unable_to_assess"], at)
    assert not past._were_few([*STATUSES], at)


@pytest.mark.parametrize("by", ["source", "theme", "addressee", "year"])
@pytest.mark.parametrize("level", ["all", "top"])
def test_the_overview_counts_the_headlines(world, by, level):
    for at in moments():
        told = groups.overview(None, by, at, now=at.known_at, level=level, limit=500)
        rows = queries.existing(None, at)
        if level == "top":
            rows = rows.filter(parent=None)
        assert told.groups == groups.grouped(rows, by, at, now=at.known_at)
        assert told.total == groups.everything(rows, at, now=at.known_at)


def test_the_overview_is_read_page_by_page(world):
    at = Moment(date(2020, 1, 1), MOMENTS[-1])
    asked = {"user": None, "by": "source", "at": at, "now": at.known_at, "level": "all"}
    whole = groups.overview(**asked, limit=500)
    first = groups.overview(**asked, limit=2)
    rest = groups.overview(**asked, limit=2, after=first.groups[-1].code)
    assert (first.more, rest.more) == (True, False)
    assert first.groups + rest.groups == whole.groups
    assert first.total == rest.total == whole.total


def test_the_latest_verdicts_are_those_of_the_headlines(world):
    for at in moments():
        with connection.cursor() as cursor:
            cursor.execute(past.LATEST, past.latest_values(at))
            latest = {pk: (status, published_at) for pk, status, published_at in cursor.fetchall()}
        heads = queries.headlines(Recommendation.objects.all(), at, now=at.known_at)
        assert {pk: latest.get(pk, (Status.NOT_ASSESSED, None)) for pk in heads} == {
            pk: (head.status, head.last_verified_at) for pk, head in heads.items()
        }
