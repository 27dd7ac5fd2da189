"""Sources, and the numbers they state."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import figures, sources
from recommendations.admin import reports, shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import address
from recommendations.admin.forms import LinesField
from recommendations.models import Figure, Recommendation, Source


class SourceForm(ModelForm):
    authors = LinesField(label=_("Authors"), required=False, help_text=_("One a line."))

    url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
    )

    class Meta:
        model = Source
        fields = (
            "code",
            "title",
            "kind",
            "publisher",
            "publisher_wording",
            "authors",
            "author_note",
            "series",
            "published_on",
            "date_precision",
            "date_label",
            "date_note",
            "url",
            "url_confirmed",
            "language",
            "visibility",
            "note",
        )


@admin.register(Source)
class SourceAdmin(NounAdmin):
    few = True
    action = sources
    public_page = "pages:source"
    adds = changes = True
    fixed = ("code",)
    form = SourceForm
    fields = SourceForm.Meta.fields
    lead = "admin/tracker/source.html"
    list_display = ("code", "title", "kind", shown.published_on, "publisher", "visibility")
    list_display_links = ("code", "title")
    list_filter = (("kind", ChoicesCheckboxFilter), ("publisher", AutocompleteSelectFilter))
    list_select_related = ("publisher",)
    search_fields = ("^code", "title")
    search_help_text = _("The beginnings of words of the title, or of a code")
    ordering = ("published_on", "id")
    autocomplete_fields = ("publisher",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.report_view)
        return [
            path("<path:object_id>/report/", view, name="recommendations_source_report"),
            *super().get_urls(),
        ]

    def report_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return reports.page(request, row, self.admin_site.each_context(request))

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        whole = Recommendation.objects.filter(source=row, parent__isnull=True).order_by("code")
        return {"recommendations": whole[:200], "report": address(row, "report")}


@admin.register(Figure)
class FigureAdmin(NounAdmin):
    few = True
    action = figures
    adds = changes = True
    fixed = ("code",)
    fields = (
        "code",
        "kind",
        "source",
        "evidence",
        "measure",
        "description",
        "locator",
        "value",
        "unit",
        "period",
        "approximate",
        "bound",
        "usable",
        "seen_at",
        "note",
    )
    list_display = ("code", "measure", "kind", shown.value, "unit", "period", "source")
    list_filter = (("kind", ChoicesCheckboxFilter), ("source", AutocompleteSelectFilter))
    list_select_related = ("source",)
    search_fields = ("code", "measure")
    ordering = ("-id",)
    autocomplete_fields = ("source", "evidence")
