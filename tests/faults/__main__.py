"""`python -m tests.faults`: thousands of due checks, real processes, and everything that may die dies.

At the end each due time must have exactly one CheckRun, no lease may be stuck, every check must come due again, and
no host may have been asked by more than the limit at once. Prints what happened, writes bench/faults.json and ends
with 1 if a promise was broken. All of it in a folder of its own below TRACKER_VAR. Linux only: it needs all of
127.0.0.0/8.
"""

import argparse
import json
import os
import random
import sys
import time
from typing import Any

import django

from tests.faults.crew import RudeWeb
from tracker.embedded import services, supervisor
from tracker.embedded.paths import Places

LEASE, LOOK, AT_ONCE = 20, 4, 2
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tracker.settings",
    "TRACKER_MODE": "embedded",
    "TRACKER_LIVE_CHECKS": "1",
    "TRACKER_CHECK_LOOPBACK": "1",
    "TRACKER_LEASE_SECONDS": str(LEASE),
    "TRACKER_LOOK_SECONDS": str(LOOK),
    "TRACKER_HOST_AT_ONCE": str(AT_ONCE),
    "TRACKER_HOST_PAUSE": "0.05",
    "LOG_LEVEL": "WARNING",
}
BEGAN = time.monotonic()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--checks", type=int, default=5_000)
    parser.add_argument("--hosts", type=int, default=240)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--within", type=float, default=300.0, metavar="SECONDS", help="then it has failed")
    given = parser.parse_args()
    outer = Places.of(os.environ)
    places = Places(outer.var / "faults")
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):  # somebody's own; ours are about to be killed
        os.environ.pop(name, None)
    os.environ.update(SETTINGS | {"TRACKER_VAR": str(places.var)})
    say(f"seed {given.seed}")
    supervisor.listen()
    try:
        figures, broken = on_services_of_its_own(places, given)
    except supervisor.Stopped:
        return 130
    kept = outer.var / "bench" / "faults.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(figures | {"broken": broken}, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    for sentence in broken:
        print(f"BROKEN: {sentence}")
    if broken:
        print(f"The same faults again: python -m tests.faults --seed {given.seed}. Logs: {places.logs}")
    return 1 if broken else 0


def on_services_of_its_own(places: Places, given: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """The figures, and what was broken. Whatever was started has ended afterwards."""
    services.writable(places)
    with services.owner_lock(places) as lock:
        services.owned(lock, places)
        services.clear(places)
        # Not `careless`: what PostgreSQL has confirmed must outlive its own fall, as in production.
        with services.started(places, os.environ, say) as commands, RudeWeb(places, given.hosts) as web:
            django.setup()
            from tests.faults.trial import Trial  # needs Django set up, and settings read TRACKER_VAR

            trial = Trial(
                places=places,
                services={command.name: command for command in commands},
                chance=random.Random(given.seed),
                within=given.within,
                lease=LEASE,
                say=say,
            )
            figures = trial.run(number=given.checks, hosts=given.hosts, web=web, limit=AT_ONCE)
        if not trial.broken:
            services.clear(places)
    return {"seed": given.seed} | figures, trial.broken


def say(text: str) -> None:
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
