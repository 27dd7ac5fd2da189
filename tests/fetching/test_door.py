"""The door against a hostile web, on loopback: every case ends in a value, within time."""

import asyncio
import gzip
import socket
import ssl
import threading
import time
import zlib
from dataclasses import replace

import pytest

from recommendations.fetching.http import Answer, Failure, Request
from tests.fakeweb import FakeWeb

from .doors import LIMITS, look

CLOSED = replace(LIMITS, allow_loopback=False)
HASTY = replace(LIMITS, connect_seconds=0.5, read_seconds=0.5, total_seconds=0.8)


@pytest.fixture(scope="module")
def web():
    with FakeWeb() as served:
        served.page(
            "/", "<p>hello</p>", headers={"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}, etag='"one"'
        )
        yield served


@pytest.fixture(autouse=True)
def in_time():
    """Whatever a server does, a look ends soon after its total time (two seconds here)."""
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < 4


LITERALS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.0.0.1.",
    "①②⑦.⓪.⓪.①",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.100.100.200",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "224.0.0.1",
    "255.255.255.255",
]


@pytest.mark.parametrize("host", LITERALS)
def test_no_way_of_writing_a_private_address_gets_through(web, host):
    before = len(web.requests)

    result = look(f"http://{host}:{web.port}/", CLOSED)

    assert isinstance(result, Failure)
    assert result.kind in ("refused", "bad_url", "dns")  # a form that only some resolvers know is "dns"
    assert len(web.requests) == before


@pytest.mark.parametrize(
    "host",
    [h for h in LITERALS if h.startswith(("10.", "192.", "172.", "169.", "100.", "[fd", "[::ffff", "[64"))],
)
def test_with_loopback_open_everything_else_stays_shut(host):
    result = look(f"http://{host}:80/")
    assert isinstance(result, Failure)
    assert result.kind == "refused"


@pytest.mark.parametrize("port", [21, 22, 25, 3306, 5432, 6379, 9200, 11211])
def test_ports_of_other_services_are_refused(port):
    async def public(host, port):
        return ["93.184.215.14"]

    result = look(f"http://name.example:{port}/", lookup=public)
    assert isinstance(result, Failure)
    assert result.kind == "refused"


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        ["fe80::1"],
        ["x"],
    ],
)
def test_a_name_is_judged_by_all_it_resolves_to(addresses):
    async def lookup(host, port):
        return addresses

    result = look("http://name.example/", lookup=lookup)
    assert isinstance(result, Failure)
    assert result.kind == "refused"


def test_a_name_that_answers_otherwise_the_second_time_is_refused_then(web):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    async def rebinding(host, port):
        return next(answers)

    web.at("/again", _closing_redirect(f"http://name.example:{web.port}/"))
    result = look(f"http://name.example:{web.port}/again", lookup=rebinding)

    assert isinstance(result, Failure)
    assert result.kind == "refused"
    assert [hop.status for hop in result.redirects] == [302]


def test_unknown_and_hanging_names_end_in_values():
    async def unknown(host, port):
        raise OSError("no such name")

    async def hanging(host, port):
        await asyncio.sleep(60)

    async def empty(host, port):
        return []

    results = [look("http://name.example/", HASTY, lookup=lookup) for lookup in (unknown, hanging, empty)]
    assert [result.kind for result in results] == ["dns", "timeout", "dns"]


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("http://10.0.0.1/", "refused"),
        ("http://169.254.169.254/latest/meta-data/", "refused"),
        ("//192.168.0.1/", "refused"),
        ("http://[::ffff:10.0.0.1]/", "refused"),
        ("http://2130706433.1/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("ftp://www.gao.gov/", "bad_url"),
        ("gopher://127.0.0.1/_x", "bad_url"),
        ("http://user:secret@127.0.0.1/", "bad_url"),
        ("http://127.0.0.1:0/", "bad_url"),
        ("http://[::1", "bad_url"),
        ("http:\\\\10.0.0.1\\", "bad_url"),
        ("http://" + "a" * 5000 + "/", "bad_url"),
        ("javascript:alert(1)", "bad_url"),
    ],
)
@pytest.mark.parametrize("status", [301, 307])
def test_redirects_are_judged_like_any_address(web, location, kind, status):
    async def no_names(host, port):
        return ["127.0.0.1"] if host == "127.0.0.1" else []

    result = look(web.redirect("/away", location, status), lookup=no_names)

    assert isinstance(result, Failure)
    assert (result.kind, len(result.redirects)) == (kind, 1)


