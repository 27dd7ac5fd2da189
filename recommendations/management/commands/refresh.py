"""`manage.py refresh`: look now, show how far it has come, and tell what came back."""

import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.actions.leases import Claimed
from recommendations.management.progress import Progress, and_more, behind, duration, table
from recommendations.models import CheckRun, StatusCheck
from recommendations.queries import checks
from recommendations.queries.refreshes import NOT_SEEN, brought
from recommendations.tasks import look_at_due
from recommendations.vocabulary import CheckKind, CheckState, FindingKind, Outcome

SHOWN = 20
"""Up to so many looks are told one by one as they end; of longer lists the first so many."""

FAILED_EXIT, INTERRUPTED_EXIT = 3, 130


class Command(BaseCommand):
    help = (
        "Run status checks now, whether scheduled checks are switched on or not. "
        f"Ends with 0 when each was seen, {FAILED_EXIT} when some were not, {INTERRUPTED_EXIT} when interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--check",
            type=int,
            action="append",
            metavar="ID",
            help="run this check, due or not; may be given more than once",
        )
        which.add_argument("--all-due", action="store_true", help="run all checks whose time has come")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, check: list[int] | None, all_due: bool, **options: Any) -> None:
        began = timezone.now()
        wanted = checks.ids_due(now=began) if check is None else _known(check)
        told = Told(wanted, Progress(behind(self.stderr), len(wanted)))
        if not options["json"] and not told.progress.terminal and len(wanted) <= SHOWN:
            told.each = self.stdout.write
        with _interruptible() as stopped:
            while _pass(told, early=check is not None, stopped=stopped):
                pass
        told.progress.end()
        result = told.result(began, interrupted=stopped())
        said = json.dumps(result, indent=2) if options["json"] else "\n".join(_in_words(result))
        self.stdout.write(said)
        if result["interrupted"]:
            raise SystemExit(INTERRUPTED_EXIT)
        if result["not_seen"] or result["not_looked_at"]:
            raise SystemExit(FAILED_EXIT)


class Told:
    """What was wanted, what has been looked at, and how it went."""

    def __init__(self, wanted: set[int], progress: Progress) -> None:
        self.wanted = wanted
        self.left = set(wanted)
        self.progress = progress
        self.each: Callable[[str], object] | None = None
        self.looks: Counter[tuple[str, str]] = Counter()
        self.not_seen: list[dict[str, Any]] = []

    def __call__(self, check: Claimed, run: CheckRun | None) -> None:
        """One look has ended; without a run another worker had taken the check over."""
        if run is None:
            return
        self.left.discard(check.pk)
        self.looks[check.kind, run.outcome] += 1
        self.progress.step(run.get_outcome_display())
        facts = {"check": check.pk, "kind": check.kind, "host": check.host}
        if run.outcome in NOT_SEEN:
            self.not_seen.append(facts | {"outcome": run.outcome, "reason": run.detail})
        if self.each is not None:
            self.each(_line(facts | {"outcome": run.outcome, "reason": run.detail}))

    def result(self, began: datetime, *, interrupted: bool) -> dict[str, Any]:
        """All that is told in the end, as JSON. `looks` is counts by kind and outcome."""
        elsewhere, not_looked_at = _left_out(self.left, began)
        looks: dict[str, dict[str, int]] = {}
        for (kind, outcome), number in sorted(self.looks.items()):
            looks.setdefault(kind, {})[outcome] = number
        return {
            "wanted": len(self.wanted),
            "looked_at": self.looks.total(),
            "looked_at_by_another_worker": elsewhere,
            "seconds": round(self.progress.seconds, 1),
            "looks": looks,
            "not_seen": self.not_seen,
            "not_looked_at": not_looked_at,
            "findings": brought(self.wanted - self.left, since=began),
            "interrupted": interrupted,
        }


def _known(ids: Collection[int]) -> set[int]:
    known = set(StatusCheck.objects.filter(pk__in=ids).values_list("pk", flat=True))
    unknown = sorted(set(ids) - known)
    if unknown:
        numbers = ", ".join(map(str, unknown))
        raise CommandError(
            ngettext("There is no check %(numbers)s.", "There are no checks %(numbers)s.", len(unknown))
            % {"numbers": numbers}
        )
    return known


