"""What the door is told by the environment: whom it says it is, and that production keeps loopback shut."""

import os
import subprocess
import sys

import pytest

from tracker.embedded.paths import PROJECT

from .test_refusals import GOOD

ASK = (
    "from tracker import settings; door = settings.TRACKER_DOOR; print(door.user_agent, door.allow_loopback)"
)


def told(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASK],
        env={"PATH": os.environ["PATH"]} | environ,
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", "https://tracker.example.org"),
        ("tracker@example.org", "tracker@example.org"),
    ],
)
def test_in_production_it_names_the_tracker_and_whom_to_write_to(contact: str, said: str) -> None:
    done = told(GOOD | {"TRACKER_CONTACT": contact})
    assert done.stdout == f"PolicyRecommendationTracker/0.1 (+{said}) False\n", done.stderr


def test_production_does_not_start_with_loopback_open() -> None:
    done = told(GOOD | {"TRACKER_CHECK_LOOPBACK": "1"})
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "TRACKER_CHECK_LOOPBACK is on" in done.stderr
