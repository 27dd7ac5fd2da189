"""The looks of a check: as a strip, as a list, and while one is under way."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesCheckboxFilter

from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.fetching import diffs
from recommendations.models import CheckRun, Snapshot, StatusCheck
from recommendations.queries.checks import ended_within
from recommendations.vocabulary import Outcome

STRIP = 60
"""Looks shown as a strip on a check's page."""

TAKEN_WITHIN = timedelta(minutes=1)
"""Workers look for what is due every few seconds."""

LONGEST_SHOWN = 200
"""Characters of one thing that a check remembers."""


@dataclass(frozen=True)
class Strip:
    """The last looks, the newest first, and how many of them ended how."""

    runs: list[CheckRun]
    legend: list[tuple[str, str, int]]

    @property
    def oldest_first(self) -> list[CheckRun]:
        return self.runs[::-1]

    @property
    def summary(self) -> str:
        """What the strip shows, for who cannot see it."""
        counts = ", ".join(f"{label} {number}" for _outcome, label, number in self.legend)
        said = ngettext(
            "One run: %(last)s.",
            "The last %(number)d runs, the oldest first: %(counts)s. The last one: %(last)s.",
            len(self.runs),
        )
        last = self.runs[0].get_outcome_display()
        return said % {"number": len(self.runs), "counts": counts, "last": last}


def strip(check: StatusCheck) -> Strip:
    runs = list(check.runs.select_related("requested_by").order_by("-due_at", "-id")[:STRIP])
    counts = Counter(run.outcome for run in runs)
    return Strip(runs, [(each.value, str(each.label), counts[each]) for each in Outcome if counts[each]])


@dataclass(frozen=True)
class Change:
    """The last change of the text that was seen."""

    before: Snapshot
    after: Snapshot
    difference: list[diffs.Segment]


def last_change(check: StatusCheck) -> Change | None:
    """Between the text that the last looks saw and the one seen before it; None where there are no two, or one of
    them is not kept any more."""
    seen = check.runs.filter(snapshot__isnull=False).select_related("snapshot").order_by("-due_at", "-id")
    last = seen.first()
    before = seen.exclude(snapshot=last.snapshot).first() if last is not None else None
    if last is None or before is None or last.snapshot is None or before.snapshot is None:
        return None
    if last.snapshot.text is None or before.snapshot.text is None:
        return None
    difference = diffs.compare(before.snapshot.text, last.snapshot.text)
    return Change(before.snapshot, last.snapshot, difference)


def remembered(check: StatusCheck) -> list[tuple[str, str]]:
    """What a check holds from its last look, as (name, words); what is long is cut."""
    return [(name.replace("_", " "), _cut(value)) for name, value in sorted(check.memory.items())]


def _cut(value: Any) -> str:
    if isinstance(value, list | dict):
        return _("%(number)d entries") % {"number": len(value)}
    said = str(value)
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"


class WithinFilter(admin.SimpleListFilter):
    title = gettext_lazy("ended within")
    parameter_name = "within"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("the last 24 hours")), ("7", _("the last 7 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[CheckRun]) -> QuerySet[CheckRun]:
        days = self.value()
        return ended_within(queryset, int(days), now=timezone.now()) if days in ("1", "7") else queryset


@dataclass(frozen=True)
class Awaited:
    """A look that somebody asked for, or that a worker is at. `stalled`: nobody has taken it for too long."""

    looking: bool
    asked_at: datetime | None
    stalled: bool


def awaited(check: StatusCheck, *, now: datetime) -> Awaited | None:
    """None when nobody waits for a look."""
    looking = check.leased_until is not None and check.leased_until > now
    if check.requested_at is None and not looking:
        return None
    return Awaited(looking, check.requested_at, not looking and nobody_takes_it(check.requested_at, now=now))


def nobody_takes_it(asked_at: datetime | None, *, now: datetime) -> bool:
    """Whether it was asked for so long ago that no worker seems to be at work."""
    return asked_at is not None and now - asked_at > TAKEN_WITHIN


@admin.register(CheckRun)
class CheckRunAdmin(NounAdmin):
    list_display = (
        shown.finished_at,
        "status_check",
        "outcome",
        "http_status",
        "elapsed_ms",
        "size",
        "requested_by",
    )
    list_filter = (("outcome", ChoicesCheckboxFilter), WithinFilter)
    list_select_related = ("status_check", "requested_by")
    search_fields = ("=status_check__host",)
    ordering = ("-id",)
