"""Keeps children alive while it lives, and ends them in order."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from tracker.embedded.failures import Unready
from tracker.embedded.processes import Command

Say = Callable[[str], None]

AGAIN_AT_MOST = 5
WITHIN = 60.0
PAUSE = 0.5
"""A child that has to be started again more often than this is broken, and starting it hides that."""


class Stopped(BaseException):
    """Somebody asked us to end. Not an Exception, so that nothing on the way takes it for a failure."""


def listen() -> None:
    """From now on Ctrl-C, a closed terminal and `kill` raise Stopped, once; more of them cannot break the ending."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


@dataclass
class Supervisor:
    commands: Sequence[Command]
    say: Say
    _deaths: dict[str, list[float]] = field(default_factory=dict)

    def watch(self) -> None:
        """Until stopped: start again whatever has ended."""
        while True:
            self.look()
            time.sleep(0.2)

    def look(self) -> None:
        for command in self.commands:
            if not command.running():
                self._again(command)

    def _again(self, command: Command) -> None:
        process = command.process
        assert process is not None
        now = time.monotonic()
        deaths = [moment for moment in self._deaths.get(command.name, []) if now - moment < WITHIN] + [now]
        self._deaths[command.name] = deaths
        how = f"signal {-process.returncode}" if process.returncode < 0 else f"code {process.returncode}"
        if len(deaths) > AGAIN_AT_MOST:
            raise Unready(
                f"{command.name} ended {len(deaths)} times within {WITHIN:.0f} s, the last time with {how}; "
                f"the end of {command.log}:\n{command.last_words()}"
            )
        self.say(f"{command.name} ended ({how}): starting it again")
        _end_group(process.pid)
        # PostgreSQL refuses while processes of its last life are winding down.
        time.sleep(PAUSE * (len(deaths) - 1))
        command.start()


def stop(commands: Sequence[Command]) -> None:
    """Ask all at once, then wait for each."""
    for command in commands:
        command.signal(command.ending)
    for command in commands:
        command.stop()


def _end_group(pid: int) -> None:
    """What a killed parent left behind: gunicorn's workers hold the port, Celery's hold tasks."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass
