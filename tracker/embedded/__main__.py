"""`python -m tracker.embedded run` and `python -m tracker.embedded exec [--fresh] -- COMMAND`."""

import argparse
import os
import signal
import subprocess
import sys

from tracker.embedded import services
from tracker.embedded.failures import Unready
from tracker.embedded.paths import Places


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tracker.embedded", description=__doc__)
    doors = parser.add_subparsers(dest="door", required=True)
    doors.add_parser("run", help="the whole tracker: services, web, worker, beat")
    one = doors.add_parser("exec", help="one command with the services it needs")
    one.add_argument("--fresh", action="store_true", help="on an empty database, if nobody else is using it")
    one.add_argument("command", nargs="+")
    given = parser.parse_args()
    places = Places.of(os.environ)
    try:
        if given.door == "run":
            from tracker.embedded import run

            return run.run(places, os.environ)
        return execute(places, given.command, fresh=given.fresh)
    except Unready as failure:
        print(failure, file=sys.stderr)
        return 1


def execute(places: Places, command: list[str], *, fresh: bool) -> int:
    """Run the command; its exit code."""
    environ = os.environ | {
        "TRACKER_MODE": os.environ.get("TRACKER_MODE", "embedded"),
        "TRACKER_VAR": str(places.var),
    }
    with services.started_or_joined(places, environ, lambda text: print(text, file=sys.stderr), fresh=fresh):
        # Ctrl-C reaches the command too, which is the one to answer it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen(command, env=environ, preexec_fn=_listen)  # noqa: S603 - the caller's own
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
    return code if code >= 0 else 128 - code


def _listen() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
