"""Two locks on a folder of data. The kernel drops them when their holders die, so none is ever stale.

`owner`: one launcher at a time. `services` and `programs`: shared by every process the launcher started, through a
file they inherit; whoever gets it exclusively knows that nothing of an earlier run is left, however that run ended.
"""

import fcntl
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from tracker.embedded.failures import Unready

Endings = Sequence[tuple[float, signal.Signals | None]]

SERVICES: Endings = (
    (15.0, None),  # each ends by itself when its launcher dies; PostgreSQL may have much to write
    (15.0, signal.SIGQUIT),  # to PostgreSQL: stop now, recover at the next start
    (5.0, signal.SIGKILL),
)
"""Seconds to wait, after a signal or none, for what an earlier run left."""

PROGRAMS: Endings = ((1.0, None), (5.0, signal.SIGKILL))
"""Web, worker and beat keep nothing: what they are cut short in is done again."""


class Lock:
    """A file that is locked; its text says who holds it, for messages only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, kind: int) -> bool:
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def exclusive(self) -> bool:
        return self.take(fcntl.LOCK_EX)

    def shared(self) -> bool:
        return self.take(fcntl.LOCK_SH)

    def say(self, text: str) -> None:
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text.encode(), 0)

    def said(self) -> str:
        return os.pread(self.fd, 200, 0).decode(errors="replace")

    def release(self) -> None:
        os.close(self.fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def outlive(alive: Lock, say: Callable[[str], None], endings: Endings = SERVICES) -> None:
    """Wait until nothing of an earlier run is left, then share the lock with what this run starts.

    Processes that do not end in time are ended: those, and only those, that hold this very file open. No number
    noted down earlier is trusted, since by now it may be some other process's.
    """
    if not alive.exclusive():
        say("waiting for the processes of the last run to end")
        for deadline, number in endings:
            if number is not None:
                for pid in holders(alive.path):
                    _signal(pid, number)
            if _exclusive_within(alive, deadline):
                break
        else:
            raise Unready(
                f"Processes of an earlier run still use {alive.path.parent} and did not end: "
                f"{', '.join(map(str, holders(alive.path))) or 'find them with fuser'}."
            )
    alive.shared()


def _exclusive_within(lock: Lock, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not lock.exclusive():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def holders(path: Path) -> list[int]:
    """Processes, other than this one, that have the file open. Linux only; empty elsewhere."""
    wanted = path.stat()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            for fd in (process / "fd").iterdir():
                seen = fd.stat()
                if (seen.st_dev, seen.st_ino) == (wanted.st_dev, wanted.st_ino):
                    found.append(int(process.name))
                    break
        except OSError:
            continue  # it has ended, or is not ours to look at
    return found


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        pass
