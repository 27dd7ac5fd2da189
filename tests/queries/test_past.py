"""What is found of the past by shortcuts is what `recommendations_headline_at` says, on rows made at random."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from django.db import connection

from recommendations.models import Assessment, Recommendation
from recommendations.queries import groups, past
from recommendations.queries import recommendations as queries
from recommendations.queries.recommendations import Asked
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status
from tests import histories
from tests.histories import DAYS, MOMENTS, STATUSES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    histories.made_at_random()
    assert Assessment.objects.filter(supersedes__isnull=False, state="published").exists()


ASKED = (
    *(Asked(statuses=[status]) for status in (*STATUSES, "not_assessed")),
    Asked(statuses=["not_assessed", "reversed"]),
    Asked(contested=True),
    Asked(contested=False),
    Asked(open=True),
    Asked(open=False),
    Asked(overdue=True),
    Asked(overdue=False),
    Asked(stale=True),
    Asked(stale=False),
    Asked(statuses=["in_progress"], contested=True),
    Asked(responses=["accepted"]),
    Asked(responses=["accepted", "none"]),
    Asked(due_before=date(2018, 1, 1)),
    Asked(due_after=date(2016, 12, 31)),
    Asked(overdue=True, due_before=date(2018, 1, 1), open=True),
    Asked(statuses=["in_progress", "implemented"], responses=["accepted"], open=True),
)


def is_so(head, asked):
    return (
        (not asked.statuses or head.status in asked.statuses)
        and (not asked.responses or head.response in asked.responses)
        and asked.contested in (None, head.contested)
        and asked.open in (None, head.open)
        and asked.overdue in (None, head.overdue)
        and asked.stale in (None, head.stale)
        and (asked.due_before is None or (head.due_on is not None and head.due_on < asked.due_before))
        and (asked.due_after is None or (head.due_on is not None and head.due_on > asked.due_after))
    )


def moments():
    for as_of in (date(2009, 1, 1), *DAYS[1::3], date(2020, 1, 1)):
        for known_at in (*MOMENTS[::3], datetime(2026, 1, 1, tzinfo=UTC)):
            yield Moment(as_of, known_at)


@pytest.mark.parametrize(
    ("few", "whole"),
    [(10**9, False), (0, False), (0, True)],
    ids=["found by what was said", "found by walking", "all at once"],
)
def test_lists_are_what_the_headlines_say(world, monkeypatch, few, whole):
    monkeypatch.setattr(past, "FEW", few)
    found: Counter[Any] = Counter()
    for at in moments():
        heads = queries.headlines(queries.existing(None, at), at, now=at.known_at)
        for number, asked in enumerate(ASKED):
            rows = queries.matching(queries.existing(None, at), asked, at, now=at.known_at, whole=whole)
            expected = {pk for pk, head in heads.items() if is_so(head, asked)}
            assert set(rows.values_list("pk", flat=True)) == expected, (at, asked)
            found[number] += len(expected)
    assert [asked for number, asked in enumerate(ASKED) if not found[number]] == [], "they test nothing"


def few_of(asked, at):
    return [text for text, _values in past._few(list(past._possible(asked, at)))]


def test_few_or_many_is_what_was_said(world, monkeypatch):
    monkeypatch.setattr(past, "FEW", 3)  # of thirty: nine at most
    at = Moment(date(2020, 1, 1), MOMENTS[-1])
    assert len(few_of(Asked(statuses=["unable_to_assess"]), at)) == 1
    assert few_of(Asked(statuses=STATUSES), at) == []
    assert len(few_of(Asked(statuses=STATUSES, overdue=True, open=False), at)) == 2


@pytest.mark.parametrize(
    ("asked", "statements"),
    [(Asked(statuses=["in_progress"], contested=True, overdue=True), 2), (Asked(open=True), 1)],
)
def test_a_list_costs_one_statement_and_one_to_learn_what_is_rare(
    world, asked, statements, django_assert_num_queries
):
    at = Moment(date(2020, 1, 1), MOMENTS[-1])
    with django_assert_num_queries(statements):
        list(queries.matching(queries.existing(None, at), asked, at, now=at.known_at))


@pytest.mark.parametrize("level", ["all", "top"])
def test_the_overview_counts_the_headlines(world, level):
    for at, by in product(moments(), ["source", "theme", "addressee", "year"]):
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
