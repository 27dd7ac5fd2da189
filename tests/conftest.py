"""What every test may use. The services come from `make test`; bare pytest joins those that are running."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management.commands.flush import Command as Flush
from django.db import connections
from django.utils import translation

from tests.factories import NOW
from tracker.embedded.failures import not_running

# Playwright runs an event loop in the test's thread, where Django would else refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    if hint := not_running(os.environ):
        pytest.exit(f"{hint} Or run `make test`.", returncode=4)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A test database of its own for each run, so that two people may test on one server."""
    for connection in connections.all():
        database = connection.settings_dict
        database["TEST"]["NAME"] = f"test_{database['NAME']}_{os.getpid()}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Without autovacuum: it sees nothing of what a test has not committed, and has the planner think tables empty.

    A statement planned for empty tables can then take minutes over the rows that the test goes on to read.
    """
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        for table in connections["default"].introspection.table_names(cursor):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_quick() -> None:
    """Hashing is slow on purpose; hundreds of test people sign in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def _nobody_is_limited() -> None:
    """Hundreds of tests ask from one address; tests/api/test_limits.py sets limits of its own."""
    settings.API_REQUESTS_PER_MINUTE = dict.fromkeys(settings.API_REQUESTS_PER_MINUTE, 0)


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_what_may_not_be_emptied() -> Iterator[None]:
    """Let the flush after a transactional test through the triggers that refuse TRUNCATE, and nothing else."""
    handle = Flush.handle

    def guarded(self: Flush, **options: Any) -> None:
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgtype & 32 <> 0"  # 32: fires on TRUNCATE
            )
            tables = [table for (table,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            handle(self, **options)
        finally:
            with connection.cursor() as cursor:
                # What a migration puts there, and the flush took away with the rest.
                cursor.execute(
                    'INSERT INTO recommendations_epoch ("offset", key) SELECT 0, gen_random_uuid()'
                    " WHERE NOT EXISTS (SELECT 1 FROM recommendations_epoch)"
                )
                cursor.execute(
                    "INSERT INTO recommendations_feedplace (reader, transaction, event)"
                    " VALUES ('notifications', recommendations_feed_horizon(), 0) ON CONFLICT DO NOTHING"
                )
                for table in tables:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    Flush.handle = guarded  # type: ignore[method-assign]
    yield
    Flush.handle = handle  # type: ignore[method-assign]


DOORS = ("api", "pages", "admin", "management")
"""Folders of tests that ask doors, which look at the clock themselves."""


@pytest.fixture(autouse=True)
def _it_is_the_day_of_the_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Doors are asked at `factories.NOW`, as everything below them is: verdicts of that day would else grow stale.

    The clock goes on from there. Tests in a browser keep the real one, which the browser's cookies go by, and so does
    whatever runs in processes of its own.
    """
    folder = request.path.relative_to(Path(__file__).parent).parts[0]
    if folder not in DOORS or "browser" in request.fixturenames:
        yield
        return
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def _it_begins_in_english() -> Iterator[None]:
    """A request in Spanish leaves its language to its thread, and so to whichever test comes next in it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _as_if_it_were_another_day() -> Iterator[None]:
    """`TRACKER_TEST_TODAY=2028-06-01`: whether the tests would pass on that day as well. PostgreSQL keeps its clock."""
    today = os.environ.get("TRACKER_TEST_TODAY")
    if not today:
        yield
        return
    with time_machine.travel(datetime.fromisoformat(today).replace(tzinfo=UTC), tick=True):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium, for one file of tests: while it runs, its event loop lets no other run in this thread.

    Where there is none the test is skipped; where TRACKER_REQUIRE_BROWSER is set, it fails."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(chromium).exists():
        said = f"NO BROWSER: {chromium} does not exist; install chromium or name one in CHROMIUM"
        if os.environ.get("TRACKER_REQUIRE_BROWSER"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
