"""`make run`: the services, the database made ready, then web, worker and beat, kept alive until Ctrl-C."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tracker.embedded import locks, services, supervisor
from tracker.embedded.failures import Unready
from tracker.embedded.paths import PROJECT, Places
from tracker.embedded.processes import PR_SET_PDEATHSIG, Command, dies_with, wait_until

READY_WITHIN = 60.0
MOST_LINES = 60
"""A broken seed file can have hundreds of errors; the rest is in the log."""


def run(places: Places, given: Mapping[str, str]) -> int:
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.1f} s] {text}", flush=True)

    bind, port = given.get("TRACKER_BIND", "127.0.0.1"), _port(given.get("PORT", "8000"))
    environ = dict(given) | {
        # Outside services or not, this is a demonstration: random secrets in var/, accounts made for it.
        "TRACKER_MODE": given.get("TRACKER_MODE", "embedded"),
        "TRACKER_VAR": str(places.var),
        "TRACKER_BIND": bind,
        "PORT": str(port),
    }
    services.writable(places)
    supervisor.listen()
    _end_with_make(given)
    try:
        with services.owner_lock(places) as lock:
            services.owned(lock, places)
            say("starting the database and the broker")
            with (
                locks.Lock(places.var / "programs.lock") as alive,
                services.started(places, environ, say) as commands,
            ):
                locks.outlive(alive, say, locks.PROGRAMS)
                _free(bind, port)
                _prepare(places, environ, say)
                programs = _programs(places, environ, alive.fd)
                web = programs[0]
                try:
                    # The web first and alone: four programs that load at once make a newcomer wait for all four.
                    web.start()
                    _wait(f"http://{_reached(bind)}:{port}/readyz", web, supervisor.Supervisor(commands, say))
                    for program in programs[1:]:
                        program.start()
                    lock.say(f"running: process {os.getpid()}, port {port}")
                    _welcome(places, bind, port, say)
                    supervisor.Supervisor([*commands, *programs], say).watch()
                finally:
                    lock.say(f"ending: process {os.getpid()}")
                    supervisor.stop(programs)
    except supervisor.Stopped:
        say("ended")
    return 0


def _programs(places: Places, environ: Mapping[str, str], alive: int) -> list[Command]:
    """Web, worker, beat. One that is cut short loses nothing: the broker and the leases give its work to the next."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "tracker"]

    def program(name: str, arguments: list[str], grace: float) -> Command:
        return Command(
            name=name,
            arguments=arguments,
            log=places.logs / f"{name}.log",
            environment=environ,
            folder=PROJECT,
            dying=signal.SIGKILL,  # on any other a worker waits for a broker that has died with the launcher
            grace=grace,
            keep_open=[alive],
        )

    return [
        program("web", [*python, "gunicorn", "--config", "python:tracker.web", "tracker.wsgi"], 6),
        program("worker", [*celery, "worker", "--without-gossip", "--without-mingle"], 4),
        program("beat", [*celery, "beat"], 4),
    ]


def _prepare(places: Places, environ: Mapping[str, str], say: supervisor.Say) -> None:
    """In a process of its own, so that the supervisor stays small. What it says is shown as it comes."""
    kept = places.logs / "prepare.log"
    child = subprocess.Popen(
        [sys.executable, "-m", "tracker.embedded.prepare"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT,
        env=dict(environ),
        start_new_session=True,
        preexec_fn=dies_with(os.getpid(), signal.SIGKILL),
    )
    assert child.stdout is not None
    try:
        with kept.open("w") as log:
            for number, line in enumerate(child.stdout):
                log.write(line)
                if number < MOST_LINES:
                    say(line.rstrip())
        child.wait()
    finally:
        child.kill()
    if child.returncode:
        raise Unready(f"The database could not be made ready; all that was said is in {kept}.")


def _wait(address: str, web: Command, services: supervisor.Supervisor) -> None:
    def ready() -> bool:
        services.look()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except urllib.error.HTTPError as answer:
            answer.close()
            return False
        except OSError:
            return False

    if not wait_until(ready, READY_WITHIN, web.running):
        raise Unready(f"The tracker did not become ready; the end of {web.log}:\n{web.last_words()}")


def _welcome(places: Places, bind: str, port: int, say: supervisor.Say) -> None:
    host = _reached(bind)
    say("ready")
    print(f"\n  The tracker is at   http://{host}:{port}/")
    print(f"  Staff sign in at    http://{host}:{port}/admin/")
    print(f"  API reference       http://{host}:{port}/api/v1/docs/")
    credentials = places.var / "credentials.json"
    if credentials.exists():
        names = ", ".join(json.loads(credentials.read_text()))
        print(f"  Passwords, tokens   {_short(credentials)} ({names})")
    print(f"  Logs                {_short(places.logs)}/")
    print("  End it with Ctrl-C.\n", flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Unready(f"PORT is {text!r}: it must be a number from 1 to 65535.")
    return int(text)


def _reached(bind: str) -> str:
    return "127.0.0.1" if bind in {"0.0.0.0", "::", ""} else bind  # noqa: S104 - compared, not bound


def _free(bind: str, port: int) -> None:
    """Whether the port can be had. Nothing of an earlier run is left by now: it is some other program's."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((bind, port))
            tried.listen()
    except PermissionError as failure:
        raise Unready(
            f"Port {port} is for root only: choose another, for example PORT=8001 make run."
        ) from failure
    except OSError as failure:
        raise Unready(
            f"Port {port} on {bind} cannot be used ({failure.strerror}): "
            f"choose another, for example PORT={port + 1} make run."
        ) from failure


def _end_with_make(environ: Mapping[str, str]) -> None:
    """A killed `make` cannot pass the kill on: without this the tracker would run on, and refuse the next start."""
    if environ.get("MAKELEVEL") and sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
