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
from recommendations.queries.narrowing import ALL, count, groups_of, within
from recommendations.queries.recommendations import Asked
from recommendations.rules.moments import Moment
from recommendations.vocabulary import Status

PAGE = 60
CHOICES = 300
"""So many documents, themes or bodies are offered to choose from; where there are more, one is named by its code."""

COUNTED = 1_000
"""Up to here what matches is counted where the tallies do not know."""

LEVELS = {"": _("Whole recommendations"), "part": _("Parts"), "all": _("Both")}


class Named(forms.CharField):
    """One of `rows`, as a choice where they are few and else by its code; its value is the row, None for any.

    One statement to learn how many there are, one more for a code.
    """

    def __init__(self, *, name: str, **options: Any) -> None:
        super().__init__(required=False, max_length=100, **options)
        self.name = name

    def offer(self, rows: "QuerySet[Any]") -> None:
        self.rows = rows
        found = list(rows[: CHOICES + 1])
        self.known = {row.code: row for row in found} if len(found) <= CHOICES else None
        if self.known is None:
            self.widget = forms.TextInput(attrs={"maxlength": 100, "placeholder": _("code")})
        else:
            offered = [(code, getattr(row, self.name)) for code, row in self.known.items()]
            self.widget = forms.Select(choices=[("", _("Any")), *offered])

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        row = self.rows.filter(code=code).first() if self.known is None else self.known.get(code)
        if row is None:
            raise forms.ValidationError(_("There is no such code."), code="unknown")
        return row


class ListForm(MomentForm):
    """The filters, each with a choice "any"; the moment as on every page."""

    field_order = ["q", "source", "theme", "addressee", "status", "level", "as_of", "known_at"]
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    source = Named(label=_("Document"), name="title")
    theme = Named(label=_("Theme"), name="name")
    addressee = Named(label=_("Asked of"), name="name")
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *Status.choices])
    level = forms.ChoiceField(label=_("Show"), required=False, choices=list(LEVELS.items()))
    after = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *args: Any, **kwargs: Any) -> None:
        named = str(data.get("addressee", ""))
        # A NUL the field refuses, and no question to PostgreSQL may hold it.
        asks = named and "\x00" not in named
        heir = institutions.heir_of(named, None) if asks else None
        if heir is not None:  # links that name a merged body still lead to what is asked of it
            data = data.copy()
            data["addressee"] = heir.code
        super().__init__(data, *args, **kwargs)
        for name, rows in {
            "source": sources.listed(None),
            "theme": themes.used(None),
            "addressee": institutions.addressed(None),
        }.items():
            self.fields[name].offer(rows)  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> dict[str, str]:
        """What was asked for, as a query string would say it, the place in the list aside."""
        return {name: self.data[name] for name in self.fields if name != "after" and self.data.get(name)}


def recommendation_list(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET, now=timezone.now())
    if not form.is_valid():
        return refusals.bad_question(request, form)
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    found, common = _found(asked, form.at), False
    found = recommendations.matching(found, _headline(asked), form.at, now=form.now)
    if "q" in asked and (common := search.is_common(asked["q"])):
        found = search.newest(found, asked["q"], None)
    total, exact = _total(found, asked, form.at)
    listed, following = _page(found, asked)
    listed_rows = shown.rows(listed, form.at, now=form.now)
    passages = search.highlights([each.row.pk for each in listed_rows], asked["q"]) if "q" in asked else {}
    return render(
        request,
        "pages/recommendation_list.html",
        {
            "form": form,
            "at": form.at,
            "rows": [(each, _passage(passages, each.row.pk)) for each in listed_rows],
            "total": total,
            "exact": exact and not common,
            "next_page": urlencode(form.narrowed | {"after": following}) if following else "",
            "limit": PAGE,
        },
    )


def _found(asked: dict[str, Any], at: Moment | None) -> QuerySet[Recommendation]:
    found = recommendations.listed(None, at)
    if asked.get("level") != "all":
        found = found.filter(parent__isnull=asked.get("level") != "part")
    groups = groups_of(asked)
    for group in groups:
        found = within(found, group, walked=at is not None and len(groups) == 1 and "q" not in asked)
    return search.matching(found, asked["q"]) if "q" in asked else found


def _passage(passages: dict[int, str], pk: int) -> str:
    """The passage that shows why a row was found; nothing where no word of it matched (a theme's did, or a part's)."""
    passage = passages.get(pk, "")
    return passage if search.START in passage else ""


def _total(found: QuerySet[Recommendation], asked: dict[str, Any], at: Moment | None) -> tuple[int, bool]:
    """How many match, and whether that is all: from the tallies where they know, else counted up to COUNTED."""
    groups = groups_of(asked)
    if at is None and "q" not in asked and len(groups) < 2:
        group, level = (*groups, ALL)[0], asked.get("level") or "top"
        return count(None, group, statuses=_headline(asked).statuses, level=level), True
    number = found.order_by()[: COUNTED + 1].count()
    return min(number, COUNTED), number <= COUNTED


def _headline(asked: dict[str, Any]) -> Asked:
    return Asked(statuses=[asked["status"]] if "status" in asked else [])


def _page(found: QuerySet[Recommendation], asked: dict[str, Any]) -> tuple[list[Recommendation], str]:
    """One page, and the code after which the next one begins; what is searched for is one page, the best first."""
    if "q" in asked:
        ranked = found.order_by(F("rank").desc(), "code")
        return list(ranked[:PAGE]), ""
    rows = list(found.filter(code__gt=asked.get("after", "")).order_by("code")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""
