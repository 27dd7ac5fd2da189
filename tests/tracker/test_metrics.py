import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from recommendations.actions import findings, sweeps
from recommendations.models import Host, Sweep
from recommendations.queries import health
from recommendations.vocabulary import Outcome
from tests import factories
from tracker.metrics import Tracker

pytestmark = pytest.mark.django_db


def numbers(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def test_the_numbers_are_the_databases(client):
    now = timezone.now()
    factories.check(next_due_at=now + timedelta(days=1))
    factories.check(next_due_at=now - timedelta(seconds=100))
    factories.check(next_due_at=now - timedelta(hours=1), state="failing")
    factories.check(next_due_at=now - timedelta(hours=2), state="paused")
    factories.check(
        next_due_at=now - timedelta(seconds=5),
        lease="00000000-0000-0000-0000-000000000001",
        leased_until=now + timedelta(minutes=5),
    )
    Host.objects.create(name="busy.example", closed_until=now + timedelta(minutes=5))
    Host.objects.create(name="free.example", closed_until=now - timedelta(minutes=5))

    told = numbers(client)

    states = {
        state: told[f'tracker_checks{{state="{state}"}}']
        for state in health.Checks.__annotations__
        if f'tracker_checks{{state="{state}"}}' in told
    }
    assert states == {"active": 3, "paused": 1, "failing": 1, "due": 3, "late": 1, "leased": 1}
    assert 3_600 <= told["tracker_oldest_due_seconds"] < 3_660
    assert told["tracker_last_look_timestamp_seconds"] == 0
    assert told["tracker_findings_open"] == 0
    assert (told['tracker_hosts{state="closed"}'], told['tracker_hosts{state="failing"}']) == (1, 0)
    assert told["tracker_last_sweep_timestamp_seconds"] == 0


def test_looks_of_the_last_hour_and_the_last_minute(client):
    now = timezone.now()
    check = factories.check()
    for seconds, outcome in ((30, "unchanged"), (40, "unchanged"), (1_800, "changed"), (4_000, "failed")):
        ended = now - timedelta(seconds=seconds)
        check.runs.create(due_at=ended, started_at=ended, finished_at=ended, outcome=Outcome(outcome))

    told = numbers(client)

    assert told['tracker_looks_last_hour{outcome="unchanged"}'] == 2
    assert told['tracker_looks_last_hour{outcome="changed"}'] == 1
    assert 'tracker_looks_last_hour{outcome="failed"}' not in told
    assert told["tracker_looks_per_second"] == pytest.approx(2 / 60)
    assert told["tracker_last_look_timestamp_seconds"] == pytest.approx(
        (now - timedelta(seconds=4_000)).timestamp()
    )


def test_sweeps_are_told_by_the_last_one_that_had_work_and_idle_ones_share_a_row(client):
    now = timezone.now()
    long_ago = now - timedelta(days=40)
    sweeps.note(started_at=long_ago, now=long_ago, claimed=1, recorded=1, released=0)
    began = now - timedelta(seconds=20)
    sweeps.note(started_at=began, now=began + timedelta(seconds=8), claimed=9, recorded=7, released=2)
    for seconds in (10, 5, 1):
        moment = now - timedelta(seconds=seconds)
        sweeps.note(started_at=moment, now=moment, claimed=0, recorded=0, released=0)

    told = numbers(client)

    assert told["tracker_last_sweep_duration_seconds"] == 8
    assert told['tracker_last_sweep_checks{what="recorded"}'] == 7
    assert told['tracker_last_sweep_checks{what="released"}'] == 2
    assert told["tracker_last_sweep_timestamp_seconds"] == pytest.approx(
        (now - timedelta(seconds=1)).timestamp()
    )
    assert list(Sweep.objects.order_by("id").values_list("claimed", "idle")) == [(9, 0), (0, 3)]


@pytest.mark.parametrize("checks", [1, 5])
def test_what_it_asks_does_not_grow(client, django_assert_num_queries, checks):
    for _number in range(checks):
        factories.check()
    with django_assert_num_queries(9):
        numbers(client)


def test_each_metric_is_explained():
    told = Path(__file__).parents[2].joinpath("docs/logs.md").read_text()
    assert {family.name for family in Tracker().collect()} == set(re.findall(r"`(tracker_\w+)", told))


def test_what_people_made_of_the_findings_of_a_rule(client):
    editor, now = factories.user("editor"), timezone.now()
    said = {"kind": "evidence_changed", "rule": "text_changed", "rule_version": "2", "title": "Changed"}
    found = [findings.bring(**said, fingerprint=each, by="check:1", now=now) for each in "abc"]
    findings.accept(found[0], note="So it is.", by=editor, now=now)
    findings.dismiss(found[1], note="Furniture.", by=editor, now=now)

    told = numbers(client)

    states = ("open", "accepted", "edited", "dismissed")
    rule = 'rule="text_changed",state="{}",version="2"'
    counts = [told["tracker_findings{" + rule.format(state) + "}"] for state in states]
    assert counts == [1, 1, 0, 1]
