"""Looks at many checks that somebody asked for at once: how far they have come, to be left and returned to."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import address
from recommendations.admin.looks import nobody_takes_it
from recommendations.models import Refresh
from recommendations.queries import refreshes
from recommendations.vocabulary import Outcome

SHOWN = 50


@admin.register(Refresh)
class RefreshAdmin(NounAdmin):
    few = True
    list_per_page = 20
    lead = "admin/tracker/refresh.html"
    fields = ("asked_by", "asked_at")
    list_display = ("asked", "asked_by", "how_far", "saw_nothing")
    list_select_related = ("asked_by",)
    ordering = ("-id",)

    @display(description=_("asked at"), ordering="id")
    def asked(self, refresh: Refresh) -> str:
        return shown.short(refresh.asked_at)

    @display(description=_("looked at"))
    def how_far(self, refresh: Refresh) -> SafeString:
        """A bar beside its words, which alone are read out."""
        told: refreshes.Progress = refresh.progress  # type: ignore[attr-defined] # see get_changelist_instance
        said = _("%(done)d of %(total)d") if told.over else _("%(done)d of %(total)d, under way")
        return format_html(
            '<progress max="100" value="{}" aria-hidden="true"></progress> <span class="nowrap">{}</span>',
            told.percent,
            said % {"done": told.done, "total": told.total},
        )

    @display(description=_("saw nothing"))
    def saw_nothing(self, refresh: Refresh) -> int | str:
        told: refreshes.Progress = refresh.progress  # type: ignore[attr-defined] # see get_changelist_instance
        return sum(told.by_outcome.get(each, 0) for each in refreshes.NOT_SEEN) or shown.DASH

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Django's list, with how far each of its rows has come: one statement."""
        listed = super().get_changelist_instance(request)
        rows = list(listed.result_list)
        told = refreshes.progresses(rows, now=timezone.now())
        for row in rows:
            row.progress = told[row.pk]
        listed.result_list = rows
        return listed

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        own = [path("<path:object_id>/progress/", view, name="recommendations_refresh_progress")]
        return own + super().get_urls()

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The part of the page that changes."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return TemplateResponse(
            request, "admin/tracker/pieces/refresh_progress.html", self.lead_context(request, row)
        )

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        now = timezone.now()
        progress = refreshes.progress(row, now=now)
        stalled = not progress.over and not progress.looking and not progress.done
        return {
            "row": row,
            "progress": progress,
            "outcomes": [
                (outcome, Outcome(outcome).label, number) for outcome, number in progress.by_outcome.items()
            ],
            "not_seen": refreshes.not_seen(row, limit=SHOWN),
            "brought": refreshes.findings(row, limit=SHOWN),
            "progress_url": address(row, "progress"),
            "nobody_takes_it": stalled and nobody_takes_it(row.asked_at, now=now),
        }
