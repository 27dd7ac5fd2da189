"""The faults: each does its harm, waits a little where it must, and says in a few words what it did."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import redis

from tests.faults.crew import Crew
from tracker.embedded import broker, postgres
from tracker.embedded.paths import Places
from tracker.embedded.processes import Command

PLAN = {
    "worker": 3,
    "worker_parent": 2,
    "worker_child": 5,
    "beat": 1,
    "broker_emptied": 2,
    "broker_killed": 1,
    "broker_lost": 1,
    "postgres_fast": 1,
    "postgres_immediate": 2,
}
"""How often each happens, after a worker was frozen for longer than its lease."""

GAP = (0.2, 1.5)
"""Seconds between two of them."""


@dataclass
class Faults:
    crew: Crew
    services: dict[str, Command]
    places: Places
    chance: random.Random
    lease: float

    def plan(self) -> list[str]:
        names = [name for name, times in PLAN.items() for _time in range(times)]
        self.chance.shuffle(names)
        return ["worker_frozen", *names]  # first, while all of them hold something

    def happen(self, name: str) -> str:
        deeds: dict[str, Callable[[], str]] = {
            "worker": lambda: "killed " + self.crew.kill("worker", self.chance, whole=True),
            "worker_parent": lambda: (
                "killed " + self.crew.kill("worker", self.chance, whole=False) + ", its children left alive"
            ),
            "worker_child": lambda: "killed child " + self.crew.kill_child(self.chance),
            "worker_frozen": self._freeze_worker,
            "beat": lambda: "killed " + self.crew.kill("beat", self.chance, whole=True),
            "broker_emptied": self._empty_broker,
            "broker_killed": lambda: self._restart_broker("killed and started", empty=False),
            "broker_lost": lambda: self._restart_broker("killed, its data lost", empty=True),
            "postgres_fast": lambda: self._restart_postgres(signal.SIGINT, "fast"),
            "postgres_immediate": lambda: self._restart_postgres(signal.SIGQUIT, "immediate"),
        }
        return deeds[name]()

    def _freeze_worker(self) -> str:
        seconds = self.lease + self.chance.uniform(3, 8)
        return f"froze {self.crew.freeze(seconds)} for {seconds:.0f} s, longer than its lease"

    def _empty_broker(self) -> str:
        with redis.Redis(unix_socket_path=str(self.places.broker_socket)) as client:
            client.flushall()
        return "broker emptied"

    def _restart_broker(self, said: str, *, empty: bool) -> str:
        server = self.services["broker"]
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        down = self.chance.uniform(0.5, 4.0)
        time.sleep(down)
        if empty:
            for file in self.places.broker.glob("appendonlydir/*"):
                file.unlink()
        self.places.broker_socket.unlink(missing_ok=True)
        server.start()
        broker.wait(self.places, server)
        return f"broker {said} after {down:.1f} s"

    def _restart_postgres(self, how: signal.Signals, said: str) -> str:
        server = self.services["postgres"]
        assert server.process is not None
        server.process.send_signal(how)
        server.process.wait(60)
        down = self.chance.uniform(0.0, 3.0)
        time.sleep(down)
        server.start()
        postgres.wait(self.places, server)
        return f"PostgreSQL restarted ({said}), down {down:.1f} s"
