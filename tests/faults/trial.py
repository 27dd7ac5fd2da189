"""One run of the faults, from the rows to the judgement. Needs Django set up for the trial's own services."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command
from django.db import connection

from recommendations.actions import checks
from recommendations.models import StatusCheck, User
from tests.faults import rows
from tests.faults.crew import Crew, RudeWeb
from tests.faults.faults import GAP, Faults
from tests.faults.judging import DueTime, most_at_once, problems
from tests.faults.web import address, behaviour, quick
from tracker.embedded.paths import Places
from tracker.embedded.processes import Command

TELL_EVERY = 10.0
AGAIN = 200
"""Checks that a person asks for once more when the faults are over: all must still be at work."""

ENDS_WITHIN = 90.0
"""Seconds for workers to finish what they do: a sweep lasts a minute."""


@dataclass
class Trial:
    places: Places
    services: dict[str, Command]
    chance: random.Random
    within: float
    lease: float
    say: Callable[[str], None]
    broken: list[str] = field(default_factory=list)
    until: float = 0.0

    def run(self, *, number: int, hosts: int, web: RudeWeb, limit: int) -> dict[str, Any]:
        """The figures. What was broken is in `broken`, one sentence each."""
        call_command("migrate", verbosity=0)
        due = rows.lay_out(checks=number, hosts=hosts, port=web.port)
        self.say(f"{len(due):,} checks are due on {hosts} hosts")
        began = time.monotonic()
        self.until = began + self.within
        with Crew(self.places) as crew:
            happened = self._faults(crew)
            calm = time.monotonic()
            self._wait(crew, "after the last fault")
            settled = time.monotonic()
            due |= self._ask_again(hosts)
            self._wait(crew, "after a person asked again")
            asked_again = time.monotonic()
            # Not a promise of ours: Celery may wait for a job whose process was killed. Docker ends it after its grace.
            ended_gently = crew.end_gently(ENDS_WITHIN)
        asked = web.asked()
        seen = rows.seen(due, {host: most_at_once(spans) for host, spans in asked.items()})
        self.broken += problems(seen, limit=limit)
        return {
            "checks": number,
            "hosts": hosts,
            "faults": happened,
            "worker_and_beat_deaths": crew.deaths,
            "ended_gently": ended_gently,
            "requests_served": sum(map(len, asked.values())),
            "most_at_once_at_one_host": max(seen.at_once.values(), default=0),
            "runs": len(seen.runs),
            "outcomes": rows.outcomes(),
            "seconds_of_faults": round(calm - began, 1),
            "seconds_to_catch_up_after_the_last": round(settled - calm, 1),
            "seconds_in_all": round(settled - began, 1),
            "seconds_for_those_asked_for_again": round(asked_again - settled, 1),
        }

    def _faults(self, crew: Crew) -> int:
        """All that is planned, one after another, while the workers work."""
        waiting = rows.left()
        while rows.left() == waiting and time.monotonic() < self.until:
            self._watch(crew, 0.2)  # the first fault is to meet somebody at work
        faults = Faults(crew, self.services, self.places, self.chance, self.lease)
        planned = faults.plan()
        for name in planned:
            said = faults.happen(name)
            connection.close()  # ours may have died with the server
            self.say(f"{said}; {rows.left():,} left")
            self._watch(crew, self.chance.uniform(*GAP))
        return len(planned)

    def _watch(self, crew: Crew, seconds: float) -> None:
        """Let them work for so long, and start again who has died."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            crew.revive()
            time.sleep(0.2)

    def _wait(self, crew: Crew, when: str) -> None:
        """Until nothing is due or under lease, or the time is up."""
        told = began = time.monotonic()
        while (left := rows.left()) or crew.frozen:
            now = time.monotonic()
            if now > self.until:
                self.broken.append(f"{left:,} checks were still waiting when the time was up, {when}")
                return
            if now - told > TELL_EVERY:
                told = now
                self.say(f"{left:,} left")
            self._watch(crew, 0.2)
        self.say(f"nothing is left to do {when} ({time.monotonic() - began:.1f} s)")

    def _ask_again(self, hosts: int) -> set[DueTime]:
        """A person asks for looks at hosts that behave; the due times that this makes."""
        person = User.objects.create_user("operator", role="editor")
        behaving = [address(number) for number in range(hosts) if behaviour(number) is quick]
        well = list(StatusCheck.objects.filter(host__in=behaving).order_by("pk"))
        asked = [
            checks.request_run(check, by=person, now=datetime.now(UTC))
            for check in self.chance.sample(well, min(AGAIN, len(well)))
        ]
        return {(check.pk, check.next_due_at) for check in asked}
