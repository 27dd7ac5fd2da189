"""The whole admin with rubbish: a refusal or an answer, never a failure of ours, and what is refused writes nothing.

Addresses come from the table of URLs, forms and their fields from the pages themselves, so that what is added is asked
as well. Everything takes hours: a sample is asked, with ADMIN_RUBBISH=2 (or any word) another,
with ADMIN_RUBBISH=all everything.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.test import Client

from recommendations.models import Notification, SavedView
from tests import addresses, factories, hidden, hidden_work, rendered, rubbish
from tests.admin import walking
from tests.admin.walking import Asking, Walker
from tests.rubbish import some

pytestmark = pytest.mark.django_db

ROLES = ("viewer", "editor", "reviewer", "administrator")


@pytest.fixture(autouse=True)
def _refusals_are_not_logged(caplog):
    """Thousands of them, each with its trace."""
    caplog.set_level("CRITICAL", "django.request")
    caplog.set_level("CRITICAL", "django.security")


@pytest.fixture
def walker_of(db):
    """A person of a role at the door of an office in which there is something of everything."""
    row = factories.recommendation(code="OPEN-01", source=factories.source(code="OPEN"))
    factories.published(row)
    row.refresh_from_db()
    factories.indicator(recommendations=[row])
    hidden.around(row)
    hidden_work.around(row)
    factories.proposed(row, by=factories.user("editor"))

    def walking_as(role):
        person, client = factories.user(role), Client()
        if person.may("assessment.propose"):
            factories.proposed(row, by=person)
        SavedView.objects.create(person=person, noun="finding", name="Mine", query="q=x")
        told = Notification.objects.first()
        told.pk, told.person, told._state.adding = None, person, True
        told.save()
        client.force_login(person)
        return Walker(client)

    return walking_as


@pytest.mark.parametrize("role", ROLES)
def test_every_page_with_rubbish_for_parameters(walker_of, role):
    walker, completions, tried = walker_of(role), set(), set()
    for place in some(walking.places(), 12, role, "places"):
        page, noted = looked_at(walker, place)
        completions |= {
            walking.completing(each)
            for form in page.forms
            for each in form.controls.values()
            if each.completed
        }
        if (route := re.sub(r"\d+", "0", place)) not in tried:
            tried.add(route)
            for asking in some(walking.questions(place, noted), 3, role, place):
                walker.ask(asking)
    for address in some(sorted(completions), 2, role, "completions"):
        for asking in some(walking.questions(address, set()), 5, role, address):
            walker.ask(asking)
    assert not walker.wrong, rubbish.told(walker.wrong)


def looked_at(walker: Walker, place: str) -> tuple[rendered.Reader, set[str]]:
    """A page, and the names of the parameters that it looks at, or that its own links and forms ask it with."""
    noted: set[str] = set()
    with addresses.noting(noted):
        answer = walker.ask(Asking("nothing", "GET", place))
    page = rendered.read(answer.body.decode(errors="replace"), place)
    own = (form for form in page.forms if form.method == "get" and urlsplit(form.address).path == place)
    return page, noted.union(rendered.parameters(page.links, place), *(form.controls for form in own))


@pytest.mark.parametrize("role", ROLES)
def test_every_form_with_rubbish(walker_of, role):
    walker, taken = walker_of(role), 0
    forms: dict[Any, rendered.Form] = {}
    for place in some(walking.places(), 16, role, "forms"):
        page, _noted = looked_at(walker, place)
        for form in page.forms:
            if urlsplit(form.address).path.startswith("/admin/"):
                forms.setdefault(form.key, form)
    waiting = some(forms.values(), 8, role, "of forms")
    while waiting:
        filled = walking.filled(waiting.pop(), walker)
        answer = walker.ask(filled.asking("nothing wrong", {}))
        good = answer.status_code < 400 and not walking.refused(answer)
        taken += good
        for form in (
            rendered.read(answer.body.decode(errors="replace"), filled.form.address).forms if good else ()
        ):
            if form.key not in forms and urlsplit(form.address).path.startswith("/admin/"):
                waiting.append(forms.setdefault(form.key, form))
        for asking in some(walking.mutations(filled, good), 4, role, filled.form.key):
            walker.ask(asking)
    assert not walker.wrong, rubbish.told(walker.wrong)
    assert taken


def test_signing_in_with_rubbish(db):
    walker = Walker(Client())
    page, noted = looked_at(walker, "/admin/login/")
    for asking in some(walking.questions("/admin/login/", noted), 10, "login"):
        walker.ask(asking)
    (form,) = (each for each in page.forms if "username" in each.controls)
    for asking in some(walking.mutations(walking.filled(form, walker), good=False), 20, "signing in"):
        walker.ask(asking)
    name = walker.ask(
        Asking(
            "a name too long",
            "POST",
            "/admin/login/",
            "application/x-www-form-urlencoded",
            b"password=x&username=" + b"x" * 300,
        )
    )
    assert list(name.context["form"].errors) == ["username"]
    assert not walker.wrong, rubbish.told(walker.wrong)


FOUND = [
    ("GET", "indicator/add/?recommendations=1,x", b"", 200),
    ("GET", "finding/?id__regex=%28%2A%2B", b"", 302),
    ("GET", "token/?created_at__year=9223372036854775808", b"", 302),
    ("GET", "recommendation/?theme_ids__range=1", b"", 302),
    ("GET", "finding/{finding}/delete/?_to_field=", b"", 403),
    ("POST", "statuscheck/", b"action=look_now&_selected_action=1e309", 400),
    ("POST", "statuscheck/{statuscheck}/change/", b"every=3600&config=" + b"9" * 5_000, 200),
    ("POST", "statuscheck/{statuscheck}/change/", b'every=3600&config=["\\ud800"]', 200),
    ("POST", "webhook/{webhook}/change/", b"addressee=x&types=recommendation.status_changed", 200),
    ("POST", "recommendation/{recommendation}/propose/", b"stance_more_0=x&locator_more_1=%00", 200),
]


def test_what_once_failed(walker_of):
    walker, statuses = walker_of("administrator"), []
    for method, address, sent, _status in FOUND:
        place = f"/admin/recommendations/{address.format_map(addresses.Latest())}"
        answer = walker.ask(Asking("", method, place, "application/x-www-form-urlencoded", sent))
        statuses.append((address, answer.status_code))
    assert not walker.wrong, rubbish.told(walker.wrong)
    assert statuses == [(address, status) for _method, address, _sent, status in FOUND]


def test_every_key_that_no_row_has(walker_of):
    walker = walker_of("administrator")
    for words, address in some(walking.wrong_keys(), 30, "keys"):
        for method in ("GET", "POST"):
            walker.ask(Asking(words, method, address, "application/x-www-form-urlencoded"))
    assert not walker.wrong, rubbish.told(walker.wrong)
    assert {302, 404} <= walker.statuses.keys()


def test_every_list_by_every_column(walker_of):
    walker, asked = walker_of("administrator"), []
    for model, noun in admin.site._registry.items():
        address = f"/admin/recommendations/{model._meta.model_name}/"
        asked += [*walking.lookups(noun, address), *walking.list_actions(address)]
    for asking in some(asked, 50, "lists"):
        walker.ask(asking)
    assert not walker.wrong, rubbish.told(walker.wrong)
