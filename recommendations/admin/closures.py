"""Closing and reopening, from a recommendation's page; the list of closures is read here."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import closures
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import ReasonForm, StaffForm, Words, day
from recommendations.models import Closure
from recommendations.vocabulary import ClosureReason


class ClosureForm(StaffForm):
    reason = forms.ChoiceField(label=_("Closed as"), choices=ClosureReason.choices, widget=forms.RadioSelect)
    review_on = day(
        _("Looked at again on"),
        required=False,
        help_text=_(
            "Needed unless it was implemented or met by other means. On that day it reopens by itself."
        ),
    )
    note = Words(label=_("Why"))


CLOSE = Deed(
    name="close",
    label=_("Close"),
    verb="recommendation.close",
    question=_("Closing changes no status: it says that nobody expects more."),
    form=ClosureForm,
    act=closures.close,
    done=_("It is closed."),
    possible=lambda row, person: not row.closure_reason,
    icon="lock",
)
REOPEN = Deed(
    name="reopen",
    label=_("Reopen"),
    verb="recommendation.reopen",
    form=ReasonForm,
    act=closures.reopen,
    done=_("It is open again."),
    possible=lambda row, person: bool(row.closure_reason),
    icon="lock_open",
)


@admin.register(Closure)
class ClosureAdmin(NounAdmin):
    list_display = ("closed_at", shown.recommendation_of, "reason", "review_on", "closed_by", "reopened_at")
    list_filter = (("reason", ChoicesCheckboxFilter), ("recommendation", AutocompleteSelectFilter))
    list_select_related = ("recommendation", "closed_by")
    search_fields = ("=recommendation__code",)
    ordering = ("-id",)
