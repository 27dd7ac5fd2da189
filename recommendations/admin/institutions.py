"""Institutions: one row a body, and merging two rows that are one body."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter

from recommendations.actions import institutions
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import LinesField, StaffForm, chosen
from recommendations.models import Institution
from recommendations.queries.institutions import named
from recommendations.queries.narrowing import addressed_to, within
from recommendations.queries.recommendations import listed


class InstitutionForm(ModelForm):
    aliases = LinesField(
        label=_("Also called"),
        required=False,
        help_text=_("Other spellings and names, one a line."),
    )

    class Meta:
        model = Institution
        fields = ("code", "name", "kind", "country", "parent", "aliases")


class MergeForm(StaffForm):
    into = chosen(Institution, "merged_into", _("Merge into"))

    def prepare(self) -> None:
        """What the page shows beforehand: how many rows name the one, and its names, which the other takes over."""
        self.named = named(self.row)
        self.names = [self.row.name, *self.row.aliases]


@admin.register(Institution)
class InstitutionAdmin(NounAdmin):
    few = True
    action = institutions
    public_page = "pages:institution"
    adds = changes = True
    fixed = ("code",)
    form = InstitutionForm
    fields = InstitutionForm.Meta.fields
    lead = "admin/tracker/institution.html"
    list_display = ("name", "kind", "country", "parent", "merged_into", "code")
    list_filter = (("kind", ChoicesCheckboxFilter),)
    list_select_related = ("parent", "merged_into")
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)
    deeds = (
        Deed(
            name="merge",
            label=_("Merge into another"),
            verb="institution.write",
            question=_("Nothing is lost, and nothing can take it back: look at what stays and what moves."),
            template="admin/tracker/merge.html",
            form=MergeForm,
            act=institutions.merge,
            done=_("The two are one body now."),
            possible=lambda row, person: row.merged_into_id is None,
            icon="merge",
        ),
    )

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"recommendations": within(listed(request.user), addressed_to(row)).order_by("code")[:200]}
