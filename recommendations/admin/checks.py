"""Status checks and their looks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter
from unfold.decorators import display

from recommendations.actions import checks
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import StaffForm
from recommendations.fetching.adapters import kind_of
from recommendations.models import CheckRun, StatusCheck, User
from recommendations.vocabulary import CheckState

STRIP = 40
"""Looks shown as a strip on a check's page."""


def pause(check: StatusCheck, *, by: User, now: Any) -> StatusCheck:
    return checks.change(check, by=by, now=now, state=CheckState.PAUSED)


def activate(check: StatusCheck, *, by: User, now: Any) -> StatusCheck:
    return checks.change(check, by=by, now=now, state=CheckState.ACTIVE)


@admin.register(StatusCheck)
class StatusCheckAdmin(NounAdmin):
    action = checks
    adds = changes = True
    fixed = ("kind", "evidence", "recommendation", "indicator")
    fields = ("kind", "evidence", "recommendation", "indicator", "every", "config")
    lead = "admin/tracker/check.html"
    list_display = (
        "id",
        "host",
        "watched",
        "state",
        "last_outcome",
        shown.last_run_at,
        shown.next_due_at,
    )
    list_display_links = ("id", "host")
    list_filter = (
        ("state", ChoicesCheckboxFilter),
        ("last_outcome", ChoicesCheckboxFilter),
        ("kind", ChoicesCheckboxFilter),
        ("evidence", AutocompleteSelectFilter),
        ("recommendation", AutocompleteSelectFilter),
        ("indicator", AutocompleteSelectFilter),
    )
    list_select_related = ("evidence", "recommendation", "indicator")
    search_fields = ("=host", "=evidence__code", "=recommendation__code", "=indicator__code")
    search_help_text = _("The whole host, such as www.gao.gov")
    ordering = ("id",)
    autocomplete_fields = ("evidence", "recommendation", "indicator")
    deeds = (
        Deed(
            name="run",
            label=_("Run now"),
            verb="check.run",
            question=_(
                "A worker looks at the address within a minute, even while scheduled checks are switched off."
            ),
            form=StaffForm,
            act=checks.request_run,
            done=_("The look is asked for. Come back in a minute."),
            possible=lambda row, person: row.state != CheckState.PAUSED,
            icon="play_arrow",
            main=True,
        ),
        Deed(
            name="pause",
            label=_("Pause"),
            verb="check.write",
            form=StaffForm,
            act=pause,
            done=_("The check is paused."),
            possible=lambda row, person: row.state != CheckState.PAUSED,
            icon="pause",
        ),
        Deed(
            name="activate",
            label=_("Make active"),
            verb="check.write",
            form=StaffForm,
            act=activate,
            done=_("The check is active."),
            possible=lambda row, person: row.state == CheckState.PAUSED,
            icon="resume",
        ),
    )

    @display(description=_("watches"))
    def watched(self, check: StatusCheck) -> str:
        if check.evidence is not None:
            return check.evidence.title
        return str(check.recommendation or check.indicator or shown.DASH)

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        runs = list(row.runs.select_related("requested_by").order_by("-due_at", "-id")[:STRIP])
        return {
            "runs": runs,
            "strip": runs[::-1],
            "findings": row.findings.order_by("-last_seen_at", "-id")[:20],
            "url": row.evidence.document.url if row.evidence else kind_of(row.kind).address(row.config),
        }


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
    list_filter = (("outcome", ChoicesCheckboxFilter),)
    list_select_related = ("status_check", "requested_by")
    search_fields = ("=status_check__host",)
    ordering = ("-id",)
