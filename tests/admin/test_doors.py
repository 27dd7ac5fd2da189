"""No admin writes by itself, deletes, or lists a whole table. Held for every registered noun."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AutocompleteMixin
from django.urls import reverse
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from recommendations.admin.base import NounAdmin
from recommendations.admin.paging import CAP, CappedPaginator
from recommendations.models import Event, User
from tests import factories

NOUNS = sorted(admin.site._registry.items(), key=lambda item: item[0].__name__)
IDS = [model._meta.model_name for model, _admin in NOUNS]
FOLDER = Path(__file__).parents[2] / "recommendations" / "admin"
WRITING = {
    "save",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
    "save_base",
    "set",
    "add",
}
"""Names of the ORM's writers. `create` and `change` are ours: the actions' names."""

ACTIONS = {"look_now"}
"""What may be done with several rows of a list: each calls an action of ours. Django's own, which deletes, is not."""


@pytest.mark.parametrize(("model", "noun"), NOUNS, ids=IDS)
def test_every_noun_saves_through_the_base_and_never_deletes(model, noun):
    assert isinstance(noun, NounAdmin)
    for method in (
        "save_model",
        "save_related",
        "delete_model",
        "delete_queryset",
        "log_addition",
        "log_change",
    ):
        assert getattr(type(noun), method) is getattr(NounAdmin, method)
    assert type(noun).has_delete_permission is NounAdmin.has_delete_permission
    assert not noun.inlines
    assert not noun.list_editable
    assert set(noun.actions or ()) <= ACTIONS


SHOWN_ELSEWHERE = {
    "addressee",
    "assignment",
    "citation",
    "deliveryattempt",
    "digest",
    "importwork",
    "notification",
    "savedview",
    "secondfactor",
    "subscription",
}
"""Shown with what they belong to, or to their owner alone."""

BOOKKEEPING = {
    "allowance",
    "epoch",
    "feedplace",
    "host",
    "importpiece",
    "keptanswer",
    "looktally",
    "rawcopy",
    "retention",
    "revision",
    "runsummary",
    "sweep",
    "tally",
    "verification",
}
"""What the tracker keeps for itself: pages show what it adds up to."""


def test_every_model_has_an_admin_but_those_that_belong_to_another():
    nouns = {model._meta.model_name for model in apps.get_app_config("recommendations").get_models()}
    assert nouns - set(IDS) <= SHOWN_ELSEWHERE | BOOKKEEPING


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_file_of_the_admin_calls_a_writer_of_the_orm(path):
    ours = {"site.py": {"save"}}  # Django calls the form's save(); ours calls the action
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    defined = {
        node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    }
    assert not (calls & WRITING)
    assert not ((defined & WRITING) - ours.get(path.name, set()))
    assert ".objects.create(" not in path.read_text()


@pytest.mark.parametrize(("model", "noun"), NOUNS, ids=IDS)
def test_lists_open_without_counting_everything(model, noun):
    assert noun.show_full_result_count is False
    assert noun.show_facets is admin.ShowFacets.NEVER
    assert issubclass(noun.paginator, CappedPaginator)
    assert noun.date_hierarchy is None


@pytest.mark.parametrize(("model", "noun"), NOUNS, ids=IDS)
def test_no_filter_and_no_field_lists_every_row_of_another_table(model, noun, rf):
    request = rf.get("/")
    request.user = User(role="administrator")
    for entry in noun.list_filter:
        if not isinstance(entry, tuple):
            continue
        field, kind = entry
        target = model
        for step in field.split("__"):
            related = target._meta.get_field(step)
            target = related.related_model or target
        assert not related.is_relation or issubclass(kind, AutocompleteSelectFilter), field
    if noun.adds:
        for name, field in noun.get_form(request)().fields.items():
            if hasattr(field, "queryset"):
                widget = getattr(field.widget, "widget", field.widget)
                assert isinstance(widget, AutocompleteMixin), name


