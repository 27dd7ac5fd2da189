"""One institution: what it is asked to do, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from recommendations.pages import shown
from recommendations.queries import institutions, sources
from recommendations.queries.narrowing import addressed_to

PUBLISHED = 100
"""Documents that it published, at most, on its page."""


def institution(request: HttpRequest, code: str) -> HttpResponse:
    row = institutions.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    if row.merged_into is not None:
        return redirect("pages:institution", row.merged_into.code, permanent=True)
    published = list(sources.listed(None).filter(publisher=row)[: PUBLISHED + 1])
    return render(
        request,
        "pages/institution.html",
        {
            "institution": row,
            "published_sources": published[:PUBLISHED],
            "published_more": len(published) > PUBLISHED,
            **shown.of_group(addressed_to(row), now=timezone.now()),
        },
    )
