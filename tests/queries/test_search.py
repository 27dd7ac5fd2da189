"""Search: word forms, accents, phrases, weights, and nothing internal."""

import pytest
from django.core.cache import cache
from django.db import connection

from recommendations.queries import search
from recommendations.queries.recommendations import listed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    source = factories.source(code="ARMS")
    return {
        "arms": factories.recommendation(
            source=source, code="ARMS-LAW", title="Control firearms exports", summary="Stop arms traffic."
        ),
        "courts": factories.recommendation(
            source=source, title="Aid judicial reform", summary="Pay for training of judges; firearms aside."
        ),
        "mexico": factories.recommendation(
            source=source, title="Trabajar con México", summary="Comisión conjunta."
        ),
        "hidden": factories.recommendation(source=source, title="Secret firearms", visibility="internal"),
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("firearm", ["arms", "courts"]),
        ("exporting", ["arms"]),
        ('"judicial reform"', ["courts"]),
        ('"reform judicial"', []),
        ("firearms -judges", ["arms"]),
        ("traffic -firearms", []),
        ('firearms -"judicial reform"', ["arms"]),
        ("judges or exports", ["arms", "courts"]),
        ("mexico", ["mexico"]),
        ("comisiones", ["mexico"]),
        ("arms-law", ["arms"]),
        ("' ; drop table", []),
    ],
)
def test_what_a_person_types(rows, words, found):
    names = {row.pk: name for name, row in rows.items()}
    assert sorted(names[row.pk] for row in search.matching(listed(None), words)) == found


def test_a_word_in_the_title_ranks_above_one_in_the_summary(rows):
    ranked = search.matching(listed(None), "firearms").order_by("-rank")
    assert list(ranked) == [rows["arms"], rows["courts"]]


def test_highlights_mark_the_words_that_matched(rows):
    marked = search.highlights([rows["arms"].pk], "exports")
    assert marked == {rows["arms"].pk: "Control firearms [[exports]]. Stop arms traffic"}


def test_the_name_of_a_theme_finds_what_is_under_it_below_what_says_the_word_itself(rows):
    theme = factories.theme(name="Firearms")
    guns = factories.recommendation(title="Trace guns", summary="Open the data.", themes=[theme])
    factories.recommendation(title="Judges and guns", themes=[theme])
    ranked = search.matching(listed(None), "firearms -judges").order_by("-rank")
    assert list(ranked) == [rows["arms"], guns]


@pytest.fixture
def spoken(monkeypatch):
    """Thirty rows that share two words, one of them with a word of its own; what more than ten share is common."""
    for number in range(30):
        own = "ombudsman" if number == 7 else "all"
        factories.recommendation(title="Trace firearms exports", summary=f"Tell {own}.")
    monkeypatch.setattr(search, "COMMON", 10)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE recommendations_recommendation")
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    ("words", "common", "statements"),
    [
        ("ombudsman", False, 1),
        ("nowhere", False, 1),
        ("", False, 1),
        ("firearm", True, 2),
        ("Firearms or ombudsman", True, 2),
        ("firearms ombudsman", False, 2),
    ],
)
@pytest.mark.usefixtures("spoken")
def test_words_that_very_many_share_are_known_by_statistics(
    words, common, statements, django_assert_num_queries
):
    search.is_common("what is kept for minutes")
    with django_assert_num_queries(statements):
        assert search.is_common(words) is common


def test_where_there_are_no_such_words_nothing_is_asked(db, django_assert_num_queries):
    search.is_common("what is kept for minutes")
    with django_assert_num_queries(0):
        assert not search.is_common("firearms")
