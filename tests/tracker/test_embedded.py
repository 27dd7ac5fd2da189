"""The launcher's promises, tried by doing what they are about: kills, strangers, half-made folders."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tracker.embedded import locks, postgres, services
from tracker.embedded.paths import LONGEST_SOCKET, PROJECT, Places
from tracker.embedded.processes import wait_until
from tracker.embedded.supervisor import Supervisor

REMEMBER = "CREATE TABLE IF NOT EXISTS kept (id int); INSERT INTO kept VALUES (1)"
COUNT = "SELECT count(*) FROM kept"
SQL = """
import os, sys, psycopg
from tracker.embedded.paths import Places
folder = str(Places.of(os.environ).postgres_socket_folder)
rows = psycopg.connect(host=folder, user="tracker", dbname="tracker", autocommit=True).execute(sys.argv[1])
"""
PRINT = SQL + "print(rows.fetchone()[0])"
OUTSIDE = {"DATABASE_URL": "postgresql://db.invalid/none", "CELERY_BROKER_URL": "redis://broker.invalid"}
"""Services from outside, for what needs none: then the launcher starts none."""


@pytest.fixture
def places() -> Iterator[Places]:
    """A folder that PostgreSQL's account can reach (pytest's own are closed to it when we are root)."""
    root = Path(tempfile.mkdtemp(prefix="launcher-"))
    root.chmod(0o755)
    places = Places(root / "var")
    yield places
    if places.elsewhere.is_symlink():
        shutil.rmtree(places.elsewhere.readlink())
    shutil.rmtree(root)


def environment(places: Places) -> dict[str, str]:
    """A bare one: nothing of the services that this test itself runs on."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "TRACKER_VAR": str(places.var),
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }


