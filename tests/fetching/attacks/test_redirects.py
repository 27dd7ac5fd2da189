"""What a server may make of a look by sending it elsewhere."""

import asyncio

import pytest

from recommendations.fetching.http import Answer
from tests.fakeweb import FakeWeb

from . import tables
from .limits import DOOR
from .trying import counts_as_public, look, outcome, resolver

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture(scope="module")
def web():
    with FakeWeb() as served:
        served.page("/ok", "fine")
        served.redirect("/circle", "/", 302)
        for number in range(1, 6):
            served.redirect(f"/chain/{number}", f"/chain/{number - 1}", 302)
        served.redirect("/chain/0", "/ok", 302)
        yield served


@pytest.fixture(autouse=True)
def _public(web, monkeypatch):
    counts_as_public(monkeypatch, web.port)


@pytest.mark.parametrize("case", tables.redirects(), ids=lambda case: case.name)
def test_where_a_redirect_leads(case, web):
    location = case.sent.replace("WEB", web.url("").rstrip("/"))
    web.at("/", _sends(case.more, location))

    result = look(web.url("/"), lookup=resolver(case))

    assert outcome(result) in case.expected, result
    assert len(result.redirects) <= DOOR.max_redirects + 1


def test_the_first_of_two_locations_is_not_outdone_by_the_second(web):
    async def twice(asked, writer):
        writer.write(b"HTTP/1.1 302 Go\r\nLocation: /ok\r\nLocation: http://10.0.0.1/\r\n")
        writer.write(b"Content-Length: 0\r\nConnection: close\r\n\r\n")

    result = look(web.at("/twice", twice))
    assert outcome(result) == 200
    assert result.final_url == web.url("/ok")


def test_the_body_of_a_redirect_is_not_read(web):
    sent = []

    async def endless(asked, writer):
        writer.write(b"HTTP/1.1 302 Go\r\nLocation: /ok\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent.append(65_536)

    result = look(web.at("/endless", endless))
    assert outcome(result) == 200
    assert sum(sent) < 8 * DOOR.max_bytes, "what the system's buffers take, and no more"


@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="0; url=http://10.0.0.1/">',
        "<script>location = 'http://10.0.0.1/'</script>",
        '<base href="http://10.0.0.1/"><img src="/a"><iframe src="/b"></iframe>',
    ],
)
def test_what_a_page_would_make_a_browser_do_is_left_alone(web, page):
    headers = {"Refresh": "0; url=http://10.0.0.1/", "Link": "<http://10.0.0.1/>; rel=preload"}
    before = len(web.requests)
    assert outcome(look(web.page("/page", page, headers=headers))) == 200
    assert [asked.target for asked in web.requests[before:]] == ["/robots.txt", "/page"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_nothing_of_ours_goes_along_to_another_origin(web, host, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(
        "machine 127.0.0.1 login root password secret\ndefault login a password b\n"
    )
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with FakeWeb() as other:
        counts_all_as_public(monkeypatch, web.port, other.port)
        other.page("/there", "x")
        web.page("/cookie", "x", headers={"Set-Cookie": "session=1; Path=/"})
        web.redirect("/on", f"http://{host}:{other.port}/there", 307)
        for path in ("/cookie", "/on"):
            assert outcome(look(web.url(path), lookup=_home)) == 200
        arrived = other.asked("/there")[-1].headers
    assert not {"cookie", "authorization", "referer", "proxy-authorization"} & set(arrived)
    assert arrived["user-agent"] == DOOR.user_agent
    assert not {"cookie", "authorization"} & set(web.asked("/on")[-1].headers)


def test_a_public_page_that_leads_to_loopback_is_refused(web):
    result = look(web.redirect("/home", "http://127.0.0.1:80/", 302))
    assert not isinstance(result, Answer)
    assert result.kind == "refused"


def counts_all_as_public(monkeypatch, *ports):
    from recommendations.fetching import addresses, connections

    def check(address, port, *rest):
        if (address, port) not in {("127.0.0.1", each) for each in ports}:
            addresses.check_connection(address, port, *rest)

    monkeypatch.setattr(connections, "check_connection", check)


async def _home(host, port):
    await asyncio.sleep(0)
    return ["127.0.0.1"]


def _sends(status, location):
    async def handler(asked, writer):
        lines = [f"HTTP/1.1 {status} Go", f"Location: {location}", "Content-Length: 0", "Connection: close"]
        writer.write("\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n")

    return handler
