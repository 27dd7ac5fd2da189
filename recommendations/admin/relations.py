"""How recommendations stand to each other: told and taken back, never edited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import relations
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import ReasonForm, StaffForm, chosen
from recommendations.models import Recommendation, Relation, User
from recommendations.vocabulary import RelationKind


class RelationForm(StaffForm):
    kind = forms.ChoiceField(label=_("This one"), choices=RelationKind.choices)
    other = chosen(Relation, "other", _("the recommendation"))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


RELATE = Deed(
    name="relate",
    label=_("Relate to another"),
    verb="relation.write",
    form=RelationForm,
    act=relations.add,
    done=_("The relation is told."),
    icon="hub",
)


def take_back(relation: Relation, *, by: User, now: Any, note: str) -> Recommendation:
    told_of = relation.recommendation
    relations.remove(relation, by=by, now=now, note=note)
    return told_of


@admin.register(Relation)
class RelationAdmin(NounAdmin):
    list_display = ("kind", shown.recommendation_of, "other", "note")
    list_filter = (("kind", ChoicesCheckboxFilter), ("recommendation", AutocompleteSelectFilter))
    list_select_related = ("recommendation", "other")
    search_fields = ("=recommendation__code", "=other__code")
    ordering = ("-id",)
    deeds = (
        Deed(
            name="remove",
            label=_("Take back"),
            verb="relation.write",
            question=_("The history keeps what it said."),
            form=ReasonForm,
            act=take_back,
            done=_("The relation is taken back."),
            icon="undo",
            danger=True,
            leads_to=lambda recommendation: recommendation,
        ),
    )
