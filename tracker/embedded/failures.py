"""What can keep the embedded services from running, said in one sentence each."""

import socket
from collections.abc import Mapping

from tracker.embedded.paths import Places


class Unready(Exception):
    """Something a person has to put right; the message is one sentence that says what and how."""


def not_running(environ: Mapping[str, str]) -> str | None:
    """The hint for a command that found no embedded database; None where another database is meant or ours is there."""
    if environ.get("DATABASE_URL"):
        return None
    places = Places.of(environ)
    try:
        with socket.socket(socket.AF_UNIX) as tried:
            tried.connect(str(places.postgres_socket))
        return None
    except OSError:
        pass  # none, or one that a killed server left, or somebody else's
    return (
        f"The embedded database in {places.var} is not running: start it with `make run` in another terminal, "
        "or put `python -m tracker.embedded exec --` before this command."
    )
