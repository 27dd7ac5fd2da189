"""Indicators and their values. Values are added, never edited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import indicators
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import LinesField, StaffForm, day
from recommendations.models import Indicator, Observation, User
from recommendations.vocabulary import ObservationRole


class ObserveForm(StaffForm):
    role = forms.ChoiceField(
        label=_("Role"), choices=ObservationRole.choices, initial=ObservationRole.OBSERVATION
    )
    period = forms.CharField(
        label=_("Period"), max_length=200, help_text=_("As given, such as 2019 or FY2010-FY2018.")
    )
    period_from = day(_("From"), required=False)
    period_to = day(_("To"), required=False)
    value = forms.DecimalField(label=_("Value"), required=False, max_digits=24, decimal_places=6)
    value_text = forms.CharField(
        label=_("Value as words"), required=False, max_length=300, help_text=_("Where it is not one number.")
    )
    seen_at = forms.URLField(label=_("Seen at"), required=False, assume_scheme="https")
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        self.fields["value"].help_text = format_html(
            str(_("In {unit}. Empty means not known, never zero.")), unit=shown.in_its_language(self.row.unit)
        )


class IndicatorForm(ModelForm):
    sources = LinesField(label=_("Addresses of the series"), required=False, help_text=_("One a line."))

    class Meta:
        model = Indicator
        fields = ("code", "name", "unit", "direction", "recommendations", "sources", "note")


@admin.register(Indicator)
class IndicatorAdmin(NounAdmin):
    few = True
    action = indicators
    public_page = "pages:indicator"
    adds = changes = True
    fixed = ("code",)
    form = IndicatorForm
    fields = IndicatorForm.Meta.fields
    lead = "admin/tracker/indicator.html"
    list_display = ("code", "name", "unit", "direction")
    list_display_links = ("code", "name")
    list_filter = (("direction", ChoicesCheckboxFilter), ("recommendations", AutocompleteSelectFilter))
    search_fields = ("code", "name")
    autocomplete_fields = ("recommendations",)
    deeds = (
        Deed(
            name="observe",
            label=_("Record a value"),
            verb="observation.write",
            form=ObserveForm,
            act=indicators.observe,
            done=_("The value is recorded."),
            icon="add_chart",
            main=True,
        ),
    )

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Indicator:
        measured = list(data.pop("recommendations"))
        return indicators.create(recommendations=measured, by=by, now=now, **data)

    def change(self, row: Any, changes: dict[str, Any], *, by: User, now: Any) -> Indicator:
        if "recommendations" in changes:
            changes["recommendations"] = list(changes["recommendations"])
        return indicators.change(row, by=by, now=now, **changes)

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "observations": row.observations.select_related("recorded_by").order_by(
                "role", "period_from", "id"
            )
        }


@admin.register(Observation)
class ObservationAdmin(NounAdmin):
    list_display = ("indicator", "role", "period", shown.value, "verified")
    list_filter = (("role", ChoicesCheckboxFilter), ("indicator", AutocompleteSelectFilter))
    list_select_related = ("indicator",)
    search_fields = ("=indicator__code", "period")
    ordering = ("-id",)
    autocomplete_fields = ("indicator",)