@pytest.mark.parametrize(("model", "noun"), [pair for pair in NOUNS if pair[1].adds])
def test_no_word_is_chosen_for_a_person(model, noun, rf):
    """A list of words without a default begins empty, so that nobody files a law by not looking."""
    request = rf.get("/")
    request.user = User(role="administrator")
    form = noun.get_form(request)()
    for field in model._meta.concrete_fields:
        if field.choices and not field.has_default() and field.name in form.fields:
            assert form.fields[field.name].choices[0][0] == "", field.name


def test_the_paginator_counts_up_to_a_limit(db, django_assert_num_queries):
    factories.theme()
    from recommendations.models import Theme

    paginator = CappedPaginator(Theme.objects.all(), 50)
    with django_assert_num_queries(1) as captured:
        assert (paginator.count, paginator.capped) == (1, False)
    assert f"LIMIT {CAP}" in captured.captured_queries[0]["sql"]


@pytest.mark.parametrize(("model", "noun"), NOUNS, ids=IDS)
def test_every_list_and_add_page_opens(model, noun, client_of):
    client = client_of("administrator")
    name = f"admin:recommendations_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == (200 if noun.adds else 403)


def test_a_list_costs_the_same_with_one_row_and_with_three(client_of, django_assert_num_queries):
    client = client_of("viewer")
    url = reverse("admin:recommendations_recommendation_changelist")
    factories.recommendation()
    client.get(url)
    with django_assert_num_queries(5):
        client.get(url)
    for _each in range(2):
        factories.published(factories.recommendation())
    with django_assert_num_queries(5):
        client.get(url)


def test_the_pages_of_staff_cost_the_same_for_one_thing_and_for_three(client_of, django_assert_num_queries):
    client = client_of("reviewer")
    row = factories.recommendation()
    home, page = reverse("admin:index"), reverse("admin:recommendations_recommendation_change", args=[row.pk])
    for _each in range(2):
        factories.proposed(row)
        factories.published(row)
        factories.recommendation(parent=row)
        factories.evidence(bears_on=row)
        client.get(home)
        client.get(page)
        with django_assert_num_queries(8):
            client.get(home)
        with django_assert_num_queries(28):
            client.get(page)


def test_nothing_is_written_to_djangos_own_log_and_one_event_is(client_of):
    from django.contrib.admin.models import LogEntry

    client = client_of("manager")
    client.post(
        reverse("admin:recommendations_theme_add"), {"code": "arms", "name": "Arms", "description": ""}
    )
    assert [(event.verb, event.object_id) for event in Event.objects.all()] == [("theme.created", "arms")]
    assert not LogEntry.objects.exists()


def test_a_plain_model_admin_of_django_would_not_pass(db):
    """The walk above means something: Django's own class saves by itself."""
    assert ModelAdmin.save_model is not NounAdmin.save_model


@pytest.mark.django_db
def test_who_signs_in_at_the_door_itself_comes_to_what_waits(client):
    person = factories.user("reviewer", password="a long enough one")
    answer = client.post("/admin/login/", {"username": person.username, "password": "a long enough one"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "recommendations/assessment/?status__exact=\x00",
        "recommendations/evidence/?q=\x00",
        "autocomplete/?app_label=recommendations&model_name=webhook&field_name=source&term=\x00",
        "?source=\x00",
        "dashboard/?source=\x00",
    ],
)
def test_an_address_that_is_no_text_is_a_bad_one(client_of, address):
    """Not a fault: PostgreSQL takes no NUL in any question."""
    assert client_of("editor").get(f"/admin/{address.replace(chr(0), '%00')}").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["abc", "²", "9" * 30])
def test_what_an_add_page_is_asked_to_begin_with_is_a_number_or_left_out(client_of, word):
    address = reverse("admin:recommendations_statuscheck_add")
    assert client_of("manager").get(address, {"evidence": word, "indicator": word}).status_code == 200
