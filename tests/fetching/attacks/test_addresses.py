"""Addresses that must lead nowhere, however they are written: as a look's, a delivery's, a redirect's."""

import socket
import threading

import pytest

from tests.fakeweb import FakeWeb

from . import conftest, tables
from .trying import counts_as_public, look, outcome, post, resolver

pytestmark = pytest.mark.usefixtures("in_time")

ANYWHERE, DIRECT = tables.addresses("anywhere"), tables.addresses("direct")


@pytest.fixture(scope="module")
def web():
    with FakeWeb() as served:
        yield served


@pytest.mark.parametrize("case", [*ANYWHERE, *DIRECT], ids=lambda case: case.name)
def test_a_look_leads_nowhere(case):
    result = look(case.sent, lookup=resolver(case))
    assert outcome(result) in case.expected, result
    assert result.redirects == ()


@pytest.mark.parametrize("case", [*ANYWHERE, *DIRECT], ids=lambda case: case.name)
def test_a_delivery_leads_nowhere(case):
    assert outcome(post(case.sent, lookup=resolver(case))) in case.expected


@pytest.mark.parametrize("case", ANYWHERE, ids=lambda case: case.name)
def test_a_redirect_leads_nowhere(case, web, monkeypatch):
    counts_as_public(monkeypatch, web.port)
    before = len(web.requests)
    start = web.redirect("/away", case.sent, 302)

    result = look(start, lookup=resolver(case))

    assert outcome(result) in case.expected, result
    assert [hop.status for hop in result.redirects] == [302]
    assert [asked.target for asked in web.requests[before:]] == ["/robots.txt", "/away"]


def test_the_guard_of_these_tests_holds(web):
    """A net that catches nothing would pass all of them."""
    with pytest.raises(conftest.Strayed), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    caught = []

    def ask():
        try:
            socket.getaddrinfo("www.gao.example", 80)
        except conftest.Strayed as error:
            caught.append(error)

    thread = threading.Thread(target=ask, name="dns_0")
    thread.start()
    thread.join()
    assert len(caught) == 1
    with socket.socket() as home:
        home.connect(("127.0.0.1", web.port))
    conftest.strayed.clear()


def test_what_counts_as_public_here_is_reached(web, monkeypatch):
    """Else every refusal above could be that of a door that is always shut."""
    counts_as_public(monkeypatch, web.port)
    web.page("/ok", "fine")
    assert outcome(look(web.url("/ok"))) == 200
