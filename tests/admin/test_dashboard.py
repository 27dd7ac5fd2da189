"""Pictures with their tables, the numbers of the API, and a way to the rows behind each."""

import re

import pytest
from django.urls import reverse

from recommendations.actions import deadlines, findings
from recommendations.admin import dashboard
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/admin/dashboard/"


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer", "manager", "administrator"])
def test_every_role_sees_it(client_of, role):
    factories.published(factories.recommendation())
    assert client_of(role).get(URL).status_code == 200


def test_it_stands_empty_before_anything_is_told(client_of):
    page = client_of("viewer").get(URL).content.decode()
    assert "Nothing yet." in page


def test_its_numbers_are_those_of_the_api(client_of):
    row, other = factories.recommendation(), factories.recommendation()
    factories.published(row, status="implemented")
    factories.recommendation(source=row.source, parent=row)
    client = client_of("viewer")
    told = client.get("/api/v1/overview/?group_by=source").json()
    page = client.get(URL).content.decode()
    for group in told["results"]:
        line = page[page.index(f'<th scope="row">{group["name"]}') :]
        cells = re.findall(r'<td class="number">(\d+)</td>', line[: line.index("</tr>")])
        assert cells[:2] == [str(group["total"]), str(group["assessed"])]
    assert f"{told['total']['assessed']} of {told['total']['total']} were looked at" in page
    assert other.source.title in page


def test_every_bar_leads_to_the_list_behind_it(client_of):
    row = factories.recommendation()
    theme, institution = factories.theme(), factories.institution()
    row.themes.add(theme)
    row.addressees.add(institution, through_defaults={"position": 0})
    factories.recommendation()
    client = client_of("viewer")
    page = client.get(URL).content.decode()
    for field, value in (("source", row.source_id), ("themes", theme.pk), ("addressees", institution.pk)):
        address = f"{reverse('admin:recommendations_recommendation_changelist')}?{field}__id__exact={value}"
        assert address in page
        listed = client.get(address).content.decode()
        assert row.title in listed
    for query in re.findall(r'recommendation/\?((?:status|standing|contested)[^"]+)"', page):
        assert client.get(f"/admin/recommendations/recommendation/?{query}").status_code == 200


def test_slipped_deadlines_are_told(client_of):
    row, editor = factories.recommendation(), factories.user("editor")
    for day in ("2026-12-01", "2026-12-31"):
        deadlines.move(row, due_on=day, reason="As told.", by=editor, now=NOW)
    page = client_of("viewer").get(URL).content.decode()
    slips = page[page.index("Deadlines that slipped furthest") :]
    assert slips.index(row.title) < slips.index('<span class="number">30</span>')


def test_it_says_how_often_a_rule_was_right(client_of):
    client, right, wrong = client_of("editor"), factories.finding(), factories.finding()
    assert "none decided yet" in client.get(URL).content.decode()
    findings.accept(right, by=factories.user("editor"), now=NOW, note="It still stands.")
    findings.dismiss(wrong, by=factories.user("editor"), now=NOW, note="Noise.")
    page = client.get(URL).content.decode()
    row = page[page.index("How often a rule was right") :]
    assert "50 %" in row[: row.index("</section>")]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_as_many_statements_whatever_is_told(client_of, rows, django_assert_num_queries):
    for _each in range(rows):
        factories.published(factories.recommendation())
    client = client_of("viewer")
    client.get(URL)
    with django_assert_num_queries(17):
        client.get(URL)


def test_of_very_many_the_years_are_shown_of_one_source_at_a_time(client_of, monkeypatch):
    monkeypatch.setattr(dashboard, "MOST", 1)
    row, _other = factories.recommendation(), factories.recommendation()
    client = client_of("viewer")
    answer = client.get(URL)
    assert (answer.context["years"], answer.context["choose"]) == ([], True)
    assert "Choose a source" in answer.text
    assert client.get(URL, {"source": row.source_id}).context["years"]
