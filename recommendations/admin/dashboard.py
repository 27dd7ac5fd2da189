"""The dashboard: pictures first, each with the same numbers as a table and a way to the rows behind it.

The numbers are those of the API: the same queries answer both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from recommendations.admin.forms import chosen, dress
from recommendations.models import Recommendation, Source, User
from recommendations.queries import check_health, groups, trends, waiting
from recommendations.queries.findings import precision
from recommendations.queries.groups import Group
from recommendations.queries.recommendations import Asked, existing, matching
from recommendations.rules import charts
from recommendations.vocabulary import Status

SHOWN = 12
"""Bars of each picture: the largest groups. The lists behind hold the rest."""

MOST = 100_000
"""Of more recommendations the years are shown of one source at a time: of all, every verdict would have to be read."""

LIST = "admin:recommendations_recommendation_changelist"


class SourceForm(forms.Form):
    """Of which source the years are shown; of all where none is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"] = chosen(Recommendation, "source", _("Only of"), required=False)
        dress(self.fields["source"].widget)


@dataclass(frozen=True)
class Bar:
    """One bar of counts by status, where it leads, and what its table says."""

    name: str
    address: str
    group: Group
    shares: list[charts.Share]


@dataclass(frozen=True)
class Column:
    """One year of the picture over time, drawn as tall as its number of recommendations."""

    year: int
    total: int
    x: float
    width: float
    parts: list[dict[str, Any]]
    by_status: dict[str, int]


def page(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    person, now = request.user, timezone.now()
    assert isinstance(person, User)
    form = SourceForm(request.GET)
    source = form.cleaned_data["source"] if form.is_valid() else None
    most = {
        by: groups.largest(person, by, now=now, level="top", limit=SHOWN)
        for by in ("source", "theme", "addressee")
    }
    total = most["source"].total
    context = {
        **each_context,
        "title": _("Dashboard"),
        "media": form.media,
        "form": form,
        "of": source,
        "total": total,
        "shares": charts.shares(total.counts.by_status),
        "statuses": [status for status in charts.ORDER if total.counts.by_status[status]],
        "order": charts.ORDER,
        "sources": _bars(most["source"].groups, "source"),
        "themes": _bars(most["theme"].groups, "theme"),
        "addressees": _bars(most["addressee"].groups, "addressee"),
        "years": _columns(trends.by_year(person, source=source.code if source else "", now=now))
        if source or total.counts.total <= MOST
        else [],
        "choose": not source and total.counts.total > MOST,
        "standing": _standing(person, now),
        "slips": trends.slips(limit=SHOWN),
        "precision": [
            (each, None if each.precision is None else 100 * each.precision) for each in precision()
        ],
        "checks": check_health.now(now=now),
        "kinds": check_health.by_kind(),
        "list": reverse(LIST),
    }
    return TemplateResponse(request, "admin/tracker/dashboard.html", context)


def _bars(found: Iterable[Group], by: str) -> list[Bar]:
    """Groups as bars; each leads to the list of its recommendations."""
    largest = list(found)
    keys = _keys(by, [group.code for group in largest])
    field = {"source": "source", "theme": "themes", "addressee": "addressees"}[by]
    return [
        Bar(
            group.name or group.code,
            f"{reverse(LIST)}?{urlencode({f'{field}__id__exact': keys[group.code]})}",
            group,
            charts.shares(group.counts.by_status),
        )
        for group in largest
    ]


def _keys(by: str, codes: list[str]) -> dict[str, int]:
    """The numbers by which a list of the admin is filtered."""
    model: Any = Source if by == "source" else Recommendation._meta.get_field(f"{by}s").related_model
    return dict(model._default_manager.filter(code__in=codes).values_list("code", "pk"))


def _columns(years: list[trends.Year]) -> list[Column]:
    tallest = max((each.counts.total for each in years), default=0)
    width = 100 / max(len(years), 1)
    return [
        Column(
            each.year,
            each.counts.total,
            round(number * width, 3),
            round(width * 0.8, 3),
            _stacked(each.counts.by_status, tallest),
            each.counts.by_status,
        )
        for number, each in enumerate(years)
    ]


def _stacked(by_status: dict[str, int], tallest: int) -> list[dict[str, Any]]:
    """The stretches of a column from the ground up, in per cent of the tallest."""
    parts, y = [], 100.0
    for status in charts.ORDER:
        if number := by_status.get(status, 0):
            height = 100 * number / tallest
            y -= height
            parts.append({"status": status, "y": round(y, 3), "height": round(height, 3)})
    return parts


def _standing(person: User, now: datetime) -> list[dict[str, Any]]:
    """How many recommendations and parts are out of the ordinary, up to the cap, and where they are listed."""
    asked = {
        "overdue": (_("past their deadline and not closed"), Asked(overdue=True), "standing=overdue"),
        "stale": (
            _("not verified for longer than their status may stand"),
            Asked(stale=True),
            "standing=stale",
        ),
        "contested": (
            _("contested: another party's verdict differs"),
            Asked(contested=True),
            "contested__exact=1",
        ),
    }
    rows = existing(person)
    return [
        {
            "number": waiting.counted(matching(rows, wanted, None, now=now)),
            "words": words,
            "address": f"{reverse(LIST)}?{query}",
            "name": name,
        }
        for name, (words, wanted, query) in asked.items()
    ] + [
        {
            "number": waiting.counted(rows.filter(status=Status.NOT_ASSESSED)),
            "words": _("not assessed: nobody has looked"),
            "address": f"{reverse(LIST)}?status__exact=not_assessed",
            "name": "not_assessed",
        }
    ]
