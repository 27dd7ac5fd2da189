"""The list narrows by what is asked, finds words, and goes on where it stopped."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from recommendations.models import Institution
from recommendations.pages import lists
from recommendations.queries import search
from tests import factories


@pytest.fixture
def two(db):
    ports = factories.recommendation(code="A-1", title="Open the ports", summary="Dredge and build.")
    judges = factories.recommendation(code="B-1", title="Train judges", summary="Teach them law.")
    factories.recommendation(parent=judges, code="B-1a", title="Teach prosecutors")
    factories.published(ports, status="implemented", effective_on=date(2015, 1, 1))
    return ports, judges


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A-1", "B-1"]),
        ("level=part", ["B-1a"]),
        ("level=all", ["A-1", "B-1", "B-1a"]),
        ("status=implemented", ["A-1"]),
        ("status=not_assessed", ["B-1"]),
        ("status=not_assessed&as_of=2014-01-01", ["A-1", "B-1"]),
        ("q=dredging", ["A-1"]),
        ("q=teach&level=all", ["B-1a", "B-1"]),
        ("q=nothing-like-it", []),
    ],
)
def test_what_is_asked_for_is_what_is_listed(two, client, query, found):
    rows = client.get(f"/recommendations/?{query}").context["rows"]
    assert sorted(each.row.code for each, _passage in rows) == sorted(found)


def test_by_document_theme_and_addressee(two, client):
    ports, _judges = two
    body, theme = ports.addressees.get(), ports.themes.get()
    for query in (f"source={ports.source.code}", f"theme={theme.code}", f"addressee={body.code}"):
        rows = client.get(f"/recommendations/?{query}").context["rows"]
        assert [each.row.code for each, _passage in rows] == ["A-1"]


def test_a_theme_holds_what_its_own_parts_hold(two, client):
    ports, _judges = two
    whole = factories.theme(code="trade")
    theme = ports.themes.get()
    theme.parent = whole
    theme.save()
    rows = client.get("/recommendations/?theme=trade").context["rows"]
    assert [each.row.code for each, _passage in rows] == ["A-1"]


def test_found_words_are_marked_and_nothing_else_is_markup(two, client):
    ports, _judges = two
    ports.summary = "Dredge <b>now</b>."
    ports.save(update_fields=["summary"])
    page = client.get("/recommendations/?q=dredge").text
    assert "<mark>Dredge</mark>" in page
    assert "<b>now</b>" not in page


@pytest.mark.parametrize("query", ["status=done", "source=NONE", "theme=none", "level=half", "as_of=x"])
def test_a_filter_that_does_not_exist_is_refused_by_name(two, look, query):
    assert f"<code>{query}</code>" in look(f"/recommendations/?{query}", status=400)


def test_an_internal_document_is_no_choice(two, look):
    hidden = factories.recommendation(
        source=factories.source(code="DRAFT", title="Draft", visibility="internal")
    )
    page = look("/recommendations/?level=all")
    assert hidden.code not in page
    assert "Draft" not in page
    look("/recommendations/?source=DRAFT", status=400)


def test_the_next_page_goes_on_after_the_last_code(two, client, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 1)
    first = client.get("/recommendations/?level=all")
    assert [each.row.code for each, _passage in first.context["rows"]] == ["A-1"]
    assert first.context["next_page"] == "level=all&after=A-1"
    second = client.get(f"/recommendations/?{first.context['next_page']}")
    assert [each.row.code for each, _passage in second.context["rows"]] == ["B-1"]
    third = client.get(f"/recommendations/?{second.context['next_page']}")
    assert third.context["next_page"] == ""


def test_the_number_of_statements_does_not_grow(client, db, django_assert_num_queries):
    search.is_common("what is kept for minutes")
    for number in (1, 3):
        for _ in range(number):
            factories.published(factories.recommendation())
        with django_assert_num_queries(7):
            client.get("/recommendations/")
        with django_assert_num_queries(9):
            client.get("/recommendations/?q=do&as_of=2014-01-01")


def test_a_moment_that_has_not_come_is_refused(look):
    factories.recommendation()
    now = timezone.now()
    for later in (now + timedelta(days=1), now.replace(hour=23, minute=59) + timedelta(minutes=2)):
        assert "has not come yet" in look(
            f"/recommendations/?known_at={later:%Y-%m-%dT%H:%M:%SZ}", status=400
        )
    look(f"/recommendations/?known_at={now:%Y-%m-%d}")


def test_the_code_of_a_merged_institution_leads_to_what_is_asked_of_its_heir(client, db):
    about = factories.recommendation()
    old, heir = about.addressees.get(), factories.institution()
    Institution.objects.filter(pk=old.pk).update(merged_into=heir)
    page = client.get("/recommendations/", {"addressee": old.code})
    assert page.status_code == 200
    assert about.title in page.text
    assert client.get("/recommendations/", {"addressee": "nowhere"}).status_code == 400


def test_many_documents_are_named_by_their_code(two, client, monkeypatch):
    monkeypatch.setattr(lists, "CHOICES", 1)
    ports, _judges = two
    page = client.get("/recommendations/").text
    assert '<input type="text" name="source"' in page
    assert "<option" in page  # the statuses
    assert ports.source.title not in page[: page.index('class="found"')]
    rows = client.get("/recommendations/", {"source": ports.source.code}).context["rows"]
    assert [each.row.code for each, _passage in rows] == ["A-1"]
    for wrong in ("NONE", "a\x00b"):
        assert client.get("/recommendations/", {"source": wrong}).status_code == 400


def test_what_the_tallies_do_not_know_is_counted_up_to_a_number(two, client, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 1)
    assert "3 found" in client.get("/recommendations/?level=all").text
    assert "1 or more found" in client.get("/recommendations/?level=all&as_of=2020-01-01").text
    assert "1 found" in client.get("/recommendations/?level=all&q=dredge").text


def test_of_a_common_word_the_newest_are_ranked(two, client, monkeypatch):
    monkeypatch.setattr(lists.search, "is_common", lambda words: True)
    answer = client.get("/recommendations/?level=all&q=teach")
    assert sorted(each.row.code for each, _passage in answer.context["rows"]) == ["B-1", "B-1a"]
    assert "2 or more found" in answer.text
