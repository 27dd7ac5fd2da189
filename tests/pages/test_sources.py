"""A document: who said it, what it asks for, and what became of that."""

from datetime import date

from recommendations.models import Figure
from recommendations.pages import shown
from tests import factories


def test_it_shows_only_what_is_known_of_the_date_and_who_wrote_it(look):
    factories.source(
        code="HIR",
        published_on=date(1997, 1, 1),
        date_precision="season",
        date_label="Winter 1997",
        date_note="The issue of the turn of the year.",
        author_note="Unsigned in the text.",
        url="https://example.org/report",
        url_confirmed=False,
    )

    page = look("/sources/HIR/")

    assert '<time datetime="1997">Winter 1997</time>' in page
    assert "known to the season" in page
    assert "The issue of the turn of the year." in page
    assert "Unsigned in the text." in page
    assert "This address is not confirmed." in page


def test_its_recommendations_stand_under_its_own_headings_with_their_parts(look):
    source = factories.source(code="SRC")
    ports = factories.recommendation(source=source, code="SRC-01", title="Open ports", group="Trade")
    factories.recommendation(source=source, code="SRC-02", title="Train judges", group="Justice")
    factories.recommendation(parent=ports, code="SRC-01a", title="Dredge")
    factories.published(ports, status="partially_implemented", effective_on=date(2013, 6, 30))

    page = look("/sources/SRC/")

    assert page.index("Trade") < page.index("Open ports") < page.index("Justice") < page.index("Train judges")
    assert "1 part<" in page
    assert "since</span>" not in page
    assert 'since <time datetime="2013-06-30">30 June 2013</time>' in page
    assert "Its recommendations have one part, tracked by itself: 0 assessed, 1 not assessed." in page


def test_a_figure_says_what_kind_of_number_it_is(look):
    source = factories.source(code="SRC")
    stated = {"measure": "Deaths", "description": "All drugs", "unit": "deaths", "period": "2016"}
    Figure.objects.create(code="F1", kind="stated", source=source, value=20000, bound="lower", **stated)
    Figure.objects.create(code="F2", kind="later", value=None, measure="Deaths", unit="deaths", period="2024")
    Figure.objects.create(code="F3", kind="later", value=7, measure="Other", unit="deaths", period="2024")

    page = look("/sources/SRC/")

    assert "at least 20,000" in page
    assert "seen later" in page
    assert "not known <span" in page
    assert "Other" not in page


def test_as_of_a_day_it_says_what_was_known_of_that_day(look):
    source = factories.source(code="SRC")
    row = factories.recommendation(source=source)
    factories.published(row, status="in_progress", effective_on=date(2012, 1, 1))
    factories.published(row, status="implemented", effective_on=date(2020, 1, 1))

    page = look("/sources/SRC/?as_of=2013-06-01")

    assert "You are looking at the past." in page
    assert "In progress" in page
    assert '<span class="status s-implemented' not in page


def test_what_is_internal_is_not_there(look):
    look(f"/sources/{factories.source(visibility='internal').code}/", status=404)
    look("/sources/NOTHING/", status=404)


def test_the_number_of_statements_does_not_grow(client, db, django_assert_num_queries):
    source = factories.source(code="SRC")
    for number in (1, 3):
        for _ in range(number):
            factories.published(factories.recommendation(parent=factories.recommendation(source=source)))
        with django_assert_num_queries(7):
            client.get("/sources/SRC/")
        with django_assert_num_queries(8):
            client.get("/sources/SRC/?as_of=2014-01-01")


def test_a_large_document_shows_its_first_wholes_and_leads_to_the_list(client, db, monkeypatch):
    monkeypatch.setattr(shown, "MOST", 3)
    monkeypatch.setattr(shown, "FIRST", 2)
    source = factories.source(code="SRC")
    rows = [factories.recommendation(source=source, code=f"SRC-{number}") for number in range(3)]
    factories.recommendation(parent=rows[0], code="SRC-0a")
    for asked in ("", "?as_of=2020-01-01"):
        answer = client.get(f"/sources/SRC/{asked}")
        [(_heading, wholes)] = answer.context["groups"]
        assert [(each.row.code, len(each.parts)) for each in wholes] == [("SRC-0", 1), ("SRC-1", 0)]
        assert (answer.context["counts"].total, answer.context["part_counts"].total) == (3, 1)
        assert "source=SRC&amp;level=all" in answer.text
