"""The services of one folder of data: started by whoever holds its lock, joined by whoever comes later."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tracker.embedded import broker, locks, postgres
from tracker.embedded.failures import Unready
from tracker.embedded.paths import Places
from tracker.embedded.processes import Command, wait_until

Say = Callable[[str], None]

HOLDER_PATIENCE = 10.0
"""Seconds for a launcher that is just ending to let go."""


def writable(places: Places) -> None:
    """Make the folder of data, or say why it cannot be."""
    try:
        for folder in (places.var, places.logs):
            folder.mkdir(parents=True, exist_ok=True)
        probe = places.var / f".probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as failure:
        raise Unready(
            f"The folder {places.var} cannot be written ({failure.strerror}): "
            "make it writable, or name another in TRACKER_VAR."
        ) from failure


def owner_lock(places: Places) -> locks.Lock:
    try:
        return locks.Lock(places.var / "owner.lock")
    except OSError as failure:
        raise Unready(
            f"The folder {places.var} belongs to another user ({failure.strerror}): run as that user, "
            "or name another folder in TRACKER_VAR."
        ) from failure


def owned(lock: locks.Lock, places: Places) -> None:
    """Take the folder for ourselves, or say who has it."""
    if not wait_until(lock.exclusive, 0 if lock.said().startswith("running") else HOLDER_PATIENCE):
        raise Unready(
            f"The data in {places.var} are in use by another run ({lock.said().removeprefix('running: ')}): "
            "stop that one, or name another folder in TRACKER_VAR."
        )
    lock.say(f"starting: process {os.getpid()}")


@contextmanager
def started(
    places: Places, environ: Mapping[str, str], say: Say, *, careless: bool = False
) -> Iterator[list[Command]]:
    """The services that the environment does not bring from outside, running; ended when the block ends.

    The owner's lock must be held. Yields their commands, for a supervisor to start again what dies.
    """
    with locks.Lock(places.var / "services.lock") as alive:
        locks.outlive(alive, say)
        commands: list[Command] = []
        try:
            if not environ.get("CELERY_BROKER_URL"):
                commands.append(broker.command(places, alive.fd))
                commands[-1].start()
            if not environ.get("DATABASE_URL"):
                made = time.monotonic()
                new = not places.postgres.exists()
                server = postgres.command(places, alive.fd, say, careless=careless)
                if new:
                    say(f"made a PostgreSQL database in {time.monotonic() - made:.1f} s")
                server.start()
                commands.append(server)
                postgres.wait(places, server)
                postgres.prepare(places)
            if not environ.get("CELERY_BROKER_URL"):
                broker.wait(places, commands[0])
            yield commands
        finally:
            for command in reversed(commands):
                command.stop()


@contextmanager
def started_or_joined(
    places: Places, environ: Mapping[str, str], say: Say, *, fresh: bool = False
) -> Iterator[None]:
    """The services for one command. The last to leave ends them: an owner waits for those who joined."""
    writable(places)
    with owner_lock(places) as lock, locks.Lock(places.var / "joined.lock") as joined:
        if not lock.exclusive():
            joined.shared()
            if not wait_until(lambda: lock.said().startswith("running"), 60.0, lambda: not lock.exclusive()):
                raise Unready(
                    f"The services in {places.var} were being started by another command, and were not."
                )
            yield
            return
        lock.say(f"starting: process {os.getpid()}")
        if fresh:
            clear(places)
        with started(places, environ, say, careless=fresh):
            lock.say(f"running: process {os.getpid()}")
            yield
            if not joined.exclusive():
                say("waiting for other commands that use this database")
                wait_until(joined.exclusive, 3600)
            lock.say("ended")


def clear(places: Places) -> None:
    """Throw the folder's data away; never what somebody works with."""
    if (places.var / "credentials.json").exists():
        raise Unready(
            f"{places.var} is not emptied, since `make run` works there: name another in TRACKER_VAR."
        )
    with locks.Lock(places.var / "services.lock") as alive:
        locks.outlive(alive, lambda _: None)
    if places.elsewhere.is_symlink():
        shutil.rmtree(places.elsewhere.readlink(), ignore_errors=True)
        places.elsewhere.unlink()
    for folder in (places.postgres, places.broker):
        shutil.rmtree(folder, ignore_errors=True)