def launch(places: Places, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker.embedded", *arguments],
        env=environment(places) | more,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def execute(places: Places, code: str, statement: str) -> str:
    done = launch(places, "exec", "--", sys.executable, "-c", code, statement)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def count(places: Places) -> str:
    return execute(places, PRINT, COUNT)


def postmaster(places: Places) -> int:
    return int((places.postgres / "postmaster.pid").read_text().split("\n")[0])


def test_rows_outlive_a_kill_of_postgresql(places: Places) -> None:
    killing = SQL + "os.kill(int(open(folder + '/postmaster.pid').readline()), 9)"

    execute(places, killing, REMEMBER)

    assert count(places) == "1"


def test_rows_outlive_a_kill_of_the_launcher_and_the_next_start_need_not_wait_for_anyone(
    places: Places,
) -> None:
    execute(places, SQL, REMEMBER)
    launcher = subprocess.Popen(
        [sys.executable, "-m", "tracker.embedded", "exec", "--", "sleep", "30"],
        env=environment(places),
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
    )
    assert wait_until(lambda: postgres._answers(places), 20)

    launcher.kill()
    launcher.wait()

    assert count(places) == "1"


def test_a_stranger_with_the_noted_number_is_left_alone(places: Places) -> None:
    execute(places, SQL, REMEMBER)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        noted = places.postgres / "postmaster.pid"
        noted.write_text(
            f"{stranger.pid}\n{places.postgres}\n{int(time.time())}\n5432\n{places.postgres}\n\n"
        )

        rows = count(places)

        assert (rows, stranger.poll()) == ("1", None)
        stranger.kill()


def test_what_an_earlier_run_left_is_ended_and_nothing_else(places: Places) -> None:
    services.writable(places)
    with locks.Lock(places.var / "services.lock") as alive:
        alive.shared()
        left = subprocess.Popen(["sleep", "60"], pass_fds=[alive.fd])
    other = subprocess.Popen(["sleep", "60"])

    with locks.Lock(places.var / "services.lock") as alive:
        locks.outlive(alive, lambda _: None, [(0.1, None), (5.0, signal.SIGQUIT)])

    assert (left.wait(5), other.poll()) == (-signal.SIGQUIT, None)
    other.kill()
    other.wait()


def test_a_half_made_database_is_put_aside_and_made_again(places: Places) -> None:
    places.postgres.mkdir(parents=True)
    (places.postgres / "PG_VERSION").write_text("18\n")
    (places.var / "postgres.part").mkdir()

    execute(places, SQL, REMEMBER)

    assert count(places) == "1"
    assert [path.name.split("-")[0] for path in places.var.glob("postgres.*")] == ["postgres.unfinished"]


def test_long_and_odd_folders_work(places: Places) -> None:
    odd = Places(places.var / ("deep, and with spaces " * 5).strip() / "var")
    assert len(str(odd.postgres)) > LONGEST_SOCKET

    assert execute(odd, PRINT, "SELECT 1") == "1"
    shutil.rmtree(odd.broker_socket.parent)
    shutil.rmtree(odd.postgres_socket_folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for PostgreSQL")
def test_a_closed_folder_of_root_stays_closed(places: Places) -> None:
    places.var.parent.chmod(0o700)

    execute(places, SQL, REMEMBER)

    assert count(places) == "1"
    assert places.var.parent.stat().st_mode & 0o777 == 0o700
    assert places.postgres_root.parent == Path("/var/tmp")


def test_a_second_run_is_refused_in_one_sentence(places: Places) -> None:
    services.writable(places)
    with services.owner_lock(places) as lock:
        lock.exclusive()
        lock.say("running: process 77, port 8000")

        done = launch(places, "run")

    assert (done.returncode, done.stdout, done.stderr.strip().splitlines()) == (
        1,
        "",
        [
            f"The data in {places.var} are in use by another run (process 77, port 8000): "
            "stop that one, or name another folder in TRACKER_VAR."
        ],
    )


def test_a_taken_port_is_refused_in_one_sentence(places: Places) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = launch(places, "run", PORT=str(port), **OUTSIDE)

    assert (done.returncode, done.stderr.strip().splitlines()) == (
        1,
        [
            f"Port {port} on 127.0.0.1 cannot be used (Address already in use): "
            f"choose another, for example PORT={port + 1} make run."
        ],
    )


@pytest.mark.parametrize("port", ["", "0", "eight", "70000"])
def test_a_port_that_is_none_is_refused(places: Places, port: str) -> None:
    done = launch(places, "run", PORT=port)

    assert (done.returncode, done.stderr) == (1, f"PORT is {port!r}: it must be a number from 1 to 65535.\n")


@pytest.mark.parametrize("door", [["run"], ["exec", "--", "true"]])
def test_a_folder_that_cannot_be_written_is_named(door: list[str]) -> None:
    done = launch(Places(Path("/proc/var")), *door)

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "The folder /proc/var cannot be written" in done.stderr


def test_a_command_without_services_says_how_to_start_them(places: Places) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "showmigrations"],
        env=environment(places),
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"The embedded database in {places.var} is not running: start it with `make run` in another terminal, "
        "or put `python -m tracker.embedded exec --` before this command.\n"
    )


def test_tests_empty_nothing_that_has_accounts(places: Places) -> None:
    services.writable(places)
    (places.var / "credentials.json").write_text("{}")

    done = launch(places, "exec", "--fresh", "--", "true")

    assert done.returncode == 1
    assert "is not emptied" in done.stderr


def test_the_exit_code_is_the_commands(places: Places) -> None:
    assert launch(places, "exec", "--", "sh", "-c", "exit 7", **OUTSIDE).returncode == 7


def test_what_dies_is_started_again(places: Places) -> None:
    services.writable(places)
    said: list[str] = []
    with services.started(places, {}, said.append) as commands:
        with psycopg.connect(
            host=str(places.postgres_socket_folder), user="tracker", dbname="tracker"
        ) as connection:
            connection.execute(REMEMBER)
        first = postmaster(places)
        for command in commands:
            os.kill(command.process.pid, signal.SIGKILL)
            command.process.wait()

        supervisor = Supervisor(commands, said.append)
        supervisor.look()

        def recovered() -> bool:
            supervisor.look()
            return postgres._answers(places)

        assert wait_until(recovered, 30)

        with psycopg.connect(
            host=str(places.postgres_socket_folder), user="tracker", dbname="tracker"
        ) as connection:
            assert connection.execute(COUNT).fetchone() == (1,)
        assert postmaster(places) != first
    assert "broker ended (signal 9): starting it again" in said
    assert "postgres ended (signal 9): starting it again" in said
