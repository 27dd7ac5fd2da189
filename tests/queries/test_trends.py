"""Status by year is what the overview answers as of each year's end; slips are what the ledger says."""

from datetime import UTC, date, datetime

import pytest

from recommendations.actions import assessments, deadlines
from recommendations.queries import groups, trends
from recommendations.queries.recommendations import existing
from recommendations.rules.moments import Moment
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_each_year_equals_the_overview_as_of_its_last_day():
    reader = factories.user("viewer")
    source = factories.source(published_on=date(2011, 3, 1))
    rows = [factories.recommendation(source=source) for _each in range(4)]
    factories.recommendation(source=source, parent=rows[0])
    for number, row in enumerate(rows[:3]):
        factories.published(row, status="in_progress", effective_on=date(2012 + number, 5, 1))
    factories.published(rows[0], status="stalled", effective_on=date(2012, 9, 1))
    factories.published(rows[0], status="implemented", effective_on=date(2016, 1, 1))
    wrong = factories.published(rows[1], status="implemented", effective_on=date(2015, 1, 1))
    factories.published(rows[1], status="no_action", effective_on=date(2015, 1, 1), supersedes=wrong)
    gone = factories.published(rows[2], status="reversed", effective_on=date(2017, 1, 1))
    assessments.retract(gone, by=factories.user("reviewer"), now=NOW, note="Misread.")
    told = trends.by_year(reader, source=source.code, now=NOW)
    assert [each.year for each in told] == list(range(2011, NOW.year + 1))
    for each in told:
        day = min(date(each.year, 12, 31), NOW.date())
        at = Moment(as_of=day, known_at=NOW)
        wholes = existing(reader, at).filter(parent__isnull=True, source=source)
        assert each.counts == groups.everything(wholes, at, now=NOW).counts, each.year


def test_what_is_internal_is_counted_for_staff_only():
    factories.recommendation(visibility="internal")
    assert trends.by_year(None, now=NOW) == []
    assert trends.by_year(factories.user("viewer"), now=NOW)[-1].counts.total == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_one_statement(rows, django_assert_num_queries):
    for _each in range(rows):
        factories.published(factories.recommendation())
    with django_assert_num_queries(1):
        trends.by_year(None, now=NOW)


def test_slips_are_told_from_the_first_date_on_the_longest_first():
    editor = factories.user("editor")
    little, much, kept = (factories.recommendation() for _each in range(3))
    for row, days in ((little, (1, 9)), (much, (1, 5, 30)), (kept, (20, 10))):
        for number, day in enumerate(days):
            moment = datetime(2026, 1, 1 + number, tzinfo=UTC)
            deadlines.move(row, due_on=date(2026, 6, day), reason="As told.", by=editor, now=moment)
    told = [(slip.recommendation, slip.days, slip.moves) for slip in trends.slips(limit=9)]
    assert told == [(much, 29, 2), (little, 8, 1)]
