"""While the corpus runs, no socket of this process may lead outside loopback, and no name server is asked."""

import ipaddress
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from .limits import SECONDS

WATCHING = threading.Event()
strayed: list[str] = []


class Strayed(OSError):
    """Something would have left this machine."""


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not WATCHING.is_set():
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not _stays_home(arguments[1]):
        strayed.append(f"{event} {arguments[1]}")
        raise Strayed(strayed[-1])
    if event == "socket.getaddrinfo" and threading.current_thread().name.startswith("dns"):
        strayed.append(f"{event} {arguments[0]}")
        raise Strayed(strayed[-1])


def _stays_home(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket, or a socket that is connected already
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_watch)  # the interpreter's own: nothing that makes a socket in Python gets around it


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine() -> Iterator[None]:
    strayed.clear()
    WATCHING.set()
    try:
        yield
    finally:
        WATCHING.clear()
    assert strayed == []


@pytest.fixture
def in_time() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < 2 * SECONDS, "two looks at most, each within its time"
