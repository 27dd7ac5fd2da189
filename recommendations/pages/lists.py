"""All recommendations: filters, full-text search, and pages that go on from the last code shown."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.models import Recommendation
from recommendations.pages import refusals, shown
from recommendations.pages.moments import MomentForm
from recommendations.queries import institutions, recommendations, search, sources, themes
from recommendations.queries.recommendations import Asked
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status

PAGE = 60
LEVELS = {"": _("Whole recommendations"), "part": _("Parts"), "all": _("Both")}


class ListForm(MomentForm):
    """The filters, each with a choice "any"; the moment as on every page."""

    field_order = ["q", "source", "theme", "addressee", "status", "level", "as_of", "known_at"]
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    source = forms.ChoiceField(label=_("Document"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    addressee = forms.ChoiceField(label=_("Asked of"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *Status.choices])
    level = forms.ChoiceField(label=_("Show"), required=False, choices=list(LEVELS.items()))
    after = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *args: Any, **kwargs: Any) -> None:
        named = str(data.get("addressee", ""))
        heir = institutions.heir_of(named, None) if named else None
        if heir is not None:  # links that name a merged body still lead to what is asked of it
            data = data.copy()
            data["addressee"] = heir.code
        super().__init__(data, *args, **kwargs)
        any_ = [("", _("Any"))]
        for name, found in {
            "source": [(row.code, row.title) for row in sources.listed(None)],
            "theme": [(row.code, row.name) for row in themes.used(None)],
            "addressee": [(row.code, row.name) for row in institutions.addressed(None)],
        }.items():
            self.fields[name].choices = any_ + found  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> dict[str, str]:
        """What was asked for, as a query string would say it, the place in the list aside."""
        return {name: self.data[name] for name in self.fields if name != "after" and self.data.get(name)}


def recommendation_list(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET, now=timezone.now())
    if not form.is_valid():
        return refusals.bad_question(request, form)
    asked = form.cleaned_data
    found = _found(asked, form.at)
    found = recommendations.matching(found, _headline(asked), form.at, now=form.now)
    total = found.count()
    listed, following = _page(found, asked)
    listed_rows = shown.rows(listed, form.at, now=form.now)
    passages = search.highlights([each.row.pk for each in listed_rows], asked["q"]) if asked["q"] else {}
    return render(
        request,
        "pages/recommendation_list.html",
        {
            "form": form,
            "at": form.at,
            "rows": [(each, passages.get(each.row.pk, "")) for each in listed_rows],
            "total": total,
            "next_page": urlencode(form.narrowed | {"after": following}) if following else "",
            "limit": PAGE,
        },
    )


def _found(asked: dict[str, Any], at: Moment | None) -> QuerySet[Recommendation]:
    found = recommendations.listed(None, at)
    if asked["level"] != "all":
        found = found.filter(parent__isnull=asked["level"] != "part")
    if asked["source"]:
        found = found.filter(source__code=asked["source"])
    if asked["theme"]:
        found = themes.under(found, asked["theme"])
    if asked["addressee"]:
        found = institutions.of(found, asked["addressee"])
    return search.matching(found, asked["q"]) if asked["q"] else found


def _headline(asked: dict[str, Any]) -> Asked:
    return Asked(statuses=[asked["status"]] if asked["status"] else [])


def _page(found: QuerySet[Recommendation], asked: dict[str, Any]) -> tuple[list[Recommendation], str]:
    """One page, and the code after which the next one begins; what is searched for is one page, the best first."""
    if asked["q"]:
        ranked = found.order_by(F("rank").desc(), "code")
        return list(ranked[:PAGE]), ""
    rows = list(found.filter(code__gt=asked["after"]).order_by("code")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""
