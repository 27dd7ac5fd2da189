"""`manage.py refresh`: what is looked at, what is shown of it, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import connection
from django.utils import timezone

from recommendations.management.progress import Phases, Progress, behind, duration, table
from recommendations.models import CheckRun, Host, StatusCheck
from tests import factories
from tests.fakeweb import FakeWeb
from tracker.embedded.paths import PROJECT

pytestmark = pytest.mark.django_db

LAW = "<html><main><h1>The law</h1><p>The law is in force and was not amended by {by}.</p></main></html>"
LATER = factories.NOW.replace(year=2099)


def run(*arguments):
    """What it said, and with which code it ended."""
    out, progress, code = StringIO(), StringIO(), 0
    try:
        call_command("refresh", *arguments, stdout=out, stderr=progress)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return out.getvalue(), progress.getvalue(), code


@pytest.fixture
def web(settings):
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR, allow_loopback=True, host_pause_seconds=0, respect_robots=False
    )
    with FakeWeb() as served:
        served.page("/law", LAW.format(by="anyone"))
        yield served


@pytest.fixture
def watch(web):
    numbers = count(1)

    def watched(path="/law", **fields):
        url = web.url(f"{path}?{next(numbers)}")  # a document has an address of its own
        seen = factories.evidence(document=factories.document(url=url))
        return factories.check(evidence=seen, host=web.host, **fields)

    return watched


class TestLooking:
    def test_checks_that_are_named_run_due_or_not(self, watch):
        first, second, other = (watch(next_due_at=LATER) for _each in range(3))
        said, _progress, code = run("--check", str(first.pk), "--check", str(second.pk))
        assert code == 0
        assert set(CheckRun.objects.values_list("status_check", flat=True)) == {first.pk, second.pk}
        lines = said.splitlines()
        assert sorted(line.split()[1] for line in lines[:2]) == sorted([str(first.pk), str(second.pk)])
        assert [line.split() for line in lines[2:5]] == [
            ["First", "run", "All"],
            ["Web", "page", "2", "2"],
            ["All", "2", "2"],
        ]
        assert lines[-2:][0] == "No new finding."
        other.refresh_from_db()
        assert other.last_run_at is None

    def test_all_that_is_due_and_nothing_else(self, watch):
        due = watch(next_due_at=factories.NOW.replace(year=2020))
        watch(next_due_at=LATER)
        assert run("--all-due")[2] == 0
        assert CheckRun.objects.get().status_check == due
        assert run("--all-due") == ("Nothing is due.\n", "", 0)

    def test_unknown_checks_are_named(self, watch):
        known = watch()
        with pytest.raises(CommandError, match="There are no checks 98000, 99000."):
            call_command("refresh", "--check", "99000", "--check", str(known.pk), "--check", "98000")
        assert not CheckRun.objects.exists()

    def test_it_says_what_to_do_only_once(self):
        with pytest.raises(CommandError, match="not allowed with"):
            call_command("refresh", "--check", "1", "--all-due")
        with pytest.raises(CommandError, match="required"):
            call_command("refresh")


class TestTelling:
    def test_what_was_not_seen_is_named_with_the_reason(self, watch, web):
        web.page("/broken", "", status=500)
        watch(next_due_at=factories.NOW.replace(year=2020))
        broken = watch("/broken", next_due_at=factories.NOW.replace(year=2020))
        said, _progress, code = run("--all-due")
        assert code == 3
        assert "Saw nothing:" in said
        (line,) = [each for each in said.splitlines()[3:] if f"check {broken.pk} " in each]
        assert line.split()[-3:] == ["Failed", "HTTP", "500"]

    def test_what_was_not_looked_at_says_why(self, watch):
        paused = watch(state="paused")
        held = watch(lease="00000000-0000-0000-0000-000000000001", leased_until=LATER)
        free = watch()
        said, _progress, code = run("--check", str(paused.pk), "--check", str(free.pk), "--json")
        result = json.loads(said)
        assert code == 3
        assert [(each["check"], each["reason"]) for each in result["not_looked_at"]] == [
            (paused.pk, "paused"),
            (free.pk, "host_busy"),
        ]
        StatusCheck.objects.filter(pk=held.pk).update(lease=None, leased_until=None)
        assert run("--check", str(free.pk))[2] == 0

    def test_a_host_that_asked_us_to_wait_is_called_so(self, watch):
        check = watch()
        Host.objects.create(name=check.host, closed_until=LATER)
        (left,) = json.loads(run("--check", str(check.pk), "--json")[0])["not_looked_at"]
        assert (left["reason"], left["until"]) == ("host_asked_to_wait", LATER.isoformat())
        said, _progress, code = run("--check", str(check.pk))
        assert f"its host asked us to wait until {LATER:%Y-%m-%d %H:%M} UTC" in said
        assert code == 3

    def test_one_json_object_for_programs(self, watch, web):
        check = watch()
        run("--check", str(check.pk))
        web.page("/law", LAW.format(by="the act of 2026, which withdrew it and all that followed from it"))
        said, _progress, code = run("--check", str(check.pk), "--json")
        result = json.loads(said)
        assert code == 0
        assert result.pop("seconds") >= 0
        assert result == {
            "wanted": 1,
            "looked_at": 1,
            "looked_at_by_another_worker": 0,
            "looks": {"page": {"changed": 1}},
            "not_seen": [],
            "not_looked_at": [],
            "findings": {"evidence_changed": 1},
            "interrupted": False,
        }

    def test_findings_are_counted_in_words(self, watch, web):
        check = watch()
        run("--check", str(check.pk))
        web.page("/law", LAW.format(by="the act of 2026, which withdrew it and all that followed from it"))
        assert "1 new finding: Evidence changed 1." in run("--check", str(check.pk))[0]


class Terminal(StringIO):
    def isatty(self):
        return True


class TestPhases:
    def test_each_phase_is_told_at_once_on_a_terminal_and_each_five_seconds_elsewhere(self):
        now = [0.0]
        terminal, plain = Terminal(), StringIO()
        tellers = [Phases(to, clock=lambda: now[0]) for to in (terminal, plain)]
        for second, phase, done in [
            (0.01, "reading", 0),
            (0.02, "reading", 1),
            (0.03, "writing", 1),
            (6.0, "writing", 2),
        ]:
            now[0] = second
            for each in tellers:
                each.step(phase, done, 4)
        assert terminal.getvalue().split("\r\x1b[K")[1:] == [
            "reading: 0 %, 0 s",
            "writing: 25 %, 0 s",
            "writing: 50 %, 6 s",
        ]
        assert plain.getvalue() == "writing: 50 %, 6 s\n"

    def test_a_commands_own_stream_would_end_each_line(self):
        inner = Terminal()
        told = Phases(behind(OutputWrapper(inner)))
        told.step("reading", 1, 2)
        assert inner.getvalue() == "\r\x1b[Kreading: 50 %, 0 s"


class TestProgress:
    def clock(self):
        self.now = 0.0
        return lambda: self.now

    def test_a_line_that_is_written_over_on_a_terminal(self):
        to = Terminal()
        progress = Progress(to, 4, clock=self.clock())
        for second, outcome in enumerate(["Unchanged", "Failed", "Unchanged"], start=1):
            self.now = float(second)
            progress.step(outcome)
        progress.end()
        assert to.getvalue().split("\r\x1b[K")[1:] == [
            "1 of 4 (25 %), 1.0 a second, 3 s left: 1 unchanged",
            "2 of 4 (50 %), 1.0 a second, 2 s left: 1 unchanged, 1 failed",
            "3 of 4 (75 %), 1.0 a second, 1 s left: 2 unchanged, 1 failed",
            "",
        ]

    def test_a_line_each_five_seconds_elsewhere(self):
        to = StringIO()
        progress = Progress(to, 1_000, clock=self.clock())
        for step in range(1, 1_001):
            self.now = step / 100
            progress.step("Unchanged")
        assert to.getvalue().splitlines() == [
            "500 of 1,000 (50 %), 100.0 a second, 5 s left: 500 unchanged",
            "1,000 of 1,000 (100 %), 100.0 a second, 0 s left: 1,000 unchanged",
        ]

    def test_a_narrow_terminal_is_not_wrapped(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "20")
        to = Terminal()
        progress = Progress(to, 4, clock=self.clock())
        self.now = 1.0
        progress.step("Unchanged")
        assert to.getvalue() == "\r\x1b[K1 of 4 (25 %), 1.0…"

    def test_lengths_of_time(self):
        assert [duration(seconds) for seconds in (0.4, 89, 150, 7_500)] == [
            "0 s",
            "89 s",
            "2 min",
            "2 h 5 min",
        ]

    def test_a_table_with_sums(self):
        cells = {("Page", "Failed"): 2, ("Page", "Unchanged"): 1_000, ("Feed", "Failed"): 1}
        assert table(["Page", "Feed"], ["Unchanged", "Failed"], cells) == [
            "      Unchanged   Failed      All",
            "Page      1,000        2    1,002",
            "Feed          ·        1        1",
            "All       1,000        3    1,003",
        ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_refresh_leaves_nothing_stuck(watch, web, number):
    """A process of its own, interrupted while one server hangs: it ends at once, and what it held is free and due."""
    web.page("/slow", LAW.format(by="anyone"), delay=60.0)
    due = factories.NOW.replace(year=2020)
    watch(next_due_at=due)
    slow = [watch("/slow", next_due_at=due + timedelta(seconds=1)) for _each in range(5)]
    code = (
        "import django; django.setup(); from django.db import connection; "
        f"connection.settings_dict['NAME'] = {connection.settings_dict['NAME']!r}; "
        "from django.core.management import call_command; call_command('refresh', '--all-due', '--json')"
    )
    environment = os.environ | {"TRACKER_CHECK_LOOPBACK": "1", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    ) as refresh:
        until = time.monotonic() + 90
        while not web.asked("/slow") or not CheckRun.objects.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        began = time.monotonic()
        refresh.send_signal(number)
        said = json.loads(refresh.communicate(timeout=60)[0])

    assert (refresh.returncode, said["interrupted"], said["looked_at"]) == (130, True, 1)
    assert time.monotonic() - began < 20, "a look may take thirty"
    assert not StatusCheck.objects.filter(lease__isnull=False).exists()
    assert StatusCheck.objects.filter(next_due_at__lte=timezone.now()).count() == len(slow)
