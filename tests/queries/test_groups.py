"""The overview's sums say what counting row by row says, for everybody, every group and every level."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from recommendations.queries import groups
from recommendations.queries.recommendations import existing
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def many():
    """Sources, themes in two levels, a merged body, parts, verdicts of several days, and something internal of each."""
    heir = factories.institution(code="heir")
    bodies = [heir, factories.institution(code="old", merged_into=heir), factories.institution(code="other")]
    above = factories.theme(code="above")
    themes = [above, factories.theme(code="below", parent=above), factories.theme(code="apart")]
    for number in range(12):
        source = factories.source(
            code=f"S{number % 4}{number}",
            published_on=date(2010 + number % 3, 1, 1),
            visibility="internal" if number % 6 == 5 else "public",
        )
        whole = factories.recommendation(
            source=source,
            addressees=bodies[number % 3 :],
            themes=[themes[number % 3], themes[1]] if number % 3 != 1 else [],
            visibility="internal" if number % 7 == 6 else "public",
        )
        part = factories.recommendation(parent=whole, themes=[themes[1]], addressees=[bodies[1]])
        days = timedelta(days=number * number * 11)
        factories.published(whole, status="stalled" if number % 2 else "implemented", now=NOW - days)
        if number % 5 == 0:
            factories.published(part, status="no_action", now=NOW - timedelta(days=number))


@pytest.mark.parametrize("role", ["", "editor"])
@pytest.mark.usefixtures("many")
def test_sums_and_counting_agree(role):
    user = factories.user(role) if role else AnonymousUser()
    for by, level in product(["source", "theme", "addressee", "year"], ["all", "top", "part"]):
        rows = existing(user)
        if level != "all":
            rows = rows.filter(parent__isnull=level == "top")
        told = groups.overview(user, by, None, now=NOW, level=level, limit=500)
        assert told.groups == groups.grouped(rows, by, None, now=NOW)
        assert told.total == groups.everything(rows, None, now=NOW)
        assert told.groups, "nothing was compared"
        assert not told.more


@pytest.mark.usefixtures("many")
def test_pages_of_groups_go_through_all_of_them_once():
    codes, after, more = [], "", True
    while more:
        page = groups.overview(None, "source", None, now=NOW, level="top", limit=3, after=after)
        codes += [group.code for group in page.groups]
        after, more = codes[-1], page.more
    whole = groups.overview(None, "source", None, now=NOW, level="top", limit=500)
    assert codes == [group.code for group in whole.groups]
    assert len(codes) > 6


@pytest.mark.usefixtures("many")
def test_the_largest_groups_are_those_that_hold_most():
    user = factories.user("viewer")
    for by in ("source", "theme", "addressee", "year"):
        told = groups.largest(user, by, now=NOW, level="top", limit=3)
        counted = groups.grouped(existing(user).filter(parent__isnull=True), by, None, now=NOW)
        most = sorted((group.counts.total for group in counted), reverse=True)[:3]
        assert [group.counts.total for group in told.groups] == most
        assert all(group in counted for group in told.groups)
        assert told.total == groups.overview(user, by, None, now=NOW, level="top", limit=3).total
