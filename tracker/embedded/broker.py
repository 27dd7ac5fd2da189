"""The embedded broker: Valkey on a unix socket, with a log of its writes so that a kill loses no task."""

import os
import signal
import socket
from pathlib import Path

from tracker.embedded import binaries
from tracker.embedded.failures import Unready
from tracker.embedded.paths import Places
from tracker.embedded.processes import Command, wait_until


def command(places: Places, alive: int) -> Command:
    """The server's command. It works in its folder, so that no path with odd characters is put in its arguments."""
    places.broker.mkdir(mode=0o700, exist_ok=True)
    if places.broker.stat().st_uid != os.geteuid():
        raise Unready(f"{places.broker} belongs to another user: run as that user, or set TRACKER_VAR.")
    socket_path = places.broker_socket
    if socket_path.parent != places.broker:
        socket_path.parent.mkdir(mode=0o700, exist_ok=True)
        if socket_path.parent.stat().st_uid != os.geteuid() or socket_path.parent.is_symlink():
            raise Unready(f"{socket_path.parent} belongs to another user: set TRACKER_VAR.")
    socket_path.unlink(missing_ok=True)
    return Command(
        name="broker",
        arguments=[
            binaries.broker(),
            *("--port", "0"),
            *("--unixsocket", "broker.sock" if socket_path.parent == places.broker else str(socket_path)),
            *("--unixsocketperm", "600"),
            *("--appendonly", "yes"),
            *("--save", ""),
            *("--maxmemory-policy", "noeviction"),
        ],
        log=places.logs / "broker.log",
        environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        folder=places.broker,
        dying=signal.SIGTERM,
        keep_open=[alive],
    )


def wait(places: Places, server: Command) -> None:
    if not wait_until(lambda: _answers(places.broker_socket), 30.0, server.running):
        raise Unready(f"The broker did not start; the end of {server.log}:\n{server.last_words()}")


def _answers(path: Path) -> bool:
    """PONG means that it has read its log back; while it loads it says so instead."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
    except OSError:
        return False
