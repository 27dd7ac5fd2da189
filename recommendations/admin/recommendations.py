"""Recommendations: what was asked, what has come of it, and everything that can be done about one."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesCheckboxFilter,
    RadioFilter,
)
from unfold.decorators import display

from recommendations.actions import recommendations
from recommendations.actions.recommendations import Asked
from recommendations.admin import exports, saved_views, shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.closures import CLOSE, REOPEN
from recommendations.admin.deadlines import MOVE
from recommendations.admin.forms import several
from recommendations.admin.proposing import PROPOSE
from recommendations.admin.relations import RELATE
from recommendations.admin.responses import RECORD
from recommendations.models import Addressee, Institution, Recommendation, Theme, User
from recommendations.queries import ledgers, waiting
from recommendations.queries.assessments import trail
from recommendations.queries.evidence import links_of
from recommendations.queries.indicators import of_recommendations
from recommendations.queries.narrowing import groups_of, within
from recommendations.queries.recommendations import Asked as Wanted
from recommendations.queries.recommendations import listed, matching, present
from recommendations.queries.relations import related_to
from recommendations.queries.search import matching as found
from recommendations.vocabulary import Visibility

STANDINGS = {
    "open": Wanted(open=True),
    "closed": Wanted(open=False),
    "overdue": Wanted(overdue=True),
    "stale": Wanted(stale=True),
}


class RecommendationForm(ModelForm):
    asked = several(Addressee, "institution", _("Addressees"), help_text=_("Who is asked."))

    class Meta:
        model = Recommendation
        fields = (
            "source",
            "code",
            "parent",
            "title",
            "summary",
            "themes",
            "group",
            "locator",
            "explicit",
            "priority",
            "visibility",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["asked"] = [body.pk for body in self.instance.addressees.all()]

    def clean_asked(self) -> list[Asked]:
        """As the action takes them; who was asked before keeps the document's wording and its place."""
        bodies = list(self.cleaned_data["asked"])
        before = (
            {each.institution_id: each for each in self.instance.addressee_set.all()}
            if self.instance.pk
            else {}
        )
        bodies.sort(key=lambda body: before[body.pk].position if body.pk in before else len(before))
        return [Asked(body, before[body.pk].wording if body.pk in before else "") for body in bodies]


class StandingFilter(RadioFilter):
    """Open, closed, overdue or stale: worked out, as everywhere, by queries/recommendations.py."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("Open")),
            ("closed", _("Closed")),
            ("overdue", _("Overdue")),
            ("stale", _("Stale")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
        wanted = STANDINGS.get(self.value() or "")
        return matching(queryset, wanted, None, now=timezone.now()) if wanted else queryset


class GroupFilter(AutocompleteSelectFilter):
    """A theme with those below it, or an institution under whichever name it was merged: as in the API, by an index."""

    finds_each_once = True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        number = str(self.value() or "")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            return super().queryset(request, queryset)
        row = self.field.related_model._default_manager.filter(pk=number).first()
        name = {Theme: "theme", Institution: "addressee"}[self.field.related_model]
        return within(queryset, *groups_of({name: row})) if row is not None else queryset.none()


@admin.register(Recommendation)
class RecommendationAdmin(NounAdmin):
    action = recommendations
    public_page = "pages:recommendation"
    adds = changes = True
    fixed = ("source", "code", "parent")
    form = RecommendationForm
    fields = (*RecommendationForm.Meta.fields[:5], "asked", *RecommendationForm.Meta.fields[5:])
    lead = "admin/tracker/recommendation.html"
    list_display = (
        "code",
        "title",
        shown.status_of,
        shown.status_since,
        shown.response,
        shown.due_on,
        "standing",
    )
    list_display_links = ("code", "title")
    list_filter = (
        ("status", ChoicesCheckboxFilter),
        StandingFilter,
        ("source", AutocompleteSelectFilter),
        ("themes", GroupFilter),
        ("addressees", GroupFilter),
        ("response", ChoicesCheckboxFilter),
        ("contested", BooleanRadioFilter),
        ("priority", BooleanRadioFilter),
    )
    search_fields = ("code",)
    search_help_text = _("Words of the title or summary, or the beginning of a code")
    ordering = ("code",)
    autocomplete_fields = ("source", "parent", "themes")
    deeds = (PROPOSE, RECORD, MOVE, CLOSE, REOPEN, RELATE)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<str:ending>/", view, name="recommendations_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        return exports.file(self, request, ending)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, with links to files of what it shows."""
        narrowed = saved_views.kept(request)
        files = [
            (name, f"{reverse('admin:recommendations_export', args=[ending])}?{narrowed}")
            for ending, (name, _kind, _pieces) in exports.FORMATS.items()
        ]
        return super().changelist_view(request, {"exports": files} | (extra_context or {}))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the beginning of a code, or by the words of the full-text search; both have an index."""
        if not search_term.strip():
            return queryset, False
        by_code = queryset.filter(code__startswith=search_term.strip().upper())
        return (by_code if by_code.exists() else found(queryset, search_term)), False

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Recommendation:
        source, addressees = data.pop("source"), data.pop("asked")
        return recommendations.create(source, addressees=addressees, by=by, now=now, **data)

    def change(self, row: Any, changes: dict[str, Any], *, by: User, now: Any) -> Recommendation:
        if "asked" in changes:
            changes["addressees"] = changes.pop("asked")
        return recommendations.change(row, by=by, now=now, **changes)

    @display(description=_("standing"))
    def standing(self, row: Recommendation) -> str:
        """Only what is out of the ordinary: a column of crosses for "no" hides the one "yes"."""
        now = present(row, now=timezone.now())
        said = (
            (bool(row.priority), _("priority")),
            (now.contested, _("contested")),
            (now.overdue, _("overdue")),
            (now.stale, _("stale")),
            (not now.open, _("closed")),
            (row.visibility == Visibility.INTERNAL, _("internal")),
        )
        return ", ".join(str(word) for holds, word in said if holds) or shown.DASH

    @display(description=_("addressees"))
    def asked(self, row: Recommendation) -> str:
        """For who may only read; the form has a field of this name."""
        return "; ".join(str(body) for body in row.addressees.all()) or shown.DASH

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        parts = list(listed(request.user).filter(parent=row).order_by("code"))
        family = [row.pk, *(part.pk for part in parts)]
        return {
            "trail": trail(row),
            "headline": present(row, now=timezone.now()),
            "waiting": list(waiting.proposals().filter(recommendation=row)),
            "parts": parts,
            "asked": row.addressee_set.select_related("institution"),
            "links": list(links_of(family, request.user)),
            "responses": ledgers.responses(row, request.user),
            "deadlines": ledgers.deadlines(row, request.user),
            "closures": ledgers.closures(row, request.user),
            "relations": related_to(row, request.user),
            "indicators": of_recommendations(family, request.user),
            "assessments": row.assessments.select_related("proposed_by", "decided_by", "verdict_institution"),
        }