def test_redirects_are_followed_and_told(web):
    web.redirect("/old", "/older", 301)
    web.redirect("/older", "/", 308)

    result = look(web.url("/old"))

    assert isinstance(result, Answer)
    assert (result.status, result.moved_to) == (200, web.url("/"))
    assert [(hop.url, hop.status) for hop in result.redirects] == [
        (web.url("/old"), 301),
        (web.url("/older"), 308),
    ]


def test_one_temporary_redirect_makes_it_no_move(web):
    web.redirect("/tmp", "/perm", 302)
    web.redirect("/perm", "/", 301)
    result = look(web.url("/tmp"))
    assert isinstance(result, Answer)
    assert result.moved_to == ""


def test_a_loop_of_redirects_ends(web):
    web.redirect("/loop", "/loop")
    result = look(web.url("/loop"))
    assert isinstance(result, Failure)
    assert result.kind == "too_many_redirects"


def test_keys_do_not_follow_to_another_origin(web):
    with FakeWeb() as other:
        other.page("/", "there")
        web.redirect("/keyed", other.url("/"), 302)
        look(Request(web.url("/keyed"), headers={"X-Api-Key": "secret"}))

        assert web.asked("/keyed")[-1].headers["x-api-key"] == "secret"
        assert "x-api-key" not in other.requests[-1].headers
    assert "secret" not in repr(Request("http://x.example", headers={"X-Api-Key": "secret"}))


def test_validators_make_the_second_look_a_304(web):
    first = look(web.url("/"))
    second = look(Request(web.url("/"), etag=first.etag, last_modified=first.last_modified))

    assert (first.status, first.body, first.etag) == (200, b"<p>hello</p>", '"one"')
    assert (second.status, second.body, second.not_modified, second.bytes) == (304, None, True, 0)


def test_the_tracker_says_who_it_is_and_carries_nothing_along(web):
    web.page("/cookie", "x", headers={"Set-Cookie": "a=b; Path=/"})
    look(web.url("/cookie"))
    look(web.url("/cookie"))
    headers = web.requests[-1].headers
    assert headers["user-agent"] == "PolicyRecommendationTracker/test (+tracker@example.org)"
    assert not {"cookie", "authorization", "referer"} & set(headers)


