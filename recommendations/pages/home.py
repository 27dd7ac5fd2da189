"""The first page: what was recommended, what happened, and how sure we are. And the list of all documents."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.models import Source
from recommendations.queries import assessments, sources, tallies
from recommendations.queries.tallies import Family
from recommendations.rules import charts
from recommendations.vocabulary import Grouping

LATEST = 6
DOCUMENTS = 20
"""Documents on the first page, and on each page of the list of all."""


@dataclass(frozen=True)
class Scored:
    """A source with where its recommendations, and the parts of these, stand."""

    source: Source
    family: Family

    @property
    def shares(self) -> list[charts.Share]:
        return charts.shares(self.family.wholes.by_status)


def home(request: HttpRequest) -> HttpResponse:
    listed = sources.listed(None)
    total = tallies.families(None, Grouping.ALL, [0])[0]
    return render(
        request,
        "pages/home.html",
        {
            "scored": _scored(listed[:DOCUMENTS]),
            "documents": listed.count(),
            "shown": DOCUMENTS,
            "total": total,
            "shares": charts.shares(total.wholes.by_status),
            "latest": assessments.latest(None)[:LATEST],
        },
    )


def documents(request: HttpRequest) -> HttpResponse:
    """All documents, the oldest first, a page at a time: `after` is the code of the last one seen."""
    listed = sources.listed(None)
    if after := request.GET.get("after", ""):
        last = listed.filter(code=after).first() if "\x00" not in after else None
        if last is None:
            raise Http404
        listed = listed.filter(published_on__gte=last.published_on).filter(
            Q(published_on__gt=last.published_on) | Q(pk__gt=last.pk)
        )
    found = list(listed[: DOCUMENTS + 1])
    following = found[DOCUMENTS - 1].code if len(found) > DOCUMENTS else ""
    return render(
        request,
        "pages/documents.html",
        {"scored": _scored(found[:DOCUMENTS]), "following": following, "later": bool(after)},
    )


def _scored(rows: Iterable[Source]) -> list[Scored]:
    """Two statements, however many: the documents, and where what they ask for stands."""
    listed = list(rows)
    families = tallies.families(None, Grouping.SOURCE, [source.pk for source in listed])
    return [Scored(source, families[source.pk]) for source in listed]
