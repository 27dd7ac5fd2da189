"""Real TLS errors: each fails for its own reason, in time, and nothing is asked of a server that is not trusted."""

import asyncio
import socket
import ssl
import struct
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from recommendations.fetching import connections
from recommendations.fetching.http import Answer

from . import certificates, tables
from .limits import DOOR, SECONDS
from .limits import OPEN as WITH_ROBOTS
from .trying import look, outcome

OPEN = replace(WITH_ROBOTS, respect_robots=False)
pytestmark = pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
DAY = timedelta(days=1)
HOST = "www.agency.example"
CASES = [case for case in tables.tls() if case.name != "good"]
NO_CERTIFICATE = {
    "plain HTTP",
    "silent handshake",
    "slow handshake",
    "endless handshake",
    "leaves the handshake",
    "resets the handshake",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A PEM file for each row that shows a certificate, and that of the authority which is trusted here."""
    folder = tmp_path_factory.mktemp("certificates")
    trusted, unknown = certificates.authority("Test authority"), certificates.authority("Nobody's authority")
    good = certificates.issued(HOST, [HOST], trusted)
    made = {
        "authority": [trusted],
        "good": [good],
        "expired": [certificates.issued(HOST, [HOST], trusted, age=3 * DAY)],
        "not yet valid": [certificates.issued(HOST, [HOST], trusted, age=-DAY)],
        "self-signed": [certificates.issued(HOST, [HOST], None)],
        "unknown authority": [certificates.issued(HOST, [HOST], unknown), unknown],
        "wrong host": [certificates.issued(HOST, ["www.other.example"], trusted)],
        "wrong address": [certificates.issued(HOST, ["127.0.0.2"], trusted)],
        "common name alone": [certificates.issued(HOST, [], trusted)],
        "wildcard too wide": [certificates.issued(HOST, ["*.example"], trusted)],
        "for clients": [certificates.issued(HOST, [HOST], trusted, for_clients=True)],
        "authority as server": [certificates.issued(HOST, [HOST], good), good],
        "weak key": [certificates.issued(HOST, [HOST], trusted, key=certificates.weak_key())],
    }
    for name in ("old protocol", "no common cipher"):
        made[name] = [good]
    for name, chain in made.items():
        certificates.written(folder, name, *chain)
    return folder


@pytest.fixture(autouse=True)
def _trust(folder, monkeypatch):
    """The system's own variable for its authorities: an operator's, not a server's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    connections._tls_context.cache_clear()
    yield
    connections._tls_context.cache_clear()


class Server:
    """Shows a certificate, or misbehaves at the handshake; remembers what it was asked."""

    def __init__(self, name, folder):
        self.name, self.asked = name, []
        self.context = None if name in NO_CERTIFICATE else _context(name, folder)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.ended.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)

    @property
    def url(self):
        return f"https://{HOST}:{self.socket.getsockname()[1]}/"

    def _serve(self):
        while not self.ended.is_set():
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.settimeout(5)
                    self._answer(connection)
                except OSError:
                    pass  # the other side has had enough

    def _answer(self, connection):
        if self.context is not None:
            with self.context.wrap_socket(connection, server_side=True) as secure:
                self.asked.append(secure.recv(1000).split(b" ")[1].decode())
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nwords")
            return
        connection.recv(1000)
        if self.name == "plain HTTP":
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        elif self.name == "resets the handshake":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self.name == "silent handshake":
            self.ended.wait(5)
        elif self.name == "slow handshake":
            for byte in b"\x16\x03\x03\x7f\xff" * 20:
                connection.sendall(bytes([byte]))
                if self.ended.wait(DOOR.read_seconds / 5):
                    return
        elif self.name == "endless handshake":
            while not self.ended.is_set():
                connection.sendall(b"\x16\x03\x03\x40\x00" + b"\0" * 0x4000)


def _context(name, folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if name in ("old protocol", "weak key"):
        context.set_ciphers("ALL:@SECLEVEL=0")
    if name == "old protocol":
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    if name == "no common cipher":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
    context.load_cert_chain(folder / f"{name}.pem")
    return context


async def _home(host, port):
    await asyncio.sleep(0)
    return ["127.0.0.1"]


def test_each_row_has_its_server():
    with_certificate = {case.name for case in CASES} - NO_CERTIFICATE
    assert {case.name for case in CASES} >= NO_CERTIFICATE
    assert len(with_certificate) == 13


def test_a_server_that_is_trusted_is_read(folder):
    """Else every refusal below could be that of a client that trusts nobody."""
    with Server("good", folder) as server:
        result = look(server.url, OPEN, lookup=_home)
        assert isinstance(result, Answer), result
        assert (result.status, result.body, server.asked) == (200, b"words", ["/"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_server_that_is_not_trusted_is_asked_nothing(case, folder):
    with Server(case.name, folder) as server:
        started = time.perf_counter()
        result = look(server.url, OPEN, lookup=_home)
        seconds = time.perf_counter() - started
        assert outcome(result) in case.expected, result
        if not isinstance(result, Answer):
            assert server.asked == []
        assert seconds < SECONDS


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("expired", "certificate has expired"),
        ("self-signed", "self-signed certificate"),
        ("unknown authority", "self-signed certificate in certificate chain"),
        ("wrong host", "Hostname mismatch"),
    ],
)
def test_the_sentence_says_what_is_wrong(name, said, folder):
    with Server(name, folder) as server:
        result = look(server.url, OPEN, lookup=_home)
    assert result.detail.startswith("the encrypted connection failed: ")
    assert said in result.detail


def test_a_fall_from_https_to_http_is_noted(folder):
    class Downgrading(Server):
        def _answer(self, connection):
            with self.context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(1000)
                secure.sendall(
                    b"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
                )

    with Downgrading("good", folder) as server:
        result = look(server.url, OPEN, lookup=_home)
    assert (outcome(result), [hop.status for hop in result.redirects]) == ("connection", [302])
