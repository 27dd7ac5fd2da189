"""Lists of recommendations: both time axes, every filter by headline, and a constant price."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.actions import assessments, closures, deadlines, responses
from recommendations.models import EvidenceLink, Recommendation
from recommendations.queries import recommendations as queries
from recommendations.queries.recommendations import Asked
from recommendations.rules.moments import Moment
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

FIRST, SECOND = datetime(2020, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)


def status_at(row, as_of, known_at):
    at = Moment(as_of, known_at)
    found = queries.headlines(queries.listed(None, at).filter(pk=row.pk), at, now=NOW)
    return found[row.pk].status if found else None


class TestTwoTimeAxes:
    def test_what_was_true_and_what_we_said(self):
        row = factories.recommendation(source=factories.source(published_on=date(2011, 3, 1)))
        factories.published(row, status="no_action", effective_on=date(2011, 3, 31), now=FIRST)
        factories.published(row, status="implemented", effective_on=date(2014, 12, 31), now=SECOND)
        assert status_at(row, date(2010, 1, 1), NOW) is None
        assert status_at(row, date(2011, 3, 15), NOW) == "not_assessed"
        assert status_at(row, date(2013, 6, 1), NOW) == "no_action"
        assert status_at(row, date(2019, 1, 1), NOW) == "implemented"
        assert status_at(row, date(2019, 1, 1), FIRST) == "no_action"
        assert status_at(row, date(2019, 1, 1), FIRST - timedelta(days=1)) == "not_assessed"

    def test_a_retracted_verdict_was_believed_until_it_was_retracted(self):
        row = factories.recommendation()
        wrong = factories.published(row, status="implemented", effective_on=date(2014, 1, 1), now=FIRST)
        assessments.retract(wrong, by=factories.user("reviewer"), now=SECOND, note="wrong")
        assert status_at(row, date(2015, 1, 1), SECOND - timedelta(seconds=1)) == "implemented"
        assert status_at(row, date(2015, 1, 1), SECOND) == "not_assessed"

    def test_a_corrected_verdict_was_believed_until_it_was_corrected(self):
        row = factories.recommendation()
        first = factories.published(row, status="implemented", effective_on=date(2014, 1, 1), now=FIRST)
        factories.published(
            row, status="in_progress", effective_on=date(2014, 1, 1), now=SECOND, supersedes=first
        )
        assert status_at(row, date(2015, 1, 1), FIRST) == "implemented"
        assert status_at(row, date(2015, 1, 1), SECOND) == "in_progress"

    def test_now_is_what_the_columns_say(self):
        for status in ("implemented", "reversed"):
            factories.published(factories.recommendation(), status=status)
        factories.recommendation()
        rows = list(Recommendation.objects.all())
        at = Moment(NOW.date(), NOW)
        assert queries.headlines(rows, at, now=NOW) == queries.headlines(rows, None, now=NOW)


@pytest.fixture
def four(db):
    """Four recommendations: implemented and closed, in progress and overdue, contested, and untouched."""
    reviewer, editor = factories.user("reviewer"), factories.user("editor")
    done, late, argued, untouched = (factories.recommendation() for _each in range(4))
    factories.published(done, status="implemented", now=SECOND)
    closures.close(done, reason="implemented", note="Done.", by=reviewer, now=SECOND)
    factories.published(late, status="in_progress", now=SECOND)
    deadlines.move(late, due_on=date(2023, 1, 1), reason="agreed", by=editor, now=SECOND)
    factories.published(argued, status="in_progress", now=NOW)
    body = factories.institution()
    factories.published(argued, status="implemented", verdict_by="addressee", verdict_institution=body)
    responses.record(
        argued, institution=body, kind="accepted", stated_on=date(2012, 1, 1), by=editor, now=SECOND
    )
    return {"done": done, "late": late, "argued": argued, "untouched": untouched}


FILTERS = [
    (Asked(), {"done", "late", "argued", "untouched"}),
    (Asked(statuses=["implemented"]), {"done"}),
    (Asked(statuses=["not_assessed", "in_progress"]), {"late", "argued", "untouched"}),
    (Asked(open=False), {"done"}),
    (Asked(open=True), {"late", "argued", "untouched"}),
    (Asked(overdue=True), {"late"}),
    (Asked(overdue=False), {"done", "argued", "untouched"}),
    (Asked(contested=True), {"argued"}),
    (Asked(responses=["accepted"]), {"argued"}),
    (Asked(responses=["none"]), {"done", "late", "untouched"}),
    (Asked(stale=True), {"done", "late"}),
    (Asked(stale=False), {"argued", "untouched"}),
    (Asked(due_before=date(2024, 1, 1)), {"late"}),
    (Asked(due_after=date(2024, 1, 1)), set()),
    (Asked(statuses=["in_progress"], overdue=True), {"late"}),
]


@pytest.mark.parametrize("at", [None, Moment(NOW.date(), NOW)], ids=["today", "as of today"])
@pytest.mark.parametrize(("asked", "expected"), FILTERS)
def test_filters_by_headline_answer_alike_from_columns_and_from_history(four, asked, expected, at):
    rows = queries.matching(queries.listed(None, at), asked, at, now=NOW)
    names = {row.pk: name for name, row in four.items()}
    assert {names[row.pk] for row in rows} == expected


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_three_statements_and_a_fourth_in_the_past(number):
    for _each in range(number):
        row = factories.recommendation()
        factories.recommendation(parent=row)
        factories.published(row)
    at = Moment(date(2020, 1, 1), NOW)
    with CaptureQueriesContext(connection) as today:
        rows = list(queries.listed(None))
        queries.headlines(rows, None, now=NOW)
    with CaptureQueriesContext(connection) as past:
        rows = list(queries.listed(None, at))
        queries.headlines(rows, at, now=NOW)
    assert (len(today), len(past)) == (3, 4)


def test_counts_tell_the_public_nothing_of_what_is_internal():
    row = factories.recommendation()
    factories.recommendation(parent=row)
    factories.recommendation(parent=row, visibility="internal")
    factories.evidence(bears_on=row)
    factories.evidence(bears_on=row, visibility="internal")
    seen = queries.listed(None).get(pk=row.pk)
    staff = queries.listed(factories.user("viewer")).get(pk=row.pk)
    assert (seen.parts_count, seen.evidence_count) == (1, 1)
    assert (staff.parts_count, staff.evidence_count) == (2, 2)


@pytest.mark.parametrize("hidden", ["itself", "source", "whole"])
def test_published_hides_what_is_internal_and_all_that_belongs_to_it(hidden):
    source = factories.source(visibility="internal" if hidden == "source" else "public")
    whole = factories.recommendation(source=source, visibility="internal" if hidden == "whole" else "public")
    part = factories.recommendation(parent=whole, visibility="internal" if hidden == "itself" else "public")
    assert part not in Recommendation.objects.published()
    assert part in queries.listed(factories.user("viewer"))


def test_evidence_on_a_part_counts_for_the_whole_once():
    whole = factories.recommendation()
    part = factories.recommendation(parent=whole)
    both = factories.evidence(bears_on=whole)
    EvidenceLink.objects.create(evidence=both, recommendation=part, stance="contradicts")
    factories.evidence(bears_on=part)
    counts = dict(queries.listed(None).values_list("pk", "evidence_count"))
    assert counts == {whole.pk: 2, part.pk: 2}
