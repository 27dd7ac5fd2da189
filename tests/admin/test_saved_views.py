"""Views of a list that a person keeps: theirs alone, of parameters that the list has, one statement a list."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from recommendations.actions import saved_views
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Event, SavedView
from tests import factories

LIST = "admin:recommendations_recommendation_changelist"
KEEP = "admin:view_keep"
STALLED = "status__exact=stalled&o=-4"


@pytest.fixture
def person(db):
    return factories.user("viewer")


def kept(person, name="Stalled", query=STALLED, noun="recommendation"):
    return SavedView.objects.create(person=person, noun=noun, name=name, query=query)


def test_what_a_list_shows_is_kept_under_a_name_and_stands_above_it(client_of, person):
    client = client_of(person)
    said = {"noun": "recommendation", "query": f"{STALLED}&p=3&e=1&standing=", "name": "  Stalled   ones "}
    answer = client.post(reverse(KEEP), said)
    assert answer.url == f"{reverse(LIST)}?{STALLED}"
    view = SavedView.objects.get()
    assert (view.person, view.noun, view.name, view.query) == (
        person,
        "recommendation",
        "Stalled ones",
        STALLED,
    )
    bar = client.get(f"{reverse(LIST)}?o=-4&status__exact=stalled").context["views"]
    assert bar.views == [(view, f"{reverse(LIST)}?{STALLED}", True)]
    assert client.get(reverse(LIST)).context["views"].views[0][2] is False
    assert not Event.objects.exists()


def test_the_queue_has_views_too(client_of, person):
    client = client_of(person)
    client.post(reverse(KEEP), {"noun": "queue", "query": "turn=yours&what=&after=", "name": "Mine"})
    view = SavedView.objects.get()
    assert (view.noun, view.query) == ("queue", "turn=yours")
    page = client.get(reverse("admin:index") + "?turn=yours").content.decode()
    assert 'href="/admin/?turn=yours" aria-current="true">Mine</a>' in page


@pytest.mark.parametrize(
    ("noun", "query", "named"),
    [
        ("recommendation", "bogus=1", "bogus"),
        ("recommendation", "note__contains=secret", "note__contains"),
        ("recommendation", "turn=yours", "turn"),
        ("queue", "status__exact=stalled", "status__exact"),
        ("theme", "status__exact=stalled", "status__exact"),
    ],
)
def test_a_parameter_that_the_list_has_not_is_refused_by_name(client_of, person, noun, query, named):
    page = client_of(person).post(reverse(KEEP), {"noun": noun, "query": query, "name": "X"}, follow=True)
    assert f"This list has no parameter “{named}”." in page.content.decode()
    assert not SavedView.objects.exists()


def test_there_is_no_view_of_a_list_that_is_none(client_of, person):
    for noun in ("nothing", "", "../user", "group"):
        assert client_of(person).post(reverse(KEEP), {"noun": noun, "name": "X"}).status_code == 404
    assert client_of(person).get(reverse(KEEP)).status_code == 405


def test_names_are_given_once_for_each_list_and_each_person(client_of, person):
    client = client_of(person)
    kept(person)
    kept(factories.user("viewer"), name="Theirs")
    said = {"noun": "recommendation", "query": "", "name": "Stalled"}
    assert "You have a view “Stalled” of this list" in client.post(reverse(KEEP), said, follow=True).text
    client.post(reverse(KEEP), said | {"name": "Theirs"})
    client.post(reverse(KEEP), said | {"noun": "source"})
    assert sorted(SavedView.objects.filter(person=person).values_list("noun", "name")) == [
        ("recommendation", "Stalled"),
        ("recommendation", "Theirs"),
        ("source", "Stalled"),
    ]
    with pytest.raises(IntegrityError):
        kept(person)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_has_a_name_of_readable_length(client_of, person, name):
    page = client_of(person).post(reverse(KEEP), {"noun": "theme", "query": "", "name": name}, follow=True)
    assert "Name the view, in at most 60 letters." in page.text
    assert not SavedView.objects.exists()


def test_a_list_keeps_no_more_views_than_can_be_read(person):
    for number in range(saved_views.MOST):
        saved_views.keep("theme", name=f"View {number}", query="", known=(), by=person)
    with pytest.raises(Refused) as refusal:
        saved_views.keep("theme", name="One more", query="", known=(), by=person)
    assert refusal.value.rule == "saved_view_readable"
    saved_views.keep("source", name="Elsewhere", query="", known=(), by=person)


def test_what_a_view_cannot_hold_is_refused(person):
    with pytest.raises(Refused) as refusal:
        saved_views.keep("theme", name="Long", query="q=" + "x" * 2000, known=("q",), by=person)
    assert refusal.value.rule == "saved_view_fits"


def test_ones_own_view_is_renamed_and_removed_and_nobody_elses(client_of, person):
    client, view, other = client_of(person), kept(person), kept(factories.user("administrator"))
    change = reverse("admin:view_change", args=[view.pk])
    answer = client.post(change, {"name": "Stuck", "query": "q=x&p=2"})
    view.refresh_from_db()
    assert (view.name, answer.url) == ("Stuck", f"{reverse(LIST)}?q=x")
    assert client.get(change).status_code == 405
    assert client.post(reverse("admin:view_change", args=[other.pk]), {"remove": "1"}).status_code == 404
    client.post(change, {"remove": "1", "name": ""})
    assert list(SavedView.objects.all()) == [other]
    with pytest.raises(NotAllowed):
        saved_views.remove(other, by=person)
    with pytest.raises(NotAllowed):
        saved_views.rename(other, name="Mine", by=person)


def test_the_bar_costs_one_statement_for_one_view_and_for_many(client_of, person, django_assert_num_queries):
    client = client_of(person)
    factories.recommendation()
    kept(person)
    client.get(reverse(LIST))
    with django_assert_num_queries(5):
        client.get(reverse(LIST))
    for number in range(20):
        kept(person, name=f"View {number}")
    with django_assert_num_queries(5):
        client.get(reverse(LIST))


def test_who_may_not_enter_the_admin_keeps_no_view(client_of):
    answer = client_of("").post(reverse(KEEP), {"noun": "theme", "name": "X"})
    assert "/login/" in answer.url
    assert not SavedView.objects.exists()


def test_a_name_that_is_no_text_is_refused(client_of, person):
    said = {"noun": "recommendation", "query": STALLED, "name": "Stalled\x00"}
    assert client_of(person).post(reverse(KEEP), said).status_code == 302
    assert not SavedView.objects.exists()
