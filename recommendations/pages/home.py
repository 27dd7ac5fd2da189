"""The first page: what was recommended, what happened, and how sure we are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.models import Source
from recommendations.queries import assessments, overview, sources
from recommendations.rules import charts
from recommendations.vocabulary import Status

LATEST = 6


@dataclass(frozen=True)
class Scored:
    """A source with where its recommendations, and the parts of these, stand."""

    source: Source
    wholes: overview.Counts
    parts: overview.Counts

    @property
    def shares(self) -> list[charts.Share]:
        return charts.shares(self.wholes.by_status)


def home(request: HttpRequest) -> HttpResponse:
    wholes, parts = overview.by_source(None), overview.by_source(None, parts=True)
    scored = [
        Scored(source, wholes.get(source.pk, overview.nothing()), parts.get(source.pk, overview.nothing()))
        for source in sources.listed(None)
    ]
    total = _sum(each.wholes for each in scored)
    return render(
        request,
        "pages/home.html",
        {
            "scored": scored,
            "total": total,
            "total_parts": _sum(each.parts for each in scored),
            "shares": charts.shares(total.by_status),
            "latest": assessments.listed(None).standing()[:LATEST],
        },
    )


def _sum(counts: Iterable[overview.Counts]) -> overview.Counts:
    by_status = dict.fromkeys(Status.values, 0)
    for each in counts:
        for status, number in each.by_status.items():
            by_status[status] += number
    return overview.Counts(by_status)
