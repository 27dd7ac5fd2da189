"""Bringing in a file: upload, look at what would become of each row, apply."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter
from unfold.decorators import display

from recommendations.actions import imports
from recommendations.actions.refusals import Refused
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import DayInput, StaffForm
from recommendations.models import Import, ImportRow, User
from recommendations.rules import imports as rules
from recommendations.vocabulary import ImportState, RowOutcome

SHOWN = 100
"""Rows of each outcome on the page of an import; the list of rows has all."""


class ImportForm(ModelForm):
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)
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


def can_be_applied(row: Import, person: User) -> bool:
    return row.state == ImportState.EXAMINED and not row.rows_refused


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
        "format",
        "source",
        "as_of",
        "state",
        "rows_new",
        "rows_changed",
        "rows_unchanged",
        "rows_refused",
        "rows_vanished",
        "examined_by",
        "examined_at",
    )
    list_select_related = ("source", "examined_by")
    list_filter = (("state", ChoicesCheckboxFilter), ("format", ChoicesCheckboxFilter))
    search_fields = ("=sha256", "=source__code", "filename")
    ordering = ("-examined_at", "-id")
    deeds = (
        Deed(
            name="apply",
            label=gettext_lazy("Apply"),
            verb="import.write",
            question=gettext_lazy(
                "All of it is done at once, or nothing. Statuses are proposed, and wait for somebody else to decide."
            ),
            form=StaffForm,
            act=imports.apply,
            done=gettext_lazy("The file is imported."),
            possible=can_be_applied,
            icon="input",
            main=True,
        ),
    )

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
        return imports.examine(
            file.open("rb"),
            format=data["format"],
            filename=file.name,
            source=data["source"],
            as_of=data["as_of"],
            most_rows=settings.IMPORT_ROWS,
            by=by,
            now=now,
        )

    def lead_context(self, request: HttpRequest, row: Import) -> dict[str, Any]:
        shown = [RowOutcome.REFUSED, RowOutcome.CHANGED, RowOutcome.NEW]
        return {
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
    ordering = ("-batch", "line")
    fields = ("batch", "line", "key", "code", "outcome", "said", "changes", "kept", "problems")

    @display(description=gettext_lazy("what happens"))
    def told(self, row: ImportRow) -> Any:
        said = [f"{each['column']}: {rules.of_row(each['rule'])}" for each in row.problems]
        return format_html_join("; ", "{}", [(each,) for each in said or row.changes])
