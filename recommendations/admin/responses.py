"""What addressees said. Recorded from a recommendation's page, read here."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import responses
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import StaffForm, chosen, day
from recommendations.models import Response
from recommendations.vocabulary import Precision, ResponseKind

SAID = [choice for choice in ResponseKind.choices if choice[0] != ResponseKind.NONE]


class ResponseForm(StaffForm):
    institution = chosen(Response, "institution", _("Who responded"))
    kind = forms.ChoiceField(
        label=_("What they said"),
        choices=SAID,
        widget=forms.RadioSelect,
        help_text=_("“Noted” is not “rejected”."),
    )
    stated_on = day(_("Stated on"))
    date_precision = forms.ChoiceField(label=_("Date known to the"), choices=Precision.choices)
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In our own words."),
    )
    evidence = chosen(Response, "evidence", _("Evidence"), required=False)


RECORD = Deed(
    name="respond",
    label=_("Record a response"),
    verb="response.write",
    form=ResponseForm,
    act=responses.record,
    done=_("The response is recorded."),
    icon="forum",
)


@admin.register(Response)
class ResponseAdmin(NounAdmin):
    list_display = (shown.stated_on, shown.recommendation_of, "institution", "kind", "recorded_by")
    list_filter = (
        ("kind", ChoicesCheckboxFilter),
        ("recommendation", AutocompleteSelectFilter),
        ("institution", AutocompleteSelectFilter),
    )
    list_select_related = ("recommendation", "institution", "recorded_by")
    search_fields = ("=recommendation__code",)
    ordering = ("-id",)
