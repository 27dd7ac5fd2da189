"""What became different between two days."""

from datetime import date, timedelta

import pytest

from recommendations.actions import assessments, closures, responses
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """Of one source: judged twice, answered, closed, hidden, and left alone; one of a newer source."""
    source, manager = factories.source(code="S1"), factories.user("manager")
    made = {
        name: factories.recommendation(source=source, code=f"R-{name}")
        for name in ("answered", "closed", "judged", "quiet")
    }
    factories.published(made["judged"], status="in_progress", effective_on=date(2013, 1, 1))
    factories.published(made["judged"], status="implemented", effective_on=date(2016, 1, 1))
    factories.published(made["quiet"], status="no_action", effective_on=date(2013, 1, 1))
    responses.record(
        made["answered"],
        institution=factories.institution(),
        kind="accepted",
        stated_on=date(2015, 6, 1),
        summary="Yes.",
        by=manager,
        now=NOW - timedelta(days=30),
    )
    closures.close(
        made["closed"], reason="implemented", note="Done.", by=manager, now=NOW - timedelta(days=10)
    )
    factories.published(
        factories.recommendation(source=source, code="R-hidden", visibility="internal"),
        effective_on=date(2015, 1, 1),
    )
    factories.recommendation(code="N-1", source=factories.source(code="NEW", published_on=date(2015, 2, 1)))
    return made


def told(caller, asked):
    found = caller.read(f"compare/?{asked}")["results"]
    return {row["code"]: row["changed"] for row in found}


def test_what_was_said_anew_between_the_days(stranger, rows):
    everything = ["status", "confidence", "response", "closure", "contested", "due_on"]
    assert told(stranger, "from=2014-12-31&to=2016-12-31") == {
        "N-1": everything,
        "R-answered": ["response"],
        "R-judged": ["status"],
    }
    assert told(stranger, "from=2014-12-31&to=2016-12-31&source=S1") == {
        "R-answered": ["response"],
        "R-judged": ["status"],
    }
    assert told(stranger, "from=2016-12-31") == {"R-closed": ["closure"]}
    assert told(stranger, "from=2016-12-31&to=2017-12-31") == {}


def test_both_days_are_told(stranger, rows):
    [row] = stranger.read("compare/?from=2014-12-31&to=2016-01-01&source=S1&limit=1")["results"][-1:]
    assert row["code"] == "R-answered"
    [row] = [
        each
        for each in stranger.read("compare/?from=2014-12-31&to=2016-01-01&source=S1")["results"]
        if each["code"] == "R-judged"
    ]
    assert row["before"] == {
        "status": "in_progress",
        "status_label": "In progress",
        "status_since": "2013-01-01",
        "confidence": "medium",
        "response": "none",
        "closure": {"state": "open", "reason": None, "review_on": None},
        "contested": False,
        "due_on": None,
    }
    assert (row["after"]["status"], row["after"]["status_since"]) == ("implemented", "2016-01-01")


def test_the_same_status_with_less_confidence_has_changed(stranger, rows):
    factories.published(rows["quiet"], status="no_action", effective_on=date(2018, 1, 1), confidence="low")
    assert told(stranger, "from=2017-12-31&to=2018-12-31") == {"R-quiet": ["confidence"]}


def test_a_source_that_was_not_published_yet_has_no_before(stranger, rows):
    [row] = stranger.read("compare/?from=2014-12-31&to=2015-12-31&source=NEW")["results"]
    assert (row["before"], row["after"]["status"]) == (None, "not_assessed")


def test_only_what_was_known_at_the_moment_is_compared(stranger, rows):
    later = factories.published(rows["quiet"], status="stalled", effective_on=date(2015, 1, 1))
    assert "R-quiet" in told(stranger, "from=2014-12-31&to=2016-12-31")
    assert "R-quiet" not in told(stranger, "from=2014-12-31&to=2016-12-31&known_at=2026-11-01")
    assessments.retract(later, by=factories.user("reviewer"), now=NOW, note="Misread.")
    assert "R-quiet" not in told(stranger, "from=2014-12-31&to=2016-12-31")


def test_staff_compare_what_is_internal_too(editor, rows):
    assert "R-hidden" in told(editor, "from=2014-12-31&to=2016-12-31")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("to=2016-01-01", "from"),
        ("from=2016-01-01&to=2016-01-01", "from"),
        ("from=2016-01-01&to=2999-01-01", "to"),
        ("from=2016-01-01&known_at=2999-01-01", "known_at"),
        ("from=2016-01-01&source=NONE", "source"),
        ("from=2016-01-01&colour=red", "colour"),
    ],
)
def test_a_wrong_question_is_refused_by_name(stranger, rows, asked, field):
    answer = stranger.get(f"compare/?{asked}")
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (400, [field])
