"""Every address that is served, and what there is to ask it: from the tables of URLs, and what each says it takes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.http import QueryDict
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from rest_framework import serializers

from recommendations.api.choosing import Words
from recommendations.api.resources import Nowhere, Resource
from tests import hidden
from tests.factories import NOW

LEFT_OUT = {
    "i18n/setlang/": "changes the language of the one who asks, and answers nothing",
    "api/v1/docs/": "a page of one script, which is in the schema's test",
}

NOWHERE = {"code": f"{hidden.CODE}-NOWHERE", "number": 10**12}
"""What no row has, though it looks like what is hidden."""

NEEDED = {
    # What an address must be asked to answer at all.
    "api/v1/compare/": {"source": "OPEN", "from": "2011-06-01", "to": "2026-01-01"},
}

# What is given for free words: what is hidden, as the name of the parameter has it.
ROWS = (hidden.WORD, f"{hidden.CODE}-02")
WORDS: dict[str, tuple[Any, ...]] = {
    "q": ROWS,
    "source": (hidden.CODE, "OPEN"),
    "theme": (f"{hidden.WORD}-theme", "open-theme"),
    "addressee": (f"{hidden.WORD}-body", "open-body"),
    "recommendation": (f"{hidden.CODE}-02", "OPEN-01"),
    "indicator": (f"{hidden.CODE}-I1", "OPEN-I1"),
    "country": ("XX",),
    "fields": ("code,status", hidden.WORD),
    "rule": (hidden.WORD,),
    "after": (hidden.WORD,),
    "cursor": (hidden.WORD,),
    "script": (hidden.WORD,),
}
PAGES = {
    # What pages may be asked: they share one form.
    **{name: WORDS[name] for name in ("q", "source", "theme", "addressee", "after")},
    "status": ("reversed", "in_progress"),
    "level": ("part", "all"),
    "as_of": ("2020-01-01",),
    "known_at": ("2026-11-26",),
}


@dataclass
class Places:
    """What may stand in an address, by the noun that it is of: the codes and numbers of rows that are public, and of
    rows that are hidden."""

    public: dict[str, list[Any]] = field(default_factory=dict)
    hidden: dict[str, list[Any]] = field(default_factory=dict)

    def of(self, noun: str, kind: str) -> list[Any]:
        """Some of each, a code in small letters, and what no row has."""
        there = [*self.public.get(noun, ()), *self.hidden[noun]]
        also = [str(self.hidden[noun][0]).lower()] if kind == "code" else []
        return [*there, *also, NOWHERE[kind]]

    def first(self, noun: str) -> list[Any]:
        """At which parameters are tried: what is there, and the last of what is hidden."""
        return [*self.public.get(noun, ())[:1], self.hidden[noun][-1]]


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address that is served, as its route, and what answers there."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif (
            isinstance(each, URLPattern)
            and getattr(each.callback, "view_class", None) is not Nowhere
            and route not in LEFT_OUT
        ):
            yield route, each.callback


def filled(route: str, places: Places) -> Iterator[tuple[str, bool]]:
    """The route with every code or number that there is to try, each with whether parameters are tried there."""
    if route.startswith("admin/"):  # all of it is behind one door
        tried = (places.hidden["evidence"][0], hidden.WORD) if "<" in route or "(" in route else (None,)
        yield from ((re.sub(r"<[^>]+>|\(\?P<[^>]+>.*\)\$?", str(each), route), False) for each in tried)
        return
    gaps = re.findall(r"(\w[\w-]*)/<(\w+):(\w+)>", route)
    if len(gaps) != route.count("<") or "(" in route:
        pytest.fail(f"{route}: no plan for what stands in this address")
    if not gaps:
        yield route, True
        return
    # Of two gaps the first gets what leads somewhere: what is below nothing is nowhere.
    noun, converter, _name = gaps[-1]
    start = route
    for above, _converter, _name in gaps[:-1]:
        start = re.sub(r"<\w+:\w+>", str(places.hidden[above][-1]), start, count=1)
    for each in places.of(noun, "number" if converter == "int" else "code"):
        yield re.sub(r"<\w+:\w+>", str(each), start), each in places.first(noun)


def questions(route: str, callback: Any, places: Places) -> Iterator[dict[str, Any]]:
    """What an address is asked: nothing, then each parameter with each value, beside what it needs."""
    needed = NEEDED.get(route, {})
    yield needed
    if says_what_it_takes(callback):
        fields = callback.view_class.query_of("GET")(context={"reader": None, "now": NOW}).fields
        for name, taken in fields.items():
            yield from (needed | {name: value} for value in values(name, taken, places))
        if "q" in fields:
            yield {"q": hidden.WORD, "level": "all"} | ({"include": "count"} if "include" in fields else {})
    elif not route.startswith(("api/", "admin/")):
        for name, words in PAGES.items():
            yield from ({name: value} for value in words)


def says_what_it_takes(callback: Any) -> bool:
    view = getattr(callback, "view_class", None)
    return view is not None and issubclass(view, Resource)


ANY = "*"
BY_NAME = ("__getitem__", "__contains__", "get", "getlist")
AS_A_WHOLE = ("__iter__", "keys", "values", "items", "lists", "dict", "urlencode", "copy")


@contextmanager
def noting(names: set[str]) -> Iterator[None]:
    """Adds the names of parameters that are looked for meanwhile; ANY where somebody looks at all that were given."""

    def noted(method: str) -> Any:
        act = getattr(QueryDict, method)

        def look(self: QueryDict, *given: Any, **more: Any) -> Any:
            names.add(str(given[0]) if method in BY_NAME else ANY)
            return act(self, *given, **more)

        return look

    methods = {method: noted(method) for method in (*BY_NAME, *AS_A_WHOLE)}
    with patch.multiple(QueryDict, **methods):
        yield


def may_matter(question: dict[str, Any], looked_at: set[str]) -> bool:
    """Whether an address that has looked at these parameters may answer the question otherwise than the bare one."""
    return not question or ANY in looked_at or not looked_at.isdisjoint(question)


def values(name: str, taken: serializers.Field, places: Places) -> tuple[Any, ...]:
    """What a parameter is asked: the words it knows, and what is hidden in place of free words and numbers.

    Where any of several will do they are asked together: a row that one of them would show is among what all show.
    """
    if isinstance(taken, serializers.ListField):
        if isinstance(taken.child, serializers.ChoiceField):
            return (list(taken.child.choices),)
        return values(name, taken.child, places)
    if isinstance(taken, serializers.ChoiceField):
        return tuple(taken.choices)
    if isinstance(taken, Words):
        return (",".join(taken.words),)
    if isinstance(taken, serializers.BooleanField):
        return ("true", "false")
    if isinstance(taken, serializers.DateTimeField):
        return ("2012-01-01T00:00:00Z", "2026-11-26T11:00:00Z")
    if name == "known_at":
        return ("2026-11-26T11:00:00Z", "2026-11-26")
    if isinstance(taken, serializers.DateField):
        return ("2020-01-01",)
    if isinstance(taken, serializers.IntegerField):
        return tuple(places.first(noun_of[name])) if name in noun_of else (1,)
    if name in WORDS:
        return WORDS[name]
    return pytest.fail(f"{name}: no plan for a parameter of the kind {type(taken).__name__}")


noun_of = {"check": "checks", "evidence": "evidence"}


class Latest(dict[str, Any]):
    """The code or number of the latest row of a noun, for an address that names it as `{noun}`."""

    def __missing__(self, noun: str) -> Any:
        column = "code" if noun in CODED else "pk"
        return (
            apps.get_model("recommendations", noun)
            .objects.order_by("pk")
            .values_list(column, flat=True)
            .last()
        )


CODED = ("source", "institution", "theme", "indicator")


def route_of(address: str) -> str:
    """The route, below /api/v1/, that serves an address in which rows may be named as `{noun}`."""
    path = re.sub(r"\{\w+\}", "1", address.partition("?")[0])
    return resolve(f"/api/v1/{path}").route.removeprefix("api/v1/")
