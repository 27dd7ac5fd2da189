"""Evidence, the documents it was found in, and how it bears on recommendations."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter, ChoicesCheckboxFilter
from unfold.decorators import display

from recommendations.actions import documents
from recommendations.actions import evidence as action
from recommendations.actions.evidence import Bearing
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import ReasonForm, StaffForm, chosen, several
from recommendations.models import Document, Evidence, EvidenceLink, Finding, Snapshot, User
from recommendations.vocabulary import Stance

SAID = ("title", "finding", "kind", "occurred_on", "date_precision", "verified", "caution", "visibility")
"""What is said of a document, by whoever files it or corrects it."""


class EvidenceForm(ModelForm):
    class Meta:
        model = Evidence
        fields = SAID


class FilingForm(EvidenceForm):
    """A new piece of evidence, with where it is written and what it bears on."""

    url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text=_("A known address joins the document that is already there."),
    )
    publisher = chosen(Document, "publisher", _("Publisher"), required=False)
    bears_on = several(EvidenceLink, "recommendation", _("Bears on"), required=False)
    stance = forms.ChoiceField(label=_("How"), choices=Stance.choices, initial=Stance.SUPPORTS)


class LinkForm(StaffForm):
    recommendation = chosen(EvidenceLink, "recommendation", _("Bears on"))
    stance = forms.ChoiceField(label=_("How"), choices=Stance.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


def link(row: Evidence, *, by: User, now: Any, **said: Any) -> EvidenceLink:
    return action.link(row, Bearing(**said), by=by, now=now)


def unlink(row: EvidenceLink, *, by: User, now: Any, note: str) -> Evidence:
    about = row.evidence
    action.unlink(row, by=by, now=now, note=note)
    return about


@admin.register(Evidence)
class EvidenceAdmin(NounAdmin):
    action = action
    adds = changes = whole = True
    form = EvidenceForm
    lead = "admin/tracker/evidence.html"
    list_display = ("title", shown.occurred_on, "kind", shown.marks, "code")
    list_filter = (
        ("kind", ChoicesCheckboxFilter),
        ("verified", BooleanRadioFilter),
        ("recommendations", AutocompleteSelectFilter),
        ("document__publisher", AutocompleteSelectFilter),
    )
    search_fields = ("^code", "title")
    search_help_text = _("The beginnings of words of the title, or of a code")
    ordering = ("-occurred_on", "-id")
    deeds = (
        Deed(
            name="link",
            label=_("Link to a recommendation"),
            verb="evidence.write",
            form=LinkForm,
            act=link,
            done=_("The link is told."),
            icon="add_link",
            main=True,
        ),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = FilingForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return SAID if obj is not None else ("url", *SAID, "publisher", "bears_on", "stance")

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Evidence:
        stance = data.pop("stance")
        bears_on = [Bearing(recommendation, stance) for recommendation in data.pop("bears_on")]
        return action.file(bears_on=bears_on, by=by, now=now, **data)

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "links": row.links.select_related("recommendation"),
            "citations": row.citations.select_related("assessment__recommendation"),
            "checks": row.checks.all(),
            "document": row.document,
        }


@admin.register(EvidenceLink)
class EvidenceLinkAdmin(NounAdmin):
    list_display = ("evidence", shown.recommendation_of, "stance", "timing")
    list_filter = (("stance", ChoicesCheckboxFilter), ("recommendation", AutocompleteSelectFilter))
    list_select_related = ("evidence", "recommendation")
    search_fields = ("=recommendation__code", "=evidence__code")
    ordering = ("-id",)
    deeds = (
        Deed(
            name="unlink",
            label=_("Take back"),
            verb="evidence.write",
            question=_("The history keeps what it said. Verdicts that cite the evidence stay as they are."),
            form=ReasonForm,
            act=unlink,
            done=_("The link is taken back."),
            icon="link_off",
            danger=True,
            leads_to=lambda about: about,
        ),
    )


@admin.register(Document)
class DocumentAdmin(NounAdmin):
    action = documents
    changes = whole = True
    fixed = ("code", "url")
    fields = ("code", "title", "publisher", "publisher_wording", "via", "url", "url_confirmed")
    autocomplete_fields = ("publisher", "via")
    list_display = ("title", "publisher", "url", "url_confirmed", "code")
    list_filter = (("url_confirmed", BooleanRadioFilter), ("publisher", AutocompleteSelectFilter))
    list_select_related = ("publisher",)
    search_fields = ("^code", "title")
    search_help_text = _(
        "The beginnings of words of the title, parts of the address, or the beginning of a code"
    )
    ordering = ("code",)
    lead = "admin/tracker/document.html"

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "found": row.evidence_set.order_by("-occurred_on"),
            "snapshots": row.snapshots.defer("text")[:50],
        }


@admin.register(Snapshot)
class SnapshotAdmin(NounAdmin):
    list_display = ("taken_at", "document", "content_type", "size", "short_hash")
    list_select_related = ("document",)
    search_fields = ("=document__code", "=text_hash")
    ordering = ("-id",)
    lead = "admin/tracker/snapshot.html"
    fields = ("document", "taken_at", "final_url", "content_type", "size", "text_hash", "raw_hash")

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "snapshot": row,
            "raw_copies": row.raw_copies.defer("body"),
            "shown_in": Finding.objects.filter(Q(before=row) | Q(after=row)).order_by("-id")[:20],
        }

    def get_queryset(self, request: HttpRequest) -> Any:
        """Texts are long: a list does without them, and the page of one fetches its own."""
        return super().get_queryset(request).defer("text")

    @display(description=_("hash of the text"))
    def short_hash(self, row: Snapshot) -> str:
        return row.text_hash[:12]
