"""How each kind of process holds its connections to PostgreSQL."""

from typing import Any
from urllib.parse import unquote

import environ

from tracker.embedded.paths import DATABASE, USER, Places


def default(url: str, places: Places, *, web_threads: int, web: bool) -> dict[str, Any]:
    """Django's DATABASES entry for `url`, or for the embedded server where there is none.

    The web gets a pool with a connection for each thread: four to five times the requests of a connection per
    request. A worker keeps its one connection (None = for ever): Celery would close a whole pool at every task.
    """
    if url:
        database = dict(environ.Env.db_url_config(url))
        database["ENGINE"] = "django.db.backends.postgresql"
        database["HOST"] = unquote(
            database["HOST"]
        )  # a socket's folder, as PostgreSQL writes it: %2Frun%2Fpostgresql
    else:
        database = {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(places.postgres_socket_folder),
            "NAME": DATABASE,
            "USER": USER,
        }
    options = {"connect_timeout": 5} | database.get("OPTIONS", {})
    if web:
        options["pool"] = {"min_size": 1, "max_size": web_threads, "timeout": 10}
    return database | {
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if web else None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # one action, one transaction: the actions open their own
    }
