from pathlib import Path

import pytest

from tracker import databases
from tracker.embedded.paths import Places

PLACES = Places(Path("/data"))


def test_the_web_has_a_connection_for_each_thread_and_a_worker_keeps_its_one() -> None:
    web = databases.default("", PLACES, web_threads=6, web=True)
    worker = databases.default("", PLACES, web_threads=6, web=False)

    assert (web["OPTIONS"]["pool"]["max_size"], web["CONN_MAX_AGE"]) == (6, 0)
    assert ("pool" in worker["OPTIONS"], worker["CONN_MAX_AGE"]) == (False, None)
    assert web["CONN_HEALTH_CHECKS"]
    assert worker["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("", "/data/postgres", "tracker"),
        ("postgresql://me:secret@db.example.org:5432/recommendations", "db.example.org", "recommendations"),
        ("postgresql://me@%2Frun%2Fpostgresql/recommendations", "/run/postgresql", "recommendations"),
    ],
)
def test_where_the_database_is(url: str, host: str, name: str) -> None:
    database = databases.default(url, PLACES, web_threads=4, web=False)

    assert (database["ENGINE"], database["HOST"], database["NAME"]) == (
        "django.db.backends.postgresql",
        host,
        name,
    )
