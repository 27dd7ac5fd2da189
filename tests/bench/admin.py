"""Every list of the admin with each of its filters, orders and searches, what is found by typing, and its pages.

`BENCH_ROWS=10000 python -m tests.bench admin`, then the same with a million: it prints each address with its
milliseconds, and at the end those that cost more than the goal of walk.py says.
"""

import os
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.http import urlencode
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from recommendations.models import Assessment, Finding, Source, User
from tests.bench import million, staff
from tests.bench.walk import walk

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
WORDS = {
    "rare": million.RARE,
    "middling": million.MIDDLING,
    "common": million.COMMON,
    "none": "nowhere",
    "title": "Report 77",
}


def run(number: int = ROWS, only: str = "") -> None:
    """Every address whose name has `only` in it."""
    million.generate(number)
    staff.make_all(number)
    person, _made = User.objects.get_or_create(username="bench-admin", defaults={"role": "administrator"})
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    walk("admin", number, client, addresses(person), only)


def addresses(person: User) -> Iterator[tuple[str, str]]:
    """(name, address) of all that is measured."""
    for page in ("index", "dashboard", "check_health", "notifications", "security", "roles"):
        yield page, reverse(f"admin:{page}")
    for turn in ("yours", "assigned", "others"):
        yield f"queue {turn}", f"{reverse('admin:index')}?turn={turn}"
    yield "queue proposal", f"{reverse('admin:index')}?what=proposal"
    yield "queue source", f"{reverse('admin:index')}?source={_middle(Source).pk}"
    yield "queue theme", f"{reverse('admin:index')}?theme=3"
    yield "report", reverse("admin:recommendations_source_report", args=[_middle(Source).pk])
    waiting = {
        "proposal": Assessment.objects.filter(state="proposed"),
        "finding": Finding.objects.filter(state="open"),
    }
    for what, rows in waiting.items():
        yield f"decide {what}", reverse("admin:queue_item", args=[what, rows.order_by("pk")[0].pk])
    found: set[str] = set()
    for model, noun in sorted(admin.site._registry.items(), key=lambda each: str(each[0]._meta.model_name)):
        if model._meta.app_label == "recommendations":
            yield from _of_noun(noun, person)
            yield from _typed(noun, found)


def _of_noun(noun: Any, person: User) -> Iterator[tuple[str, str]]:
    name = str(noun.opts.model_name)
    url = reverse(f"admin:recommendations_{name}_changelist")
    yield f"{name} list", url
    if noun.model._default_manager.order_by()[99 * noun.list_per_page :].exists():
        yield f"{name} list, page 100", f"{url}?p=100"
    for filtered, query in _filters(noun):
        yield f"{name} filter {filtered}", f"{url}?{query}"
    request = RequestFactory().get(url)
    request.user = person
    changes = noun.get_changelist_instance(request)
    for place, column in enumerate(changes.list_display):
        if column in changes.sortable_by and changes.get_ordering_field(column):
            label = getattr(column, "__name__", column)
            yield f"{name} order {label}", f"{url}?o={place}"
            yield f"{name} order -{label}", f"{url}?o=-{place}"
    row = _middle(noun.model)
    if noun.get_search_fields(request):
        codes = {"code": row.code} if row and hasattr(row, "code") else {}
        about = getattr(row, "recommendation", None)
        if about is not None:
            codes["code"] = about.code
        for kind, term in (WORDS | codes).items():
            yield f"{name} search {kind}", f"{url}?{urlencode({'q': term})}"
    if row is not None:
        yield f"{name} page", reverse(f"admin:recommendations_{name}_change", args=[row.pk])
        yield f"{name} history", reverse(f"admin:recommendations_{name}_history", args=[row.pk])


def _filters(noun: Any) -> Iterator[tuple[str, str]]:
    """(name, query) of each value of each filter; of one that is found by typing those of a few rows."""
    for each in noun.list_filter:
        if not isinstance(each, tuple):
            for value, _label in each.lookups(each, None, noun):
                yield f"{each.parameter_name}={value}", urlencode({each.parameter_name: value})
            continue
        name, kind = each
        if issubclass(kind, AutocompleteSelectFilter):
            for pk in _related(noun.model, name):
                yield f"{name}={pk}", urlencode({f"{name}__id__exact": pk})
            continue
        choices = noun.opts.get_field(name).choices or [("1", ""), ("0", "")]
        for value, _label in choices:
            yield f"{name}={value}", urlencode({f"{name}__exact": value})


def _related(model: type[Model], name: str) -> list[int]:
    for part in name.split("__"):
        model = model._meta.get_field(part).related_model  # type: ignore[assignment]
    keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
    middle = _middle(model)
    return sorted({*keys[:1], *([middle.pk] if middle else []), *keys.reverse()[:1]})


def _typed(noun: Any, found: set[str]) -> Iterator[tuple[str, str]]:
    """What is found by typing, of each noun once."""
    for name in (
        *noun.autocomplete_fields,
        *(each[0] for each in noun.list_filter if isinstance(each, tuple)),
    ):
        if "__" in name:
            continue
        field = noun.opts.get_field(name)
        related = field.related_model
        if related is None or related._meta.model_name in found or related not in admin.site._registry:
            continue
        found.add(str(related._meta.model_name))
        asked = {"app_label": "recommendations", "model_name": noun.opts.model_name, "field_name": name}
        for kind, term in ({"nothing": ""} | WORDS).items():
            query = urlencode(asked | {"term": term})
            yield f"typing {related._meta.model_name} {kind}", f"{reverse('admin:autocomplete')}?{query}"


def _middle(model: type[Model]) -> Any:
    """A row from the middle of all."""
    rows = model._default_manager.order_by("pk")
    last = rows.last()
    return rows.filter(pk__gte=last.pk // 2).first() if last else None
