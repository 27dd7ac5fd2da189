"""One indicator: its baseline, its target, and what was observed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from recommendations.queries import indicators


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    row = indicators.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    return render(request, "pages/indicator.html", {"indicator": row})
