"""The views a person keeps of a list: a bar of links above it, and the forms that keep, rename and remove them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ORDER_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from recommendations.actions import saved_views
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import SavedView, User
from recommendations.queries import saved_views as queries

QUEUE = "queue"
"""The one list that is no noun's: what waits for a person."""

NOT_KEPT = {"p", "e", "after", "all", "_popup", "_to_field", "_facets"}
"""What an address of a list says besides what it is narrowed to: where one had turned to, and how it was opened."""


@dataclass(frozen=True)
class Bar:
    """What stands above a list: its reader's views, each with its address and whether it is what is shown."""

    noun: str
    query: str
    views: list[tuple[SavedView, str, bool]]


def bar(request: HttpRequest, noun: str) -> Bar:
    """One statement."""
    assert isinstance(request.user, User)
    query = kept(request)
    views = [
        (view, _list(noun, view.query), _same(view.query, query)) for view in queries.of(request.user, noun)
    ]
    return Bar(noun, query, views)


def kept(request: HttpRequest) -> str:
    """What a list is narrowed to and its order, as the end of an address."""
    return _kept(request.META.get("QUERY_STRING", ""))


def _kept(query: str) -> str:
    return urlencode([(name, value) for name, value in parse_qsl(query) if name not in NOT_KEPT])


def _same(one: str, other: str) -> bool:
    return sorted(parse_qsl(one)) == sorted(parse_qsl(other))


def _list(noun: str, query: str = "") -> str:
    """The address of a list; 404 where there is none of that name."""
    try:
        name = "admin:index" if noun == QUEUE else f"admin:recommendations_{noun}_changelist"
        place = reverse(name)
    except NoReverseMatch as missing:
        raise Http404 from missing
    return f"{place}?{query}" if query else place


def keep(request: HttpRequest, *, of_queue: Collection[str]) -> HttpResponse:
    """Keep what is shown, and go back to it; a refusal is said there. `of_queue` are the queue's parameters."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    assert isinstance(request.user, User)
    noun, query = request.POST.get("noun", ""), _kept(request.POST.get("query", ""))
    back = _list(noun, query)
    known = of_queue if noun == QUEUE else parameters(_noun(noun), request)
    try:
        view = saved_views.keep(
            noun, name=request.POST.get("name", ""), query=query, known=known, by=request.user
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return HttpResponseRedirect(back)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, or remove it where that button was pressed. Those of others are as if they were not there."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    assert isinstance(request.user, User)
    view = SavedView.objects.filter(person=request.user, pk=pk).first()
    if view is None:
        raise Http404
    name = view.name
    try:
        if "remove" in request.POST:
            saved_views.remove(view, by=request.user)
            messages.success(request, _("The view “%(name)s” is removed.") % {"name": name})
        else:
            saved_views.rename(view, name=request.POST.get("name", ""), by=request.user)
            messages.success(request, _("The view is called “%(name)s” now.") % {"name": view.name})
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(_list(view.noun, _kept(request.POST.get("query", ""))))


def parameters(noun: Any, request: HttpRequest) -> frozenset[str]:
    """The names that a noun's list understands in its address: its filters', the search and the order."""
    names: set[str | None] = {SEARCH_VAR, ORDER_VAR}
    for entry in noun.get_list_filter(request):
        if isinstance(entry, tuple):
            path, kind = entry
            field = get_fields_from_path(noun.model, path)[-1]
            spec = kind(field, request, {}, noun.model, noun, field_path=path)
        else:
            spec = entry(request, {}, noun.model, noun)
        names.update(spec.expected_parameters())
    return frozenset(name for name in names if name)


def _noun(name: str) -> Any:
    for model, noun in admin.site._registry.items():
        if model._meta.model_name == name and model._meta.app_label == "recommendations":
            return noun
    raise Http404
