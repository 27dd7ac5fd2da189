"""One theme: what was recommended under it, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from recommendations.pages import shown
from recommendations.queries import themes
from recommendations.queries.narrowing import Group
from recommendations.vocabulary import Grouping


def theme(request: HttpRequest, code: str) -> HttpResponse:
    row = themes.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    return render(
        request,
        "pages/theme.html",
        {
            "theme": row,
            "children": themes.used(None).filter(parent=row),
            **shown.of_group(Group(Grouping.THEME, row.pk), now=timezone.now()),
        },
    )
