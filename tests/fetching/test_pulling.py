"""Many looks at once: nobody waits for the slowest, hosts are treated politely, sources are pulled lazily."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from recommendations.fetching.http import Answer, Door, Failure, Request
from recommendations.fetching.pulling import MAX_PAGES, NotBegun, looks
from tests.fakeweb import FakeWeb

from .doors import LIMITS, look_at_all


@pytest.fixture
def web():
    with FakeWeb() as served:
        served.page("/", "<p>hello</p>")
        yield served


def test_every_request_comes_back_once_with_its_key(web):
    requests = [Request(web.url(f"/?{number}"), key=number) for number in range(200)]

    results = look_at_all(requests)

    assert sorted(request.key for request, _result in results) == list(range(200))
    assert {result.status for _request, result in results} == {200}


def test_a_slow_page_holds_nobody(web):
    web.page("/slow", "late", delay=1.5)
    requests = [Request(web.url("/slow"), key="slow")]
    requests += [Request(web.url(f"/?{number}"), key=number) for number in range(300)]

    started = time.perf_counter()
    ended = [
        (request.key, time.perf_counter() - started)
        for request, _result in look_at_all(requests, in_flight=4)
    ]

    assert ended[-1][0] == "slow"
    assert ended[-2][1] <= ended[-1][1]
    assert len(ended) == 301


def test_a_slow_host_takes_no_more_than_its_own_slots(web):
    with FakeWeb("127.0.0.2") as slow:
        slow.page("/", "late", delay=0.4)
        limits = replace(LIMITS, per_host=2)
        requests = [Request(slow.url(f"/?{number}"), key="slow") for number in range(6)]
        requests += [Request(web.url(f"/?{number}"), key="quick") for number in range(100)]

        order = [request.key for request, _result in look_at_all(requests, limits, in_flight=4)]

    assert order[:90].count("quick") >= 88


def test_one_host_is_asked_with_a_pause(web):
    limits = replace(LIMITS, per_host=2, host_pause_seconds=0.2)
    started = time.perf_counter()
    look_at_all([Request(web.url(f"/?{number}")) for number in range(5)], limits)
    assert 0.8 <= time.perf_counter() - started < 1.6


def test_a_host_reached_by_redirect_is_asked_with_its_own_pause_and_limit(web):
    with FakeWeb("127.0.0.2") as popular:
        popular.page("/", "the article")
        for number in range(5):
            web.redirect(f"/{number}", popular.url(f"/?{number}"))
        limits = replace(LIMITS, per_host=5, host_pause_seconds=0.2)
        started = time.perf_counter()
        results = look_at_all([Request(web.url(f"/{number}"), key=number) for number in range(5)], limits)
        seconds = time.perf_counter() - started

    assert {(answer.status, answer.final_url) for _request, answer in results} == {
        (200, popular.url(f"/?{number}")) for number in range(5)
    }
    assert {len(answer.redirects) for _request, answer in results} == {1}
    assert 0.8 <= seconds < 2.5, "five looks at the second host, four pauses between them"


def test_a_redirect_to_and_fro_between_hosts_comes_to_an_end(web):
    with FakeWeb("127.0.0.2") as other:
        other.redirect("/", web.url("/to"))
        web.redirect("/to", other.url("/"))
        [(_request, result)] = look_at_all([Request(web.url("/to"))])
    assert result.kind == "too_many_redirects"
    assert len(result.redirects) == LIMITS.max_redirects + 1


def test_when_the_time_is_up_nothing_is_begun_and_what_was_begun_ends(web):
    web.page("/slow", "late", delay=0.6)
    limits = replace(LIMITS, per_host=1)

    async def run():
        async with Door(limits) as door:
            requests = [Request(web.url("/slow"), key=number) for number in range(4)]
            until = time.monotonic() + 0.3
            return {request.key: result async for request, result in looks(door, requests, until=until)}

    results = asyncio.run(run())
    assert results[0].status == 200
    assert [results[number] for number in (1, 2, 3)] == [NotBegun.TIME_IS_UP] * 3
    assert len(web.asked("/slow")) == 1


def test_the_source_is_pulled_only_as_far_as_there_is_room(web):
    taken = []

    async def source():
        for number in range(100):
            taken.append(number)
            yield Request(web.url(f"/?{number}"))

    async def first_three():
        async with Door(LIMITS) as door:
            pulled = looks(door, source(), in_flight=2, waiting=5)
            got = [await anext(pulled) for _ in range(3)]
            await pulled.aclose()
            return got

    assert len(asyncio.run(first_three())) == 3
    assert len(taken) <= 9


@pytest.mark.parametrize("waiting", [10, 1000])
def test_results_that_nobody_reads_do_not_pile_up(web, waiting):
    async def read_one_and_wait():
        async with Door(LIMITS) as door:
            requests = [Request(web.url(f"/?{number}")) for number in range(200)]
            pulled = looks(door, requests, in_flight=8, waiting=waiting)
            await anext(pulled)
            await asyncio.sleep(0.5)
            await asyncio.wait_for(pulled.aclose(), 1)

    asyncio.run(read_one_and_wait())
    assert len(web.requests) <= 12


def test_an_error_of_the_source_comes_after_what_was_in_flight(web):
    got = []

    async def source():
        yield Request(web.url("/"))
        raise LookupError("the database is away")

    async def run():
        async with Door(LIMITS) as door:
            async for result in looks(door, source()):
                got.append(result)

    with pytest.raises(LookupError):
        asyncio.run(run())
    assert len(got) == 1


def test_addresses_that_cannot_be_read_are_results_too():
    results = look_at_all([Request("nonsense", key=1), Request("http://10.0.0.1/", key=2)])
    kinds = {request.key: result.kind for request, result in results if isinstance(result, Failure)}
    assert kinds == {1: "bad_url", 2: "refused"}


ROBOTS = replace(LIMITS, respect_robots=True)


def test_robots_are_asked_once_a_host_and_obeyed(web):
    web.page("/robots.txt", "User-agent: *\nDisallow: /private\n", content_type="text/plain")
    requests = [Request(web.url(path), key=path) for path in ("/", "/?1", "/private/a", "/private/b", "/?2")]

    results = {request.key: result for request, result in look_at_all(requests, ROBOTS)}

    assert len(web.asked("/robots.txt")) == 1
    assert {key for key, result in results.items() if isinstance(result, Answer)} == {"/", "/?1", "/?2"}
    assert results["/private/a"].kind == "robots"
    assert not web.asked("/private/a")


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (404, "", None),
        (403, "", None),
        (200, "<html>not rules</html>", None),
        (200, "User-agent: PolicyRecommendationTracker\nDisallow: /\n", "robots"),
        (200, "User-agent: someone-else\nDisallow: /\n", None),
        (200, "User-agent: *\nDisallow: /*.html$\n", None),
        (503, "", "robots_unavailable"),
    ],
)
def test_what_robots_say(web, status, text, kind):
    web.page("/robots.txt", text, status=status)
    [(_request, result)] = look_at_all([Request(web.url("/"))], ROBOTS)
    assert getattr(result, "kind", None) == kind


def test_a_redirect_into_a_forbidden_place_stops_there(web):
    web.page("/robots.txt", "User-agent: *\nDisallow: /private\n")
    web.page("/private", "secret")
    web.redirect("/in", "/private")
    [(_request, result)] = look_at_all([Request(web.url("/in"))], ROBOTS)
    assert result.kind == "robots"
    assert not web.asked("/private")


def test_a_documented_api_is_not_asked_about_robots(web):
    web.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    [(_request, result)] = look_at_all([Request(web.url("/"), robots=False)], ROBOTS)
    assert result.status == 200


class TestPages:
    """An answer in several pages: one look, its pages asked for one after another like any others of the host."""

    @pytest.fixture
    def request_of_pages(self, web):
        """Page after page without an end, each naming the next one in its body."""

        async def page(asked, writer):
            number = int(asked.target.rpartition("=")[2])
            body = f"/pages?number={number + 1}".encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body)
            writer.write(head + body)

        web.at("/pages", page)
        return Request(
            web.url("/pages?number=1"),
            key="pages",
            headers={"X-Api-Key": "secret"},
            next_page=lambda answer: web.url(answer.body.decode()),
        )

    def test_they_come_together_and_not_without_end(self, web, request_of_pages):
        [(request, answer)] = look_at_all([request_of_pages])
        pages = [answer, *answer.more]
        assert (request.key, len(pages)) == ("pages", MAX_PAGES)
        assert [page.body for page in pages] == [f"/pages?number={n + 2}".encode() for n in range(MAX_PAGES)]
        assert answer.bytes == sum(len(page.body) for page in pages)
        assert {asked.headers["x-api-key"] for asked in web.asked("/pages")} == {"secret"}

    def test_the_pause_of_the_host_is_kept_between_them(self, request_of_pages):
        started = time.perf_counter()
        look_at_all([request_of_pages], replace(LIMITS, host_pause_seconds=0.2))
        assert time.perf_counter() - started >= 0.2 * (MAX_PAGES - 1)

    def test_others_do_not_wait_for_them(self, web, request_of_pages):
        with FakeWeb("127.0.0.2") as other:
            other.page("/", "quick")
            limits = replace(LIMITS, host_pause_seconds=0.1)
            requests = [request_of_pages, Request(other.url("/"), key="quick")]
            order = [request.key for request, _result in look_at_all(requests, limits, in_flight=2)]
        assert order == ["quick", "pages"]

    def test_a_page_that_fails_is_the_result(self, web, request_of_pages):
        gone = replace(request_of_pages, next_page=lambda _answer: web.url("/gone"))
        [(_request, result)] = look_at_all([gone])
        assert (result.status, result.more) == (404, ())

    def test_a_link_to_another_host_is_left_alone(self, web, request_of_pages):
        away = replace(request_of_pages, next_page=lambda _answer: web.url("/away", host="localhost"))
        [(_request, result)] = look_at_all([away])
        assert (result.status, result.more, web.asked("/away")) == (200, (), [])


def test_what_is_not_surely_ours_any_more_is_not_begun(web):
    web.page("/a", "<p>Words")

    async def run() -> list[Any]:
        async with Door(LIMITS) as door:
            return [
                result async for _request, result in looks(door, [Request(web.url("/a"))], sure=lambda: False)
            ]

    assert asyncio.run(run()) == [NotBegun.TIME_IS_UP]
    assert web.requests == []
