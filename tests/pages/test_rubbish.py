"""Every public page with every parameter and every kind of rubbish: a page or a refusal, never a failure of ours.

A sample of it; ADMIN_RUBBISH=all asks everything.
"""

import re
from urllib.parse import quote_from_bytes

import pytest

from tests import addresses, factories, hidden, hidden_work, rubbish
from tests.rubbish import some, told

pytestmark = pytest.mark.django_db

LANGUAGE = "i18n/setlang/"
FOUND = ["/recommendations/?addressee=a%00b"]
"""What once failed: asked each day."""


@pytest.fixture(autouse=True)
def _refusals_are_not_logged(caplog):
    """Thousands of them, each with its trace."""
    caplog.set_level("CRITICAL", "django.request")
    caplog.set_level("CRITICAL", "django.security")


@pytest.fixture
def keys():
    row = factories.recommendation(code="OPEN-01", source=factories.source(code="OPEN"))
    factories.published(row)
    row.refresh_from_db()
    factories.indicator(code="OPEN-I1", recommendations=[row])
    hidden.around(row)
    hidden_work.around(row)
    return hidden_work.keys()


def pages():
    return [route for route, _callback in addresses.routes() if not route.startswith(("api/", "admin/"))]


def filled(route, key):
    return "/" + re.sub(r"<[^>]+>", key, route)


def wrong(client, asked):
    """What is not answered as a page or a refusal, by what was asked."""
    client.raise_request_exception = False
    failed, statuses = {}, set()
    for method, address, sent in asked:
        answer = client.generic(method, address, data=sent, content_type="application/x-www-form-urlencoded")
        statuses.add(answer.status_code)
        if answer.status_code >= 500:
            failed[f"{method} {address[:200]} {sent[:80]!r}"] = [
                f"{answer.status_code} {answer.exc_info[1]!r:.200}"
            ]
    return failed, statuses


def test_every_parameter_of_every_page(client, keys):
    asked = []
    for route in pages():
        noun = route.partition("/")[0]
        address = filled(route, str(keys[noun][0]) if "<" in route else "")
        noted: set[str] = set()
        with addresses.noting(noted):
            assert client.get(address).status_code == 200, address
        also = addresses.PAGES if addresses.ANY in noted else ()
        names = sorted({*noted, *also, "unknown"} - {addresses.ANY})
        asked += [
            ("GET", f"{address}?{name}={quote_from_bytes(value)}", b"")
            for name in names
            for value in rubbish.EVERY.values()
        ]
        asked += [("GET", f"{address}?{name}=1&{name}=x", b"") for name in names]
        asked += [
            ("GET", f"{address}?{rest}", b"")
            for rest in ("&&=&%&%ff=%00&;", "&".join(f"f{n}=1" for n in range(1_100)))
        ]
    failed, statuses = wrong(
        client, [*some(asked, 120, "parameters"), *(("GET", each, b"") for each in FOUND)]
    )
    assert not failed, told(failed)
    assert {200, 400} <= statuses


def test_every_address_of_a_row_that_is_none(client, keys):
    asked = [
        (method, filled(route, quote_from_bytes(value, safe="")), b"")
        for route in pages()
        if "<" in route
        for value in rubbish.EVERY.values()
        for method in ("GET", "POST")
    ]
    failed, statuses = wrong(client, some(asked, 60, "rows"))
    assert not failed, told(failed)
    assert 404 in statuses


def test_the_choice_of_a_language(client):
    asked = [
        ("POST", f"/{LANGUAGE}", f"{name}={quote_from_bytes(value)}&{rest}".encode())
        for value in rubbish.EVERY.values()
        for name, rest in (("language", "next=/"), ("next", "language=es"))
    ]
    asked += [("POST", f"/{LANGUAGE}", content) for _kind, content in rubbish.BODIES.values()]
    failed, statuses = wrong(client, some(asked, 60, "language"))
    assert not failed, told(failed)
    assert {302} <= statuses
