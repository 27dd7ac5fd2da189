"""Children that end with their parent, whatever ends it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 10 * 1024 * 1024


@dataclass
class Command:
    """One child to be started, as often as needed.

    `dying` is the signal it gets when its parent is gone. Each has its own process group, so that Ctrl-C reaches the
    supervisor alone, which ends its children in order.
    """

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    dying: signal.Signals = signal.SIGTERM
    ending: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    account: tuple[int, int] | None = None
    keep_open: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Call from the main thread: the kernel's death signal follows the thread, not the process."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=dict(self.environment),
                start_new_session=True,
                pass_fds=tuple(self.keep_open),
                user=self.account[0] if self.account else None,
                group=self.account[1] if self.account else None,
                extra_groups=[] if self.account else None,
                # After the change of user, which would clear it.
                preexec_fn=dies_with(os.getpid(), self.dying),
            )

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self) -> None:
        """Ask, wait, then end its whole group."""
        if self.process is None:
            return
        self.signal(self.ending)
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGQUIT)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def last_words(self, lines: int = 8) -> str:
        """The end of its log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def dies_with(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    """For a child, before it becomes its program: ask the kernel for `number` when the parent dies.

    None where there is no such thing (macOS): there a killed launcher's children are ended by the next start.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def wait_until(ready: Callable[[], bool], seconds: float, alive: Callable[[], bool] = lambda: True) -> bool:
    """Poll until ready; False when the time is up or `alive` says that waiting is in vain."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until or not alive():
            return False
        time.sleep(0.05)
    return True
