"""Institutions, themes and indicators: what is asked, what falls under it, what it measures."""

import pytest

from recommendations.models import Observation
from recommendations.pages import shown
from tests import factories
from tests.factories import NOW


def test_an_institution_lists_what_is_asked_of_it(look):
    body = factories.institution(code="doj", name="Justice")
    whole = factories.recommendation(title="Register purchases", addressees=[body])
    factories.recommendation(parent=whole, addressees=[body])
    factories.recommendation(parent=whole)
    factories.recommendation(title="Something else")
    page = look("/institutions/doj/")
    assert "Register purchases" in page
    assert "1 of its 2 parts" in page
    assert "Something else" not in page


def test_a_merged_institution_leads_to_its_heir(client, db):
    heir = factories.institution(code="new")
    factories.institution(code="old", merged_into=heir)
    response = client.get("/institutions/old/")
    assert (response.status_code, response["Location"]) == (301, "/institutions/new/")


def test_what_only_something_internal_names_has_no_page(look):
    body, theme = factories.institution(code="doj"), factories.theme(code="firearms")
    factories.recommendation(visibility="internal", addressees=[body], themes=[theme])
    look("/institutions/doj/", status=404)
    look("/themes/firearms/", status=404)


def test_what_is_asked_of_a_merged_institution_stands_with_its_heir(look):
    heir = factories.institution(code="new")
    old = factories.institution(code="old", merged_into=heir)
    factories.recommendation(title="Register purchases", addressees=[old])
    assert "Register purchases" in look("/institutions/new/")


def test_a_theme_lists_what_falls_under_it_and_its_parts(look):
    security = factories.theme(code="security", name="Security")
    firearms = factories.theme(code="firearms", name="Firearms", parent=security)
    factories.recommendation(title="Stop the flow", themes=[firearms])
    page = look("/themes/security/")
    assert "Stop the flow" in page
    assert '<a href="/themes/firearms/">Firearms</a>' in page


def test_an_indicator_shows_its_values_and_what_it_stands_beside(look):
    row = factories.recommendation(title="Cut deaths")
    indicator = factories.indicator(code="I-1", name="Deaths", recommendations=[row], direction="down")
    Observation.objects.create(indicator=indicator, role="target", period="", value=None, recorded_at=NOW)
    page = look("/indicators/I-1/")
    assert "lower is better" in page
    assert "no date" in page
    assert "not known" in page
    assert "Cut deaths" in page


def test_an_indicator_of_nothing_public_is_not_there(look):
    factories.indicator(code="I-1", recommendations=[factories.recommendation(visibility="internal")])
    look("/indicators/I-1/", status=404)


def test_what_does_not_exist_is_a_page_that_says_so(look):
    named = ["sources", "recommendations", "institutions", "themes", "indicators"]
    for path in ["/nothing/", *(f"/{noun}/{code}/" for noun in named for code in ("none", "a%00b"))]:
        assert "There is no such page" in look(path, status=404)


def test_the_number_of_statements_does_not_grow(client, db, django_assert_num_queries):
    body, theme = factories.institution(code="doj"), factories.theme(code="firearms")
    for number in (1, 3):
        for _ in range(number):
            factories.published(factories.recommendation(addressees=[body], themes=[theme]))
        with django_assert_num_queries(7):
            client.get("/institutions/doj/")
        with django_assert_num_queries(7):
            client.get("/themes/firearms/")


def test_the_recipes_are_served_as_they_are_tested_and_linked_from_the_foot(client, db):
    page = client.get("/recipes/").text
    for title in (
        "Mirror us",
        "Follow one institution",
        "Cite a verdict as of a day",
        "Be told, and verify a message",
    ):
        assert f"<h2>{title}</h2>" in page
    assert "python3 mirror.py" in page
    assert 'href="/recipes/"' in client.get("/").text


@pytest.mark.parametrize(
    ("path", "narrowed"), [("/institutions/doj/", "addressee=doj"), ("/themes/firearms/", "theme=firearms")]
)
def test_a_large_group_shows_its_first_wholes_and_leads_to_the_list(client, db, monkeypatch, path, narrowed):
    monkeypatch.setattr(shown, "MOST", 3)
    monkeypatch.setattr(shown, "FIRST", 2)
    body, theme = factories.institution(code="doj"), factories.theme(code="firearms")
    for number in range(3):
        whole = factories.recommendation(code=f"A-{number}", addressees=[body], themes=[theme])
        factories.published(whole)
    factories.recommendation(code="A-0a", parent=whole, addressees=[body], themes=[theme])
    answer = client.get(path)
    assert [each.row.code for each in answer.context["wholes"]] == ["A-0", "A-1"]
    assert answer.context["counts"].total == 3
    assert "These are not all of the 4 recommendations and parts." in answer.text
    assert f"/recommendations/?{narrowed}&amp;level=all" in answer.text
    assert len(client.get(f"/recommendations/?{narrowed}&level=all").context["rows"]) == 4
