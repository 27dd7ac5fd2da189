"""Delivering by POST through the same door: signed headers arrive, nothing is followed, every limit holds."""

import asyncio
from dataclasses import replace

import pytest

from recommendations.fetching.http import Answer, Door, Failure, Message
from tests.fakeweb import FakeWeb

from .doors import LIMITS

HASTY = replace(LIMITS, connect_seconds=0.5, read_seconds=0.5, total_seconds=0.8)
SIGNED = {"webhook-id": "msg_1", "webhook-signature": "v1,c2lnbmVk"}


@pytest.fixture(scope="module")
def web():
    with FakeWeb() as served:
        yield served


def post(*messages, limits=LIMITS, **door):
    async def run():
        async with Door(limits, **door) as opened:
            return [await opened.post(message) for message in messages]

    results = asyncio.run(run())
    return results[0] if len(results) == 1 else results


def test_a_body_arrives_as_it_was_signed_and_says_who_sends_it(web):
    body = '{"type":"recommendation.changed","code":"CFR60-06","name":"México"}'.encode()
    answer = post(Message(web.page("/hook", "thanks", status=202), body, headers=SIGNED))

    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (202, b"thanks")
    (arrived,) = web.asked("/hook")
    assert (arrived.method, arrived.body) == ("POST", body)
    assert arrived.headers["content-type"] == "application/json"
    assert arrived.headers["user-agent"] == LIMITS.user_agent
    assert {name: arrived.headers[name] for name in SIGNED} == SIGNED
    assert not {"cookie", "authorization", "referer", "expect"} & set(arrived.headers)
    assert "c2lnbmVk" not in repr(Message("https://a.example", b"", headers=SIGNED))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(web, status):
    web.page("/elsewhere", "x")
    answer = post(Message(web.redirect("/moved", "/elsewhere", status), b"{}", headers=SIGNED))
    assert (answer.status, answer.headers["location"], answer.redirects) == (status, "/elsewhere", ())
    assert web.asked("/elsewhere") == []


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://10.0.0.1/hook", "refused"),
        ("http://169.254.169.254/latest", "refused"),
        ("http://[::ffff:10.0.0.1]/", "refused"),
        ("http://user:pass@example.org/", "bad_url"),
        ("ftp://example.org/", "bad_url"),
        ("http://example.org/\r\nX: y", "bad_url"),
    ],
)
def test_it_leads_nowhere_that_a_look_may_not_go(url, kind):
    result = post(Message(url, b"{}"))
    assert isinstance(result, Failure)
    assert result.kind == kind


def test_loopback_is_shut_unless_it_is_opened(web):
    shut = replace(LIMITS, allow_loopback=False)
    before = len(web.requests)
    assert post(Message(web.url("/hook"), b"{}"), limits=shut).kind == "refused"
    assert len(web.requests) == before


def test_only_the_start_of_an_answer_is_read_and_a_hanging_receiver_costs_little(web):
    async def endless(asked, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async def silent(asked, writer):
        await asyncio.sleep(30)

    told = post(Message(web.at("/endless", endless), b"{}"), limits=HASTY)
    assert (told.status, len(told.body) <= 65_536) == (200, True)
    assert post(Message(web.at("/silent", silent), b"{}"), limits=HASTY).kind == "timeout"
    assert len(web.asked("/silent")) == 1, "nothing is sent twice"


def test_a_receiver_that_asks_for_a_pause_does_not_silence_its_neighbours(web):
    web.page("/busy", status=429, headers={"Retry-After": "60"})
    web.page("/idle", status=204)
    first, second = post(Message(web.url("/busy"), b"{}"), Message(web.url("/idle"), b"{}"))
    assert (first.status, first.retry_after, second.status) == (429, 60.0, 204)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "other.example"},
        {"content-length": "1"},
        {"Transfer-Encoding": "chunked"},
        {"Cookie": "a=b"},
        {"User-Agent": "somebody else"},
        {"X-One": "a\r\nX-Two: b"},
        {"X-One\r\nX-Two": "b"},
        {"X One": "b"},
        {"": "b"},
        {"X-One": "ü"},
        {"X-One": "a" * 2001},
    ],
)
def test_headers_that_could_cut_a_message_in_two_are_a_mistake_of_the_caller(headers):
    with pytest.raises(ValueError, match="header"):
        Message("https://a.example/", b"{}", headers=headers)
    with pytest.raises(ValueError, match="header"):
        Message("https://a.example/", b"{}", content_type="text/plain\r\nX: y")
