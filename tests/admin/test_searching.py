"""What is typed finds rows by the beginnings of their words; themes and institutions narrow as they do in the API."""

import pytest
from django.db import connection
from django.urls import reverse

from recommendations.models import Document, Evidence, Institution
from recommendations.queries import words
from tests import factories

pytestmark = pytest.mark.django_db


def found(client, noun, **asked):
    answer = client.get(reverse(f"admin:recommendations_{noun}_changelist"), asked)
    assert answer.status_code == 200
    return [str(row.code) for row in answer.context["cl"].result_list]


@pytest.fixture
def document():
    document = factories.document()
    Document.objects.filter(pk=document.pk).update(
        code="gao-1", title="Perú: drug control, 2011-03 edition", url="https://www.gao.gov/products/gao-03-1"
    )
    document.refresh_from_db()
    return document


@pytest.mark.parametrize(
    "typed",
    [
        "perú",
        "PERU",
        "drug con",
        "con dru",
        "2011-03",
        "edition, (drug)",
        "gao",
        "GAO-1",
        "www.gao.gov/prod",
        "⑴ drug",
    ],
)
def test_a_document_is_found_by_what_is_typed_of_it(client_of, document, typed):
    factories.document()
    assert found(client_of("viewer"), "document", q=typed) == ["gao-1"]


@pytest.mark.parametrize("typed", ["rug", "drug police", "!!!", "'", "a & b", ":*"])
def test_what_begins_no_word_of_it_finds_nothing(client_of, document, typed):
    assert found(client_of("viewer"), "document", q=typed) == []


def test_the_beginning_of_a_code_comes_before_words(client_of):
    factories.evidence(code="ports-1", title="Something")
    factories.evidence(code="other", title="Ports are open")
    client = client_of("viewer")
    assert found(client, "evidence", q="PORTS") == ["ports-1"]
    assert found(client, "evidence", q="ports are") == ["other"]


def test_typing_into_a_form_finds_the_same(client_of, document):
    asked = {
        "app_label": "recommendations",
        "model_name": "evidence",
        "field_name": "document",
        "term": "perú dr",
    }
    answer = client_of("editor").get(reverse("admin:autocomplete"), asked).json()
    assert [each["id"] for each in answer["results"]] == [str(document.pk)]


def plan(rows):
    """The plan of a queryset where reading whole tables is no choice, as with very many rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


@pytest.mark.parametrize(
    "model", sorted(words.TITLES, key=lambda each: each.__name__), ids=lambda each: each.__name__
)
def test_titles_are_found_by_their_index(model):
    rows = words.typed(model.objects.order_by(), "drug con")
    assert f"{model._meta.model_name}_words" in plan(rows)


def test_a_theme_narrows_with_those_below_it_and_an_institution_with_those_merged_into_it(client_of):
    above, heir = factories.theme(), factories.institution()
    below, old = factories.theme(parent=above), factories.institution()
    Institution.objects.filter(pk=old.pk).update(merged_into=heir)
    factories.recommendation(code="R-1", themes=[below, above], addressees=[old, heir])
    factories.recommendation(code="R-2")
    client = client_of("viewer")
    for asked in (
        {"themes__id__exact": above.pk},
        {"addressees__id__exact": heir.pk},
        {"addressees__id__exact": old.pk},
    ):
        assert found(client, "recommendation", **asked) == ["R-1"]
    assert found(client, "recommendation", themes__id__exact=above.pk, addressees__id__exact=heir.pk) == [
        "R-1"
    ]
    assert found(client, "recommendation", themes__id__exact=10**9) == []
    wrong = client.get(reverse("admin:recommendations_recommendation_changelist"), {"themes__id__exact": "x"})
    assert wrong.status_code == 302


def test_rows_are_found_by_the_codes_of_those_they_belong_to_in_any_capitals(client_of):
    evidence = factories.evidence(code="ev-1")
    Evidence.objects.filter(pk=evidence.pk).update(title="Shipments")
    finding = factories.finding(evidence=evidence, title="The page has changed")
    client = client_of("viewer")
    for typed in ("EV-1", "ev-1", "page has", finding.rule):
        answer = client.get(reverse("admin:recommendations_finding_changelist"), {"q": typed})
        assert [row.pk for row in answer.context["cl"].result_list] == [finding.pk]
