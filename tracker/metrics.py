"""What /metrics says. Each number is asked of the database when it is asked of us.

Counters kept in a process would be of that process only: there are several, and they come and go.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from recommendations.queries import health

RECENT = timedelta(hours=1)


class Tracker(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        checks = health.checks(now=now)
        by_state = GaugeMetricFamily("tracker_checks", "Status checks by how they stand.", labels=["state"])
        for state in ("active", "paused", "failing", "due", "late", "leased"):
            by_state.add_metric([state], getattr(checks, state))
        yield by_state
        yield GaugeMetricFamily(
            "tracker_last_look_timestamp_seconds",
            "When a check was last looked at; 0 where none ever was.",
            value=checks.last_run_at.timestamp() if checks.last_run_at else 0.0,
        )
        looks = GaugeMetricFamily(
            "tracker_looks_last_hour", "Looks by what they brought.", labels=["outcome"]
        )
        for outcome, number in sorted(health.runs_by_outcome(since=now - RECENT).items()):
            looks.add_metric([outcome], number)
        yield looks
        yield GaugeMetricFamily(
            "tracker_findings_open", "Findings that wait for a person.", value=health.open_findings()
        )


registry = CollectorRegistry()
registry.register(Tracker())
