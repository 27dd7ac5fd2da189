"""One institution: what it is asked to do, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from recommendations.pages import shown
from recommendations.queries import institutions, recommendations, sources
from recommendations.rules import charts


def institution(request: HttpRequest, code: str) -> HttpResponse:
    row = institutions.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    if row.merged_into is not None:
        return redirect("pages:institution", row.merged_into.code, permanent=True)
    found = institutions.of(recommendations.listed(None), code).order_by("code")
    wholes, parts = shown.apart(shown.rows(found, None, now=timezone.now()))
    counts = shown.counted(wholes)
    return render(
        request,
        "pages/institution.html",
        {
            "institution": row,
            "wholes": wholes,
            "parts": parts,
            "counts": counts,
            "shares": charts.shares(counts.by_status),
            "published_sources": sources.listed(None).filter(publisher=row),
        },
    )
