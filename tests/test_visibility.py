"""Nothing internal leaks: every public address with every parameter answers alike, whether or not there is anything to
hide.

The walk is made twice over the same public rows: with rows of every noun hidden around them, and without. Each answer
must be the same to the byte, and cost the same number of statements: what is hidden is then neither told nor counted,
neither found nor refused in other words, and cannot be told from what never was. Addresses and parameters come from
the tables of URLs and from what each address says that it takes; one that is not in the plan fails.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework import serializers

from recommendations.actions import tokens
from recommendations.api.resources import Nowhere, Resource
from tests import factories, hidden
from tests.factories import NOW

pytestmark = pytest.mark.django_db

NOWHERE = 10**12
"""A number that no row has."""

CODES = ("OPEN", "OPEN-01", "OPEN-I1", "open-body", "open-theme", hidden.CODE, f"{hidden.CODE}-I1")
HIDDEN_CODES = (
    *(f"{hidden.CODE}-0{number}" for number in range(1, 5)),
    *(f"{hidden.WORD}-{noun}" for noun in ("body", "theme", "evidence", "document")),
)
WORDS = (hidden.WORD, f"{hidden.CODE}-02", f"{hidden.WORD}-body", f"{hidden.WORD}-theme")

NEEDED = {
    # What an address must be asked to answer at all.
    "api/v1/evidence/<int:pk>/diff/": {"from": 1, "to": 2},
    "api/v1/compare/": {"source": "OPEN", "from": "2011-06-01", "to": "2026-01-01"},
}
PAGES_ASKED = {
    "q": WORDS,
    "source": WORDS,
    "theme": WORDS,
    "addressee": WORDS,
    "status": ("reversed", "in_progress"),
    "level": ("part", "all"),
    "after": WORDS,
    "as_of": ("2020-01-01",),
    "known_at": ("2026-11-26",),
}
"""What pages may be asked: they share one form."""

LEFT_OUT = {
    "i18n/setlang/": "changes the language of the one who asks, and answers nothing",
    "api/v1/docs/": "a page of one script, which is in the schema's test",
}


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address that is served, as its route, and what answers there."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern) and getattr(each.callback, "view_class", None) is not Nowhere:
            yield route, each.callback


def places(route: str, numbers: list[int]) -> Iterator[str]:
    """The route with every code or number there is to try."""
    if route.startswith("admin/"):  # all of it is behind one door
        tried = (numbers[0], hidden.WORD) if "<" in route else (hidden.WORD,)
        yield from (re.sub(r"<[^>]+>|\(\?P<[^>]+>.*\)\$?", str(each), route) for each in tried)
    elif "<" not in route and "(" not in route:
        yield route
    elif re.search(r"<(?:slug|code|str):code>", route):
        yield from (re.sub(r"<\w+:code>", code, route) for code in (*CODES, *HIDDEN_CODES))
    elif re.search(r"<int:(?:pk|delivery)>", route):
        yield from (re.sub(r"<int:\w+>", str(number), route) for number in (*numbers, NOWHERE))
    else:
        pytest.fail(f"{route}: no plan for what stands in this address")


def is_tried(route: str, place: str, numbers: list[int]) -> bool:
    """Whether parameters are tried here: at what is there and at something hidden; else it is the bare address."""
    if "<" not in route:
        return True
    there = {"OPEN", "OPEN-01", f"{hidden.CODE}-02", str(numbers[0]), str(numbers[-1])}
    return bool(there & set(place.split("/")))


def values(name: str, field: serializers.Field, numbers: list[int]) -> tuple[Any, ...]:
    """What a parameter is asked: each word it knows, and what is hidden in place of free words and numbers."""
    if isinstance(field, serializers.ListField):
        return values(name, field.child, numbers)
    if isinstance(field, serializers.ChoiceField):
        return tuple(field.choices)
    if isinstance(field, serializers.BooleanField):
        return ("true", "false")
    if isinstance(field, serializers.DateTimeField):
        return ("2026-11-26T11:00:00Z",)
    if isinstance(field, serializers.DateField):
        return ("2020-01-01",)
    if isinstance(field, serializers.IntegerField):
        return (1, numbers[0])
    if isinstance(field, serializers.CharField) or type(field).__module__.startswith("recommendations.api"):
        return WORDS
    return pytest.fail(f"{name}: no plan for a parameter of the kind {type(field).__name__}")


def asked(route: str, callback: Any, numbers: list[int]) -> Iterator[dict[str, Any]]:
    """What an address is asked: nothing, then each parameter with each value, beside what it needs."""
    needed = NEEDED.get(route, {})
    yield needed
    view = getattr(callback, "view_class", None)
    if view is not None and issubclass(view, Resource):
        fields = view.query_of("GET")(context={"reader": None, "now": NOW}).fields
        for name, field in fields.items():
            for value in values(name, field, numbers):
                yield needed | {name: value}
        if "q" in fields:
            yield {"q": hidden.WORD, "level": "all", "include": "count"}
        elif "include" in fields:
            yield needed | {"include": "count"}
    elif not route.startswith(("api/", "admin/")):
        for name, words in PAGES_ASKED.items():
            for value in words:
                yield {name: value}


def text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in sorted(archive.namelist()))
    # The end of the change feed moves with every transaction of the server, whatever it is about.
    content = re.sub(rb'"cursor":"[\w-]+"', b'"cursor":""', content)
    # A fresh key in each form against forgery.
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", content.decode(errors="replace"))


def walk(client: Client, numbers: list[int], *, whole: bool) -> dict[str, tuple[Any, ...]]:
    """Every address and what it is asked: status, where it leads, what it tells, and how many statements it took."""
    told: dict[str, tuple[Any, ...]] = {}
    for route, callback in routes():
        if route in LEFT_OUT or (route.startswith("admin/") and not whole):
            continue
        questions = list(asked(route, callback, numbers)) if whole else [NEEDED.get(route, {})]
        for place in places(route, numbers):
            every = whole and is_tried(route, place, numbers)
            for question in questions if every else questions[:1]:
                address = f"/{place}" + (f"?{urlencode(question)}" if question else "")
                cache.clear()
                with CaptureQueriesContext(connection) as statements:
                    answer = client.get(address)
                    said = text(answer)
                told[address] = (
                    answer.status_code,
                    answer.headers.get("Location", ""),
                    said,
                    len(statements),
                )
    return told


@pytest.fixture
def row():
    source = factories.source(code="OPEN")
    row = factories.recommendation(
        code="OPEN-01",
        source=source,
        addressees=[factories.institution(code="open-body")],
        themes=[factories.theme(code="open-theme")],
    )
    factories.recommendation(parent=row, code="OPEN-01b")
    factories.published(row, effective_on=date(2013, 1, 1))
    factories.indicator(code="OPEN-I1", recommendations=[row])
    row.refresh_from_db()
    return row


def key_of(user: Any, **fields: Any) -> str:
    _token, key = tokens.issue(user, name="t", by=user, now=fields.pop("now", NOW), **fields)
    return key


def callers() -> dict[str, Client]:
    """All who must see no more than the public does."""
    nobody = factories.user("")
    editor = factories.user("editor")
    signed_in = Client()
    signed_in.force_login(nobody)
    bearer = {
        "a person without a role": key_of(nobody, scopes=["read", "propose", "review", "manage"]),
        "a token that may not read": key_of(editor, scopes=["propose"]),
        "an expired token": key_of(editor, scopes=["read"], expires_at=NOW, now=NOW - timedelta(days=1)),
        "a key that nobody made": "x" * 43,
    }
    clients = {who: Client(headers={"Authorization": f"Bearer {key}"}) for who, key in bearer.items()}
    return clients | {"a session without a role": signed_in}


def difference(address: str, one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """Where two answers part, with some words around it."""
    if one[2] == other[2]:
        return f"{address}: {one[0]} in {one[3]} statements, {other[0]} in {other[3]}"
    pairs = enumerate(zip(one[2], other[2], strict=False))
    place = next((place for place, (a, b) in pairs if a != b), min(len(one[2]), len(other[2])))
    start = max(0, place - 60)
    parts = (f"{each[0]} ...{each[2][start : place + 90]!r}" for each in (one, other))
    return f"{address}: {' and '.join(parts)}"


def compared(row: Any, who: str, client: Client, *, whole: bool) -> int:
    """The walk with hidden rows and without; how many answers were compared."""
    with time_machine.travel(NOW, tick=False):
        mark = transaction.savepoint()
        hidden.around(row)
        numbers = hidden.numbers()
        missed = hidden.nouns_without_the_word() - hidden.HOLDS_NO_WORD
        with_hidden = walk(client, numbers, whole=whole)
        transaction.savepoint_rollback(mark)
        without = walk(client, numbers, whole=whole)
    assert len(numbers) >= 5
    differing = [address for address in with_hidden if with_hidden[address] != without[address]]
    assert not differing, f"{who}: {len(differing)} differ\n" + "\n".join(
        difference(address, with_hidden[address], without[address]) for address in differing[:5]
    )
    assert missed <= NOT_MADE_HERE
    return len(with_hidden)


NOT_MADE_HERE = {"webhook", "delivery", "keptanswer", "importedrow", "savedview"}
"""Nouns whose rows belong to their owners alone, and are tried in tests of their own."""


def test_a_stranger_finds_no_trace_anywhere(row):
    assert compared(row, "a stranger", Client(), whole=True) > 1_000


def test_neither_does_anybody_who_may_not_read(row):
    for who, client in callers().items():
        assert compared(row, who, client, whole=False) > 200


def test_the_walk_would_notice(row):
    """The same walk by somebody who may read what is internal differs, in lists, details, counts and searches."""
    client = Client(headers={"Authorization": f"Bearer {key_of(factories.user('viewer'), scopes=['read'])}"})
    with time_machine.travel(NOW, tick=False):
        mark = transaction.savepoint()
        hidden.around(row)
        numbers = hidden.numbers()
        seen = walk(client, numbers, whole=False)
        transaction.savepoint_rollback(mark)
        after = walk(client, numbers, whole=False)
    differing = {address for address in seen if seen[address] != after[address]}
    assert {
        "/api/v1/recommendations/",
        f"/api/v1/recommendations/{hidden.CODE}-02/",
        "/api/v1/overview/",
    } <= differing
