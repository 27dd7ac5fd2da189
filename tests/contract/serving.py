"""A tracker of its own: an empty database, migrated and seeded, and the web server of production on loopback."""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
READY_SECONDS = 60


@dataclass(frozen=True)
class Tracker:
    """Where it is, what its commands are run with, and what its people sign in with."""

    url: str
    environment: dict[str, str]
    accounts: dict[str, dict[str, str]]

    @property
    def api(self) -> str:
        return f"{self.url}/api/v1"

    def token(self, name: str) -> str:
        """Of `admin`, `editor` or `reviewer`."""
        return self.accounts[name]["token"]

    def manage(self, *command: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a `manage.py` command on its database."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done


@contextmanager
def tracker(**settings_of_it: str) -> Iterator[Tracker]:
    """A running tracker; its database, folder and process are gone afterwards."""
    name = f"contract_{os.getpid()}_{secrets.token_hex(3)}"
    with _database(name) as url, tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        environment = {
            **{
                key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "TRACKER_"))
            },
            "TRACKER_MODE": "embedded",
            "TRACKER_VAR": folder,
            "DATABASE_URL": url,
            "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
            "PORT": str(port),
            "API_REQUESTS_PER_TOKEN": "0",
            "API_REQUESTS_PER_PERSON": "0",
            "API_REQUESTS_PER_ADDRESS": "0",
            **settings_of_it,
        }
        made = Tracker(f"http://127.0.0.1:{port}", environment, {})
        made.manage("migrate", "--verbosity=0")
        made.manage("seed")
        made.manage("accounts")
        made.accounts.update(json.loads((Path(folder) / "credentials.json").read_text()))
        with _web(made, Path(folder) / "web.log"):
            yield made


@contextmanager
def _database(name: str) -> Iterator[str]:
    held = connection.settings_dict
    login: dict[str, Any] = {"host": held["HOST"], "user": held["USER"], "dbname": "postgres"}
    login |= {key: held[key.upper()] for key in ("port", "password") if held.get(key.upper())}

    def sql(statement: str) -> None:
        with psycopg.connect(**login, autocommit=True) as server:
            server.execute(statement.encode())

    sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    sql(f'CREATE DATABASE "{name}"')
    password = f":{quote(str(held['PASSWORD']), safe='')}" if held.get("PASSWORD") else ""
    port = f":{held['PORT']}" if held.get("PORT") else ""
    try:
        yield f"postgresql://{held['USER']}{password}@{quote(held['HOST'], safe='')}{port}/{name}"
    finally:
        sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _web(made: Tracker, log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--config", "python:tracker.web", "tracker.wsgi"]
    with log.open("w") as said:
        web = subprocess.Popen(
            command, cwd=ROOT, env=made.environment | {"TRACKER_PROCESS": "web"}, stdout=said, stderr=said
        )
        try:
            _wait(f"{made.url}/healthz", web, log)
            yield
        finally:
            web.terminate()
            try:
                web.wait(10)
            except subprocess.TimeoutExpired:
                web.kill()
                web.wait()


def _wait(address: str, web: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and web.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError(f"the web server did not answer:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
