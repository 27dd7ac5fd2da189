"""Look-ups by key are planned once for a connection, and go on whatever happens to it; nothing else is prepared."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from recommendations.models import Recommendation
from recommendations.queries import details, listing, prepared
from recommendations.queries.recommendations import existing
from recommendations.rules.moments import Moment
from tests import factories
from tests.factories import NOW

THEN = Moment(date(2020, 1, 1), datetime(2026, 12, 1, tzinfo=UTC))


def look_up():
    return prepared.rows(
        "SELECT title FROM recommendations_recommendation WHERE code = %(code)s", {"code": "R-1"}
    )


def kept():
    """The statements that PostgreSQL keeps for this connection, with how often each was planned for its values, and
    how often for any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, custom_plans, generic_plans FROM pg_prepared_statements")
        return {statement: plans for statement, *plans in cursor.fetchall()}


@pytest.fixture
def fresh(transactional_db):
    """A connection of which nothing is prepared yet."""
    connection.close()
    return factories.recommendation(code="R-1", title="Trace guns")


@pytest.mark.parametrize("at", [None, THEN], ids=["today", "then"])
@pytest.mark.parametrize("who", ["", "editor"])
def test_lists_and_details_are_planned_six_times(fresh, at, who):
    factories.recommendation(parent=fresh)
    user = factories.user(who) if who else None
    page = existing(user, at).order_by("code").values("pk", "code")
    for _time in range(8):
        for words in ("", "guns"):
            listing.read(page, user, at, now=NOW, words=words)
        details.read("R-1", user, at, now=NOW)
    assert list(kept().values()) == [[5, 3]] * 3


@pytest.mark.usefixtures("fresh")
def test_pages_of_any_length_and_any_keys_are_one_statement():
    for pk in (40_000, 3_000_000_000):
        factories.recommendation(pk=pk)
        listing.read(existing(None).order_by("code").values("pk"), None, None, now=NOW)
    assert list(kept().values()) == [[2, 0]]


@pytest.mark.usefixtures("fresh")
def test_nothing_else_of_the_connection_is_prepared():
    look_up()
    for _time in range(8):
        list(Recommendation.objects.filter(code="R-1"))
    [(statement, plans)] = kept().items()
    assert (statement.endswith("WHERE code = $1"), plans) == (True, [1, 0])


def test_it_goes_on_after_a_rollback_an_error_and_a_new_connection(fresh):
    look_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.recommendation(code="R-1")
    assert look_up() == [("Trace guns",)]
    with transaction.atomic():
        Recommendation.objects.update(title="Trace all guns")
        assert look_up() == [("Trace all guns",)]
        transaction.set_rollback(True)
    connection.close()
    assert look_up() == [("Trace guns",)]


@pytest.mark.usefixtures("fresh")
def test_what_was_asked_is_there_to_be_logged():
    with CaptureQueriesContext(connection) as asked:
        look_up()
    assert [each["sql"].partition("WHERE")[2] for each in asked] == [" code = $1"]


@pytest.mark.usefixtures("fresh")
def test_behind_a_pooler_that_knows_none_nothing_is_prepared(settings):
    settings.DATABASE_PREPARES = False
    assert look_up() == [("Trace guns",)]
    assert details.read("R-1", None, None, now=NOW).whole.row.title == "Trace guns"
    assert kept() == {}
