"""What /metrics says. Each number is asked of the database when it is asked of us.

Counters kept in a process would be of that process only: there are several, and they come and go.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from recommendations.queries import deliveries, findings, health

RECENT = timedelta(hours=1)
JUST_NOW = timedelta(minutes=1)
DECIDED_LATELY = timedelta(days=30)


class Tracker(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield from _checks(health.checks(now=now), now)
        yield from _sweeps(health.sweeps())
        yield _labelled(
            "tracker_looks_last_hour",
            "Looks by what they brought.",
            "outcome",
            health.runs_by_outcome(since=now - RECENT),
        )
        lately = sum(health.runs_by_outcome(since=now - JUST_NOW).values())
        yield GaugeMetricFamily(
            "tracker_looks_per_second",
            "Looks recorded in the last minute, a second.",
            value=lately / JUST_NOW.total_seconds(),
        )
        yield GaugeMetricFamily(
            "tracker_findings_open", "Findings that wait for a person.", value=health.open_findings()
        )
        yield from _webhooks(deliveries.health(now=now))
        judged = GaugeMetricFamily(
            "tracker_findings",
            "Open findings, and those decided in the last 30 days, by rule; edited ones are accepted too.",
            labels=["rule", "version", "state"],
        )
        for row in findings.precision(since=now - DECIDED_LATELY):
            for state in ("open", "accepted", "edited", "dismissed"):
                judged.add_metric([row.rule, row.rule_version, state], getattr(row, state))
        yield judged


def _checks(checks: health.Checks, now: datetime) -> Iterator[GaugeMetricFamily]:
    states = ("active", "paused", "failing", "due", "late", "leased")
    yield _labelled(
        "tracker_checks",
        "Status checks by how they stand; of more than 100,000 the active ones are estimated.",
        "state",
        {state: getattr(checks, state) for state in states},
    )
    yield GaugeMetricFamily(
        "tracker_oldest_due_seconds",
        "For how long the check has been due that has waited longest; 0 where none waits.",
        value=(now - checks.oldest_due_at).total_seconds() if checks.oldest_due_at else 0.0,
    )
    yield GaugeMetricFamily(
        "tracker_last_look_timestamp_seconds",
        "When a check was last looked at; 0 where none ever was.",
        value=checks.last_run_at.timestamp() if checks.last_run_at else 0.0,
    )
    yield _labelled(
        "tracker_hosts",
        "Hosts that fail as a whole, and hosts that asked us to wait.",
        "state",
        {"failing": checks.hosts_failing, "closed": checks.hosts_closed},
    )


def _sweeps(sweeps: health.Sweeps) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily(
        "tracker_last_sweep_timestamp_seconds",
        "When a sweep last ended, idle or not; 0 where none ever did.",
        value=sweeps.last_at.timestamp() if sweeps.last_at else 0.0,
    )
    yield GaugeMetricFamily(
        "tracker_last_sweep_duration_seconds",
        "How long the last sweep took that had something to look at.",
        value=sweeps.seconds,
    )
    yield _labelled(
        "tracker_last_sweep_checks",
        "What became of the checks that it claimed; released ones are the next sweep's.",
        "what",
        {name: getattr(sweeps, name) for name in ("claimed", "recorded", "released")},
    )


def _webhooks(told: deliveries.Health) -> Iterator[GaugeMetricFamily]:
    yield _labelled(
        "tracker_webhooks",
        "Webhooks by how they stand; a failing one is active, and its last attempt failed.",
        "state",
        {"active": told.active, "failing": told.failing, "disabled": told.disabled},
    )
    yield _labelled(
        "tracker_deliveries",
        "Messages to webhooks: waiting, of these due now, and given up in the last 30 days.",
        "state",
        {"waiting": told.waiting, "due": told.due, "failed": told.failed},
    )


def _labelled(name: str, text: str, label: str, numbers: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in sorted(numbers.items()):
        family.add_metric([value], number)
    return family


registry = CollectorRegistry()
registry.register(Tracker())