def _pass(told: Told, *, early: bool, stopped: Callable[[], bool]) -> bool:
    """Look for as long as a worker does; whether another pass is worth it."""
    if not told.left or stopped():
        return False
    ids = set(told.left)
    return look_at_due(live=True, ids=ids, early=early, on_run=told, stopped=stopped) > 0


def _left_out(ids: Collection[int], began: datetime) -> tuple[int, list[dict[str, Any]]]:
    """Of the checks that were not looked at: how many another worker has seen to, and why for each of the rest."""
    elsewhere, reasons = 0, []
    closed = checks.hosts_that_wait(now=timezone.now())
    for check in StatusCheck.objects.filter(pk__in=ids).order_by("pk"):
        if check.last_run_at is not None and check.last_run_at >= began:
            elsewhere += 1
            continue
        facts: dict[str, Any] = {"check": check.pk, "kind": check.kind, "host": check.host}
        if check.state == CheckState.PAUSED:
            facts["reason"] = "paused"
        elif check.host in closed:
            facts |= {"reason": "host_asked_to_wait", "until": closed[check.host].isoformat()}
        else:
            facts["reason"] = "host_busy"
        reasons.append(facts)
    return elsewhere, reasons


def _line(facts: dict[str, Any]) -> str:
    reason = f"  {facts['reason']}" if facts["reason"] else ""
    return f"  check {facts['check']:<7} {facts['host']:<36} {Outcome(facts['outcome']).label}{reason}"


def _in_words(result: dict[str, Any]) -> Iterator[str]:
    """The summary: a table of kinds and outcomes, then each thing that a person may want to see to."""
    if not result["wanted"]:
        yield _("Nothing is due.")
        return
    if result["looks"]:
        yield from table(
            [str(CheckKind(kind).label) for kind in CheckKind.values if kind in result["looks"]],
            [str(one.label) for one in Outcome if any(one in looks for looks in result["looks"].values())],
            {
                (str(CheckKind(kind).label), str(Outcome(outcome).label)): number
                for kind, looks in result["looks"].items()
                for outcome, number in looks.items()
            },
        )
    if result["not_seen"]:
        yield ""
        yield _("Saw nothing:")
        yield from _first(result["not_seen"], _line)
    if result["not_looked_at"]:
        yield ""
        yield _("Not looked at:")
        yield from _first(result["not_looked_at"], _why_not)
    if result["looked_at_by_another_worker"]:
        yield ""
        yield ngettext(
            "%(number)s was looked at by another worker.",
            "%(number)s were looked at by another worker.",
            result["looked_at_by_another_worker"],
        ) % {"number": f"{result['looked_at_by_another_worker']:,}"}
    yield ""
    yield from _found(result["findings"])
    yield _("%(looks)s runs in %(time)s.") % {
        "looks": f"{result['looked_at']:,}",
        "time": duration(result["seconds"]),
    }
    if result["interrupted"]:
        yield _("Interrupted: what was not looked at stays due.")


def _found(counts: dict[str, int]) -> Iterator[str]:
    number = sum(counts.values())
    if not number:
        yield _("No new finding.")
        return
    kinds = ", ".join(f"{FindingKind(kind).label} {count:,}" for kind, count in counts.items())
    said = ngettext("%(number)s new finding: %(kinds)s.", "%(number)s new findings: %(kinds)s.", number)
    yield said % {"number": f"{number:,}", "kinds": kinds}


def _why_not(facts: dict[str, Any]) -> str:
    why = {
        "paused": _("it is paused"),
        "host_asked_to_wait": _("its host asked us to wait until %(moment)s UTC")
        % {"moment": facts.get("until", "")[:16].replace("T", " ")},
        "host_busy": _("its host is being asked by another worker"),
    }
    return f"  check {facts['check']:<7} {facts['host']:<36} {why[facts['reason']]}"


def _first(rows: list[dict[str, Any]], line: Callable[[dict[str, Any]], str]) -> Iterator[str]:
    yield from map(line, rows[:SHOWN])
    if len(rows) > SHOWN:
        yield "  " + and_more(len(rows) - SHOWN)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and `kill` are noted, not raised: what is being written is written, and what was claimed is given back."""
    noted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield noted.is_set
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            signal.signal(number, lambda *_: noted.set())
        yield noted.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
