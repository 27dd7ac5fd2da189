import os
import subprocess
import sys

import pytest

from tracker import refusals
from tracker.embedded.paths import PROJECT

GOOD = {
    "TRACKER_MODE": "production",
    "SECRET_KEY": "F2r8-mV0qLxT7bWz5KpYc3NsHd9GuJe6AoQi1RtXvZk",
    "DATABASE_URL": "postgresql://tracker:b0a84f1c5e@db.example.org:5432/tracker",
    "CELERY_BROKER_URL": "redis://broker.example.org:6379/0",
    "ALLOWED_HOSTS": "tracker.example.org",
}


def test_a_whole_configuration_is_not_refused() -> None:
    assert refusals.of("production", GOOD) == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("SECRET_KEY", "changeme", "SECRET_KEY is a placeholder"),
        ("SECRET_KEY", "django-insecure-" + "abcdefghij" * 5, "SECRET_KEY is a placeholder"),
        ("SECRET_KEY", "short-but-random-8H2k", "SECRET_KEY is too weak"),
        ("SECRET_KEY", "a" * 64, "SECRET_KEY is too weak"),
        ("DATABASE_URL", "", "DATABASE_URL is not set"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "DATABASE_URL is not a PostgreSQL address"),
        ("DATABASE_URL", "postgresql://tracker:postgres@db/tracker", "DATABASE_URL has a placeholder"),
        ("CELERY_BROKER_URL", "", "CELERY_BROKER_URL is not set"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS is not set"),
        ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS is not set"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS has a wildcard"),
        ("ALLOWED_HOSTS", "tracker.example.org,*.example.org", "ALLOWED_HOSTS has a wildcard"),
        ("DEBUG", "True", "DEBUG is on"),
        ("DEBUG", "1", "DEBUG is on"),
        ("TRACKER_CHECK_LOOPBACK", "1", "TRACKER_CHECK_LOOPBACK is on"),
    ],
)
def test_production_refuses(name: str, value: str, said: str) -> None:
    (refusal,) = refusals.of("production", GOOD | {name: value}).splitlines()[1:]

    assert refusal.startswith(f"  - {said}")


def test_everything_wrong_is_said_at_once() -> None:
    assert len(refusals.of("production", {"DEBUG": "on"}).splitlines()) == 6


def test_a_mode_that_is_none_is_refused() -> None:
    assert refusals.of("prod", GOOD) == "TRACKER_MODE is 'prod': it must be 'embedded' or 'production'."


@pytest.mark.parametrize("mode", ["embedded", "production"])
def test_a_way_of_keeping_that_is_none_is_refused(mode: str) -> None:
    said = refusals.of(mode, GOOD | {"TRACKER_KEEP_RAW": "some"})
    assert said == "TRACKER_KEEP_RAW is 'some': it must be 'off', 'changed' or 'all'."


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-c", "import tracker.wsgi"],
        ["-m", "celery", "--app", "tracker", "report"],
    ],
)
def test_no_door_starts_with_a_refused_configuration(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        env={"PATH": os.environ["PATH"]} | GOOD | {"SECRET_KEY": ""},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "Production refuses to start:\n  - SECRET_KEY is not set" in done.stderr


def test_a_database_address_alone_means_production() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={"PATH": os.environ["PATH"], "DATABASE_URL": GOOD["DATABASE_URL"]},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "Production refuses to start:")