def test_no_proxy_is_taken_from_the_environment(web, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert isinstance(look(web.url("/")), Answer)


def test_packed_bodies_are_unpacked(web):
    web.packed("/packed", "<p>words</p>")
    web.page("/deflate", zlib.compress(b"words"), headers={"Content-Encoding": "deflate"})
    web.page("/bare", zlib.compress(b"words")[2:-4], headers={"Content-Encoding": "deflate"})
    web.page("/two", gzip.compress(b"wo") + gzip.compress(b"rds"), headers={"Content-Encoding": "gzip"})
    bodies = [look(web.url(path)).body for path in ("/packed", "/deflate", "/bare", "/two")]
    assert bodies == [b"<p>words</p>", b"words", b"words", b"words"]


BOMB = gzip.compress(b"\0" * 50_000_000)


@pytest.mark.parametrize(
    ("body", "encoding", "kind"),
    [
        (b"x" * 200_001, "", "too_large"),
        (BOMB, "gzip", "too_large"),
        (zlib.compress(b"\0" * 50_000_000), "deflate", "too_large"),
        (gzip.compress(b"\0" * 1000, mtime=0) * 1000, "gzip", None),  # only so many members are read
        (b"not packed at all", "gzip", "unreadable"),
        (gzip.compress(b"words" * 1000, mtime=0)[:-20], "gzip", "unreadable"),
        (b"words", "br", "unreadable"),
        (b"words", "zstd", "unreadable"),
        (b"words", "gzip, gzip", "unreadable"),
    ],
)
def test_bodies_that_are_too_much_or_not_what_they_say(web, body, encoding, kind):
    web.page("/body", body, headers={"Content-Encoding": encoding} if encoding else {})
    result = look(web.url("/body"))
    assert getattr(result, "kind", None) == kind


def test_an_error_page_is_read_only_at_its_start(web):
    web.page("/broken", b"x" * 500_000, status=500)
    result = look(web.url("/broken"))
    assert isinstance(result, Answer)
    assert (result.status, len(result.body or b"") <= 65_536) == (500, True)


def _closing_redirect(location):
    async def handler(asked, writer):
        writer.write(
            f"HTTP/1.1 302 Go\r\nLocation: {location}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        )

    return handler


def _says(text, then_wait=0.0):
    async def handler(asked, writer):
        writer.write(text)
        await writer.drain()
        await asyncio.sleep(then_wait)

    return handler


def _forever(start, piece, pause=0.0):
    async def handler(asked, writer):
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return handler


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

RUDE = {
    "hangs before a word": (_says(b"", 30), "timeout"),
    "hangs in the headers": (_says(OK, 30), "timeout"),
    "hangs in the body": (_says(OK + b"Content-Length: 9\r\n\r\nwor", 30), "timeout"),
    "drips the body": (_forever(OK + b"\r\n", b"x", 0.2), "timeout"),
    "drips a header": (_forever(OK + b"X-Slow: ", b"x", 0.2), "timeout"),
    "never ends the body": (_forever(OK + b"\r\n", b"x" * 65_536), "too_large"),
    "never ends the chunks": (
        _forever(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8000\r\n" + b"x" * 0x8000 + b"\r\n"),
        "too_large",
    ),
    "never ends a header": (_forever(OK + b"X-Long: ", b"x" * 65_536), "unreadable"),
    "never ends the headers": (_forever(OK, b"X-More: yes\r\n" * 1000), "unreadable"),
    "announces too much": (_says(OK + b"Content-Length: 99999999999\r\n\r\n", 30), "too_large"),
    "announces nonsense": (_says(OK + b"Content-Length: minus\r\n\r\n"), "unreadable"),
    "says continue for ever": (_forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01), "unreadable"),
    "is no web server": (_says(b"SSH-2.0-OpenSSH_9.2\r\n"), "unreadable"),
    "says nothing and leaves": (_says(b""), "connection"),
    "leaves in the middle": (_says(OK + b"Content-Length: 900\r\n\r\nwords"), "connection"),
    "breaks its chunks": (_says(OK + b"Transfer-Encoding: chunked\r\n\r\nzzz\r\nwords"), None),
    "has a status of its own": (_says(b"HTTP/1.1 9999 What\r\n\r\n"), "unreadable"),
    "sends bytes for a header": (_says(OK + b"ETag: \xff\xfe\x00\r\nContent-Length: 0\r\n\r\n"), None),
}


@pytest.mark.parametrize("behaviour", RUDE)
def test_rude_servers_cost_a_value_and_little_time(web, behaviour):
    handler, kind = RUDE[behaviour]
    result = look(web.at("/rude", handler), HASTY)
    if kind is None:
        assert isinstance(result, Answer | Failure)
    else:
        assert isinstance(result, Failure), result
        assert result.kind == kind


def test_a_closed_port_is_a_connection_failure():
    result = look("http://127.0.0.1:1/")
    assert isinstance(result, Failure)
    assert result.kind == "connection"


def test_a_server_without_tls_behind_https_is_a_tls_failure():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak_plainly():
            connection, _address = server.accept()
            connection.recv(10)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        speaker = threading.Thread(target=speak_plainly)
        speaker.start()
        result = look(f"https://127.0.0.1:{server.getsockname()[1]}/")
        speaker.join()

    assert isinstance(result, Failure)
    assert result.kind == "tls"


def test_certificates_are_checked():
    from recommendations.fetching.connections import _tls_context

    context = _tls_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_host_that_asks_for_a_pause_is_left_alone(web):
    from .doors import look_at_all

    web.page("/busy", status=429, headers={"Retry-After": "120"})
    results = look_at_all([Request(web.url("/busy")), Request(web.url("/"))], replace(LIMITS, per_host=1))

    first, second = (result for _request, result in results)
    assert (first.status, first.retry_after) == (429, 120.0)
    assert isinstance(second, Failure)
    assert second.kind == "retry_later"
    assert 100 < (second.retry_after or 0) <= 120
