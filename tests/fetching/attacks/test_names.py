"""Name servers that answer one thing and then another: the address connected to is the one judged, each time."""

import asyncio
from dataclasses import replace

import pytest

from recommendations.fetching.http import Request
from tests.fakeweb import FakeWeb

from . import tables
from .limits import DOOR
from .trying import counts_as_public, outcome, through

pytestmark = pytest.mark.usefixtures("in_time")

NO_ROBOTS = replace(DOOR, respect_robots=False)


@pytest.fixture(scope="module")
def web():
    with FakeWeb() as served:
        yield served


def answering(answers):
    """Each resolution gets the next answer; the last one is that of all further ones."""
    left = list(answers)

    async def lookup(host, port):
        answer = left.pop(0) if len(left) > 1 else left[0]
        if answer == "FAILS":
            raise OSError("SERVFAIL")
        if answer == "HANGS":
            await asyncio.sleep(60)
        return [
            address
            for each in answer
            for address in (
                ["8.8.8.8"] * 100 if each == "HUNDRED" else ["127.0.0.1" if each == "WEB" else each]
            )
        ]

    return lookup


@pytest.mark.parametrize("case", tables.names(), ids=lambda case: case.name)
def test_each_resolution_is_judged_by_all_it_says(case, web, monkeypatch):
    counts_as_public(monkeypatch, web.port)
    url = web.at("/", _then_close).replace("127.0.0.1", "name.example")

    async def look_for_each(door):
        return [await door.look(Request(url)) for _answer in case.sent]

    *before, last = through(look_for_each, NO_ROBOTS, lookup=answering(case.sent))
    assert [outcome(each) for each in before] == [200] * (len(case.sent) - 1)
    assert outcome(last) in case.expected, last


def test_robots_txt_and_the_page_are_two_resolutions(web, monkeypatch):
    counts_as_public(monkeypatch, web.port)
    web.at("/robots.txt", _then_close)
    url = web.at("/", _then_close).replace("127.0.0.1", "name.example")
    before = len(web.requests)
    result = through(lambda door: door.look(Request(url)), DOOR, lookup=answering([["WEB"], ["10.0.0.1"]]))
    assert outcome(result) == "refused"
    assert [asked.target for asked in web.requests[before:]] == ["/robots.txt"]


def test_a_connection_kept_open_leads_where_it_led(web, monkeypatch):
    """A name that moves meanwhile is asked for again only with a new connection, which is judged."""
    counts_as_public(monkeypatch, web.port)
    web.page("/kept", "x")
    url = web.url("/kept", host="name.example")

    async def two_looks(door):
        return [await door.look(Request(url)) for _time in range(2)]

    results = through(two_looks, NO_ROBOTS, lookup=answering([["WEB"], ["10.0.0.1"]]))
    assert [outcome(each) for each in results] == [200, 200]
    assert len(web.asked("/kept")) == 2


async def _then_close(asked, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
