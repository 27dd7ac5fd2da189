"""The processes: workers and beats, which are started again when they die, and the web they look at."""

import json
import os
import random
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tracker.embedded import locks
from tracker.embedded.failures import Unready
from tracker.embedded.paths import PROJECT, Places
from tracker.embedded.processes import Command, wait_until

WORKERS, BEATS = 3, 2


@dataclass
class Crew:
    """Use as a context manager: whatever it started, orphans of killed workers too, has ended afterwards."""

    places: Places
    deaths: int = 0
    commands: list[Command] = field(default_factory=list)
    frozen: list[tuple[float, int]] = field(default_factory=list)

    def __enter__(self) -> "Crew":
        self.alive = locks.Lock(self.places.var / "programs.lock")
        self.alive.shared()
        celery = [sys.executable, "-m", "celery", "--app", "tracker"]
        lone = ["--without-gossip", "--without-mingle", "--concurrency", "2"]
        for number in range(WORKERS):
            name = f"worker{number}"
            self._add(name, [*celery, "worker", *lone, "--hostname", f"{name}@%h"])
        for number in range(BEATS):
            self._add(f"beat{number}", [*celery, "beat"])
        for command in self.commands:
            command.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for number in (signal.SIGKILL, signal.SIGKILL):  # twice: one may have been starting another
            for pid in locks.holders(self.alive.path):
                _kill(pid, number)
            wait_until(lambda: not locks.holders(self.alive.path), 10)
        for command in self.commands:
            command.stop()
        self.alive.release()

    def _add(self, name: str, arguments: list[str]) -> None:
        command = Command(
            name=name,
            arguments=arguments,
            log=self.places.logs / f"{name}.log",
            environment=os.environ,
            folder=PROJECT,
            dying=signal.SIGKILL,
            keep_open=[self.alive.fd],
        )
        self.commands.append(command)

    def revive(self) -> None:
        """Start again who has died, and thaw whose time has come."""
        for thaws, group in list(self.frozen):
            if time.monotonic() >= thaws:
                self.frozen.remove((thaws, group))
                _signal_group(group, signal.SIGCONT)
        for command in self.commands:
            if not command.running():
                self.deaths += 1
                command.start()

    def kill(self, kind: str, chance: random.Random, *, whole: bool) -> str:
        """`kill -9` of one worker or beat, with all its children or alone; its children then go on as orphans."""
        frozen = [group for _thaws, group in self.frozen]  # these are to come back, too late
        command = chance.choice(
            [
                each
                for each in self.commands
                if each.name.startswith(kind)
                and each.process
                and each.running()
                and each.process.pid not in frozen
            ]
        )
        assert command.process is not None
        if whole:
            os.killpg(command.process.pid, signal.SIGKILL)
        else:
            command.process.kill()
        command.process.wait()
        return command.name

    def freeze(self, seconds: float) -> str:
        """Stop the busiest worker for so long, as a machine that swaps or a virtual one that is moved does."""
        command = max(
            (each for each in self.commands if each.name.startswith("worker") and each.running()),
            key=lambda each: sum(map(_ticks, _children(each.process.pid))) if each.process else 0,
        )
        assert command.process is not None
        _signal_group(command.process.pid, signal.SIGSTOP)
        self.frozen.append((time.monotonic() + seconds, command.process.pid))
        return command.name

    def kill_child(self, chance: random.Random) -> str:
        """`kill -9` of one of the processes in which a worker runs its tasks."""
        children = [
            pid
            for each in self.commands
            if each.name.startswith("worker") and each.running() and each.process
            for pid in _children(each.process.pid)
        ]
        if not children:
            return "of no worker: none had any"
        pid = chance.choice(children)
        _kill(pid, signal.SIGKILL)
        return str(pid)

    def end_gently(self, seconds: float) -> bool:
        """Ask workers and beats to finish what they do; False if some did not in time."""
        for _thaws, group in self.frozen:
            _signal_group(group, signal.SIGCONT)
        for command in self.commands:
            command.signal(signal.SIGTERM)
        return wait_until(lambda: not locks.holders(self.alive.path), seconds)


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for each in Path(f"/proc/{pid}/task").glob("*/children")
        for child in each.read_text().split()
    ]


def _ticks(pid: int) -> int:
    """The processor time that a process has had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except OSError:
        pass  # it was killed meanwhile


def _kill(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        pass


class RudeWeb:
    """web.py in a process of its own, while the block lasts. `port` is that of every host."""

    def __init__(self, places: Places, hosts: int) -> None:
        self.folder = places.var / "web"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.command = Command(
            name="web",
            arguments=[sys.executable, "-m", "tests.faults.web", str(hosts), str(self.folder)],
            log=places.logs / "web.log",
            environment=os.environ,
            folder=PROJECT,
            dying=signal.SIGKILL,
        )

    def __enter__(self) -> "RudeWeb":
        self.command.start()
        noted = self.folder / "port"
        if not wait_until(noted.exists, 30, self.command.running):
            raise Unready(f"The web did not start: {self.command.last_words()}")
        self.port = int(noted.read_text())
        return self

    def __exit__(self, *_error: object) -> None:
        self.command.stop()

    def asked(self) -> dict[str, list[tuple[float, float]]]:
        """End it; when each request to each host came and was over, in seconds."""
        self.command.stop()
        found: dict[str, list[tuple[float, float]]] = json.loads((self.folder / "asked.json").read_text())
        return found
