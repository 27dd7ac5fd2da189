"""One theme: what was recommended under it, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from recommendations.pages import shown
from recommendations.queries import recommendations, themes
from recommendations.rules import charts


def theme(request: HttpRequest, code: str) -> HttpResponse:
    row = themes.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    found = themes.under(recommendations.listed(None), code).order_by("code")
    wholes, parts = shown.apart(shown.rows(found, None, now=timezone.now()))
    counts = shown.counted(wholes)
    return render(
        request,
        "pages/theme.html",
        {
            "theme": row,
            "children": themes.used(None).filter(parent=row),
            "wholes": wholes,
            "parts": parts,
            "counts": counts,
            "shares": charts.shares(counts.by_status),
        },
    )
