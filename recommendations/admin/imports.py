"""Bringing in a file: upload, look at what would become of each row, apply.

What takes long is left to a worker: the page then says how far it has come, and can be left and returned to.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from recommendations.actions import import_works, imports
from recommendations.actions.refusals import Refused
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed, address
from recommendations.admin.forms import DayInput, StaffForm
from recommendations.admin.looks import nobody_takes_it
from recommendations.models import Import, ImportRow, ImportWork, User
from recommendations.queries import imports as queries
from recommendations.rules import imports as rules
from recommendations.vocabulary import ImportPhase, ImportState, RowOutcome

SHOWN = 100
"""Rows of each outcome on the page of an import; the list of rows has all."""


class ImportForm(ModelForm):
    # Unfold's script looks for what Unfold's own widget has around the field.
    file = forms.FileField(
        label=gettext_lazy("File"), allow_empty_file=True, widget=UnfoldAdminFileFieldWidget()
    )
    as_of = forms.DateField(
        label=gettext_lazy("Stands for"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy(
            "The day whose state the file tells. Empty: today, or what the file itself says."
        ),
    )

    class Meta:
        model = Import
        fields = ("file", "format", "source", "as_of")


def under_way(row: Import) -> bool:
    work = queries.work_of(row)
    return work is not None and not work.over


def can_be_applied(row: Import, person: User) -> bool:
    ready = row.state == ImportState.EXAMINED and not row.rows_refused and not under_way(row)
    return ready and import_works.is_applied_at_once(row)


def can_be_applied_later(row: Import, person: User) -> bool:
    ready = row.state == ImportState.EXAMINED and not row.rows_refused and not under_way(row)
    return ready and not import_works.is_applied_at_once(row)


def can_be_cancelled(row: Import, person: User) -> bool:
    return under_way(row)


ALL_OR_NOTHING = gettext_lazy(
    "All of it is done at once, or nothing. Statuses are proposed, and wait for somebody else to decide."
)


@admin.register(Import)
class ImportAdmin(NounAdmin):
    few = True
    action = imports
    adds = True
    form = ImportForm
    lead = "admin/tracker/import.html"
    autocomplete_fields = ("source",)
    list_display = (
        "filename",
        "state",
        "how_far",
        "examined_by",
        "examined_at",
        "format",
        "source",
        "as_of",
        "rows_new",
        "rows_changed",
        "rows_unchanged",
        "rows_refused",
        "rows_vanished",
    )
    list_select_related = ("source", "examined_by", "work")
    list_filter = (("state", ChoicesCheckboxFilter), ("format", ChoicesCheckboxFilter))
    search_fields = ("=sha256", "=source__code", "filename")
    ordering = ("-examined_at", "-id")
    deeds = (
        Deed(
            name="apply",
            label=gettext_lazy("Apply"),
            verb="import.write",
            question=ALL_OR_NOTHING,
            form=StaffForm,
            act=imports.apply,
            done=gettext_lazy("The file is imported."),
            possible=can_be_applied,
            icon="input",
            main=True,
        ),
        Deed(
            name="apply-later",
            label=gettext_lazy("Apply"),
            verb="import.write",
            question=ALL_OR_NOTHING,
            form=StaffForm,
            act=import_works.ask_to_apply,
            done=gettext_lazy("A worker applies the file. You can leave this page and come back."),
            possible=can_be_applied_later,
            icon="input",
            main=True,
        ),
        Deed(
            name="cancel",
            label=pgettext_lazy("import", "Cancel"),
            verb="import.write",
            question=gettext_lazy("What a worker was asked to do is called off, and nothing is imported."),
            form=StaffForm,
            act=import_works.cancel,
            done=gettext_lazy("It is called off."),
            possible=can_be_cancelled,
            icon="cancel",
            danger=True,
        ),
    )

    @display(description=gettext_lazy("how far"))
    def how_far(self, row: Import) -> str:
        work = queries.work_of(row)
        if work is None or work.over:
            return ""
        return f"{work.get_phase_display()}, {_percent(work)} %"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("file", "format", "source", "as_of")
        return ("format", "source", "filename", "sha256", "size", "as_of", "mapping_version", "evidence")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj is not None else ()

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Import:
        file = data["file"]
        if file.size > settings.IMPORT_BYTES:
            raise Refused("import_too_large", _("The file is larger than may be imported here."), "file")
        return import_works.bring(
            file.open("rb"),
            format=data["format"],
            filename=file.name,
            source=data["source"],
            as_of=data["as_of"],
            by=by,
            now=now,
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        own = [path("<path:object_id>/progress/", view, name="recommendations_import_progress")]
        return own + super().get_urls()

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The part of the page that changes."""
        row = self.get_object(request, unquote(object_id))
        if row is None or queries.work_of(row) is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        told = {"row": row} | _progress(row)
        return TemplateResponse(request, "admin/tracker/pieces/import_progress.html", told)

    def lead_context(self, request: HttpRequest, row: Import) -> dict[str, Any]:
        shown = [RowOutcome.REFUSED, RowOutcome.CHANGED, RowOutcome.NEW]
        return _progress(row) | {
            "is_judged": row.state in (ImportState.EXAMINED, ImportState.APPLIED),
            "stands_still": "still" in request.GET,
            "sections": [
                {
                    "outcome": outcome,
                    "number": getattr(row, f"rows_{outcome}"),
                    "rows": [_told(each) for each in row.rows.filter(outcome=outcome)[:SHOWN]],
                }
                for outcome in shown
            ],
            "limit": SHOWN,
            "brought": [
                (noun, code, each.get("name") or each["title"])
                for noun, rows in row.brings.items()
                for code, each in list(rows.items())[:SHOWN]
            ],
        }


def _percent(work: ImportWork) -> int:
    return rules.percent(work.task, work.phase, work.done, work.total)


def _progress(row: Import) -> dict[str, Any]:
    """What a worker was last asked to do with a file, and how far it has come; nothing where none was asked."""
    work = queries.work_of(row)
    if work is None:
        return {"work": None}
    waits = work.phase == ImportPhase.WAITING
    before = queries.before(work) if waits else 0
    return {
        "work": work,
        "percent": _percent(work),
        "before": before,
        "progress_url": address(row, "progress"),
        "nobody_takes_it": waits and not before and nobody_takes_it(work.asked_at, now=timezone.now()),
    }


def _told(row: ImportRow) -> dict[str, Any]:
    return {
        "row": row,
        "changes": [(name, *sides) for name, sides in row.changes.items()],
        "kept": [(name, *sides) for name, sides in row.kept.items()],
        "problems": [(each["column"], each["value"], rules.of_row(each["rule"])) for each in row.problems],
    }


@admin.register(ImportRow)
class ImportRowAdmin(NounAdmin):
    list_display = ("line", "code", "outcome", "told", "batch")
    list_select_related = ("batch",)
    list_filter = (("batch", AutocompleteSelectFilter), ("outcome", ChoicesCheckboxFilter))
    search_fields = ("=code", "=key")
    ordering = ("-batch_id", "-line")  # as one index has them, from its end
    fields = ("batch", "line", "key", "code", "outcome", "said", "changes", "kept", "problems")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Of one import as its file has them, of all the newest first."""
        return ("line",) if "batch__id__exact" in request.GET else self.ordering

    @display(description=gettext_lazy("what happens"))
    def told(self, row: ImportRow) -> Any:
        said = [f"{each['column']}: {rules.of_row(each['rule'])}" for each in row.problems]
        return format_html_join("; ", "{}", [(each,) for each in said or row.changes])
