"""Every address with every method and every kind of rubbish: a problem or an answer, never a failure of ours.

Addresses come from the table of URLs, so that a new one is asked as well.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from recommendations.api.problems import CONTENT_TYPE
from tests import addresses, factories, hidden, hidden_work
from tests.api.conftest import Caller, holding

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "options", "post", "put", "patch", "delete", "trace")
CHANGING = ("post", "patch", "delete")
NOWHERE = "nowhere/"


@pytest.fixture
def world():
    """One row of everything, and the addresses that lead to it."""
    row = factories.recommendation(code="OPEN-01", source=factories.source(code="OPEN"))
    factories.published(row)
    row.refresh_from_db()
    hidden.around(row)
    hidden_work.around(row)
    return [*filled(hidden_work.keys()), NOWHERE, "recommendations/NOWHERE/", "evidence/0/diff/"]


def filled(keys: dict[str, list[Any]]) -> Iterator[str]:
    for route, _callback in addresses.routes():
        if route.startswith("api/v1/"):
            path = route.removeprefix("api/v1/")
            for noun in re.findall(r"(\w+)/<\w+:\w+>", path):
                path = re.sub(r"<\w+:\w+>", str(keys[noun][-1]), path, count=1)
            yield path
    yield "docs/"


def callers() -> dict[str, Caller]:
    return {"a stranger": Caller(), "an administrator": holding(factories.user("administrator"))}


def asked(caller: Caller, method: str, path: str, **how: Any) -> Any:
    """The answer, and nothing changed by it."""
    caller.client.raise_request_exception = False
    with transaction.atomic():
        answer = caller.client.generic(method.upper(), f"/api/v1/{path}", **how)
        answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def faults(answer: Any, method: str) -> list[str]:
    """What is wrong with an answer, whatever was asked."""
    found = []
    if answer.status_code >= 500:
        found.append(f"fails: {answer.status_code} {answer.body[:100]!r}")
    if answer.status_code >= 400 and method != "head":
        if answer.headers["Content-Type"] != CONTENT_TYPE:
            found.append(f"{answer.status_code} is no problem but {answer.headers['Content-Type']}")
        elif answer.json()["status"] != answer.status_code:
            found.append("says another status than it has")
    if answer.status_code == 405 and not answer.headers.get("Allow"):
        found.append("does not say what is allowed")
    if answer.status_code in (401,) and not answer.headers.get("WWW-Authenticate"):
        found.append("does not say how to sign in")
    if method in ("get", "head") and answer.headers.get("Access-Control-Allow-Origin") != "*":
        found.append("may not be read by pages of other origins")
    if method == "head" and answer.body:
        found.append("answers HEAD with a body")
    return found


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{what}: {'; '.join(found)}" for what, found in wrong.items())


@pytest.mark.parametrize("who", ["a stranger", "an administrator"])
def test_every_method(world, who):
    caller, wrong, seen = callers()[who], {}, set()
    for path in world:
        for method in METHODS:
            answer = asked(caller, method, path, content_type="application/json", data="{}")
            seen.add(answer.status_code)
            if found := faults(answer, method):
                wrong[f"{method} {path}"] = found
    assert not wrong, told(wrong)
    assert {200, 204, 400, 404, 405} <= seen


def test_head_says_what_get_says(world):
    caller, wrong = callers()["an administrator"], {}
    caller.read("me/")  # that the token was used is written down once
    for path in world:
        get, head = (asked(caller, method, path) for method in ("get", "head"))
        same = {
            name: (get.headers.get(name), head.headers.get(name))
            for name in (*get.headers, *head.headers)
            if name not in ("Content-Length", "Last-Modified", "Feed-Cursor")
        }
        differing = {name: both for name, both in same.items() if both[0] != both[1]}
        if get.status_code != head.status_code or differing:
            wrong[path] = [f"{get.status_code} and {head.status_code}", str(differing)]
    assert not wrong, told(wrong)


def test_options_tells_the_methods_that_there_are(world):
    caller, wrong = callers()["an administrator"], {}
    for path in world:
        allowed = asked(caller, "options", path).headers.get("Allow", "").split(", ")
        for method in METHODS if path != NOWHERE else ():
            status = asked(caller, method, path, content_type="application/json", data="{}").status_code
            if (status == 405) == (method.upper() in allowed):
                wrong[f"{method} {path}"] = [f"{status} but {allowed}"]
    assert not wrong, told(wrong)


BODIES = {
    "no JSON": ("application/json", b"{"),
    "nothing": ("application/json", b""),
    "null": ("application/json", b"null"),
    "a number": ("application/json", b"1e999"),
    "NaN": ("application/json", b'{"value": NaN, "every": Infinity}'),
    "a list": ("application/json", b"[[]]"),
    "half a character": ("application/json", b'{"note": "\\ud800"}'),
    "no UTF-8": ("application/json", b'{"note": "\xff"}'),
    "UTF-16": ("application/json; charset=utf-16", '{"note": "x"}'.encode("utf-16")),
    "a charset that is none": ("application/json; charset=nonsense", b"{}"),
    "a NUL": ("application/json", b'{"note": "\\u0000"}'),
    "too much": ("application/json", b'{"note": "' + b"x" * 3_000_000 + b'"}'),
    "a form": ("application/x-www-form-urlencoded", b"a=b"),
    "text": ("text/plain", b"hello"),
    "no type": ("", b"{}"),
    "no such type": ("nonsense", b"{}"),
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart with an empty boundary": ("multipart/form-data; boundary=", b"--x\r\n"),
    "multipart that ends early": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    ),
    "multipart of base64 that is none": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="format"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
    ),
    "multipart of too many fields": (
        "multipart/form-data; boundary=x",
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(1_100))
        + b"--x--\r\n",
    ),
}


def test_every_kind_of_body(world):
    caller, wrong, seen = callers()["an administrator"], {}, set()
    taking = [
        (method, path)
        for path in world
        for method in CHANGING
        if method.upper() in asked(caller, "options", path).headers.get("Allow", "").split(", ")
    ]
    assert len(taking) > 20
    for method, path in taking:
        for number, (name, (kind, content)) in enumerate(BODIES.items()):
            key = {"HTTP_IDEMPOTENCY_KEY": "k"} if number % 2 else {}
            answer = asked(caller, method, path, content_type=kind, data=content, HTTP_IF_MATCH="*", **key)
            seen.add(answer.status_code)
            if found := faults(answer, method):
                wrong[f"{method} {path} with {name}"] = found
    assert not wrong, told(wrong)
    assert {400, 413, 415} <= seen


HEADERS = {
    "HTTP_ACCEPT": [
        "text/csv",
        "nonsense",
        ";;;",
        "*/*;q=x",
        "application/json;q=0",
        "a/b;c=" + "d" * 5_000,
        "",
    ],
    "HTTP_ACCEPT_LANGUAGE": ["es", "xx", ";q=", "*" * 5_000, "en-\u00ff"],
    "HTTP_AUTHORIZATION": [
        "Bearer",
        "Bearer x y",
        "Bearer \x00",
        "Token \u00e9",
        "Basic eDp5",
        "nonsense",
        " ",
    ],
    "HTTP_IF_NONE_MATCH": ["x", '"', "W/", '"a", W/"b", *', '"' + "x" * 5_000 + '"'],
    "HTTP_IF_MATCH": ["", '"', "W/x,,,"],
    "HTTP_IDEMPOTENCY_KEY": ["", '"', "a b", "\u00e9", "x" * 300],
    "HTTP_RANGE": ["bytes=0-1", "nonsense"],
    "HTTP_ORIGIN": ["null", "nonsense"],
    "HTTP_COOKIE": ["sessionid=nonsense; csrftoken=x", "django_language=\u00ff", ";=;"],
    "HTTP_X_FORWARDED_FOR": ["nonsense", "1.2.3.4, x", "::1"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
    "CONTENT_LENGTH": ["-1", "x", "99999999999"],
    "QUERY_STRING": [
        "%ff",
        "%00=1",
        "a",
        "=",
        "&&",
        "limit=%00",
        "cursor=%ff",
        "fields=.",
        "limit=1&limit=2",
        "q=%F0%9F",
    ],
}


@pytest.mark.parametrize("header", HEADERS)
def test_every_kind_of_header(world, header):
    """One value at each address, the next one at the next: what reads headers is the same everywhere."""
    caller, wrong = callers()["a stranger"], {}
    values = HEADERS[header]
    for number, path in enumerate(world):
        value = values[number % len(values)]
        for method in ("get", "post"):
            answer = asked(
                caller, method, path, content_type="application/json", data="{}", **{header: value}
            )
            if found := faults(answer, method):
                wrong[f"{method} {path} {value[:40]!r}"] = found
    assert not wrong, told(wrong)


def test_every_answer_tells_how_much_may_still_be_asked(world, settings):
    """But where there is nothing to ask: no such address, or no such method."""
    settings.API_REQUESTS_PER_MINUTE = {"address": 1, "person": 10_000, "token": 10_000}
    caller, stranger, wrong = callers()["an administrator"], Caller(), {}
    for path in world:
        answer = asked(caller, "get", path)
        if answer.status_code == 405 or path == NOWHERE:
            continue
        if "RateLimit" not in answer.headers or "RateLimit-Policy" not in answer.headers:
            wrong[path] = [f"{answer.status_code} announces nothing"]
        stranger.get("sources/")  # the only one of this minute, and not undone
        beyond = asked(stranger, "get", path)
        if beyond.status_code != 429 or "Retry-After" not in beyond.headers or faults(beyond, "get"):
            wrong[f"{path} beyond the limit"] = [f"{beyond.status_code}", *faults(beyond, "get")]
    assert not wrong, told(wrong)
