import os
import sys
from pathlib import Path

import pytest

from tracker.embedded.failures import Unready
from tracker.embedded.processes import Command, wait_until
from tracker.embedded.supervisor import AGAIN_AT_MOST, Supervisor


def child(folder: Path, code: str) -> Command:
    return Command(
        name="child",
        arguments=[sys.executable, "-c", code],
        log=folder / "child.log",
        environment=os.environ,
        folder=folder,
    )


def test_a_child_that_never_stays_is_given_up_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.embedded.supervisor.PAUSE", 0.0)
    command = child(tmp_path, "raise SystemExit('no such thing')")
    command.start()
    supervisor = Supervisor([command], lambda _: None)

    with pytest.raises(  # noqa: PT012 - how often it looks before that is the machine's affair
        Unready, match=rf"child ended {AGAIN_AT_MOST + 1} times within 60 s.*code 1(?s:.*)no such thing"
    ):
        while True:
            supervisor.look()


def test_a_child_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    command = child(
        tmp_path,
        "import signal, time\nfor n in (15, 3): signal.signal(n, 1)\nprint('deaf', flush=True)\ntime.sleep(60)",
    )
    command.grace = 0.1
    command.start()
    assert wait_until(lambda: "deaf" in command.last_words(), 10)

    command.stop()

    assert not command.running()
