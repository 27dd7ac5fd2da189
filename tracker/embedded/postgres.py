"""The embedded PostgreSQL: made in one step or not at all, on a unix socket only, ended with its parent."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from tracker.embedded import binaries, staging
from tracker.embedded.failures import Unready
from tracker.embedded.paths import DATABASE, POSTGRES_SOCKET, USER, Places
from tracker.embedded.processes import Command, wait_until

SUPERUSER = "postgres"
STARTS_WITHIN = 120.0
"""Seconds; recovery after a kill can take long on a slow disk."""

# A test's database is thrown away: nothing needs to reach the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def command(places: Places, alive: int, say: Callable[[str], None], *, careless: bool = False) -> Command:
    """The server's command, its data made first where there are none.

    Needs the folder's locks: nothing of an earlier run may be left when this is called.
    """
    _put_aside_if_half_made(places.postgres, say)
    owner = staging.account()
    installation = staging.placed(places, binaries.postgres(_version(places.postgres)), owner, say)
    data = places.postgres
    _check_owner(data, owner)
    if not data.exists():
        _make(data, installation, owner)
    _socket_folder(places, owner)
    for noted in (data / "postmaster.pid", places.postgres_socket.with_name(f"{POSTGRES_SOCKET}.lock")):
        _forget_stranger(noted, data)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{places.postgres_socket_folder}"',  # quoted: a path may have a comma
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "log_min_messages": "warning",
    } | (CARELESS if careless else {})
    return Command(
        name="postgres",
        arguments=[
            installation.program("postgres"),
            "-D",
            str(data),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        log=places.logs / "postgres.log",
        environment=_environment(),
        folder=Path("/"),
        dying=signal.SIGINT,  # "fast": no new work, open transactions rolled back, all written
        ending=signal.SIGINT,
        grace=30.0,
        account=owner,
        keep_open=[alive],
    )


def wait(places: Places, server: Command) -> None:
    """Until it answers; a long recovery is waited for."""
    if not wait_until(lambda: _answers(places), STARTS_WITHIN, server.running):
        raise Unready(f"PostgreSQL did not start; the end of {server.log}:\n{server.last_words()}")


def prepare(places: Places) -> None:
    """Our role and our database. The role owns them and is no superuser, as in production."""
    with _connect(places) as connection:
        connection.autocommit = True
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(USER)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(USER))
            )


def _put_aside_if_half_made(data: Path, say: Callable[[str], None]) -> None:
    """Never thrown away: if it was a database once, somebody may want to look at it."""
    if data.exists() and not whole(data):
        aside = data.with_name(f"postgres.unfinished-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        data.rename(aside)
        say(f"the database was half made: moved to {aside}, making a new one")


def whole(data: Path) -> bool:
    """Whether a folder is a finished database cluster. Ours are renamed into place when done; others may not be."""
    try:
        return all((data / name).exists() for name in ("PG_VERSION", "global/pg_control", "base", "global"))
    except PermissionError:
        return True  # somebody else's; what it is then is theirs to know


def _make(data: Path, installation: binaries.Installation, owner: tuple[int, int] | None) -> None:
    part = data.with_name("postgres.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    if owner:
        os.chown(part, *owner)
    # The same order of letters on every machine. Before 17 there is no builtin provider.
    locale = ["--locale-provider=builtin"] if installation.major >= 17 else []
    made = subprocess.run(  # noqa: S603 - our own command line
        [
            installation.program("initdb"),
            f"--pgdata={part}",
            *locale,
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            f"--username={SUPERUSER}",
            "--auth=trust",  # whoever reaches the socket is its owner: the folder is closed to others
            "--no-sync",
            "--no-instructions",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        user=owner[0] if owner else None,
        group=owner[1] if owner else None,
        extra_groups=[] if owner else None,
    )
    if made.returncode:
        raise Unready(f"The database could not be made in {data.parent}: {made.stderr.strip()[-600:]}")
    part.rename(data)


def _check_owner(data: Path, owner: tuple[int, int] | None) -> None:
    if not data.exists():
        return
    expected = owner[0] if owner else os.geteuid()
    if data.stat().st_uid != expected:
        raise Unready(
            f"The database in {data} belongs to another user (number {data.stat().st_uid}): run as that user, "
            "or name another folder in TRACKER_VAR."
        )


def _forget_stranger(noted: Path, data: Path) -> None:
    """Remove a file that notes a server's number, where something else that PostgreSQL would take for it has that now.

    That is some other program, or the killed server itself where nobody has collected it yet. Our locks say that
    no server of an earlier launcher is left; one started by hand would be working in `data`.
    """
    try:
        pid = int(noted.read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except PermissionError:
        pass  # there is such a process; it is another account's
    except (OSError, ValueError):
        return  # none, or its process is gone: PostgreSQL sees to that itself
    try:
        if Path(f"/proc/{pid}/cwd").readlink() == data.resolve():
            raise Unready(f"Another PostgreSQL (process {pid}) is running on {data}: stop it first.")
    except OSError:
        pass  # a dead process works nowhere
    noted.unlink()


def _socket_folder(places: Places, owner: tuple[int, int] | None) -> None:
    folder = places.postgres_socket_folder
    if folder == places.postgres:
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and owner:
        os.chown(folder, *owner)
    elif folder.stat().st_uid != os.geteuid() or folder.is_symlink():
        raise Unready(
            f"{folder}, where PostgreSQL's socket would be, belongs to another user: set TRACKER_VAR."
        )


def _version(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text())
    except (OSError, ValueError):
        return None


def _environment() -> dict[str, str]:
    """PostgreSQL takes nothing from ours: PGDATA, PGPORT or a locale would change what it does."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _connect(places: Places) -> psycopg.Connection:
    return psycopg.connect(
        host=str(places.postgres_socket_folder), user=SUPERUSER, dbname="postgres", connect_timeout=5
    )


def _answers(places: Places) -> bool:
    try:
        _connect(places).close()
    except psycopg.OperationalError:
        return False
    return True
