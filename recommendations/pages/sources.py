"""One document: who said it, where it is written, and what became of what it asked for."""

from collections.abc import Iterable
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from recommendations.models import Source
from recommendations.pages import refusals, shown
from recommendations.pages.moments import MomentForm
from recommendations.queries import recommendations, sources
from recommendations.rules import charts
from recommendations.rules.assessments import median_age_days
from recommendations.rules.moments import Moment


def source(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    row = sources.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    form = MomentForm(request.GET, now=now)
    if not form.is_valid():
        return refusals.bad_question(request, form)
    if form.at is not None and form.at.as_of < row.published_on:
        return refusals.not_yet(request, form, row)
    return render(request, "pages/source.html", _context(row, form, form.at))


def _context(row: Source, form: MomentForm, at: Moment | None) -> dict[str, object]:
    found = recommendations.listed(None, at).filter(source=row)
    wholes = shown.nested(shown.rows(found.order_by("code"), at, now=form.now))
    counts = shown.counted(wholes)
    return {
        "source": row,
        "form": form,
        "at": at,
        "counts": counts,
        "part_counts": shown.counted(part for each in wholes for part in each.parts),
        "shares": charts.shares(counts.by_status),
        "median_age_days": median_age_days((each.headline.last_verified_at for each in wholes), form.now)
        if at is None
        else None,
        "groups": _groups(wholes),
        "measured": sources.measured(row, None),
    }


def _groups(wholes: Iterable[shown.Shown]) -> list[tuple[str, list[shown.Shown]]]:
    """By the document's own headings, in its order; "" where it has none."""
    return [(heading, list(rows)) for heading, rows in groupby(wholes, key=lambda each: each.row.group)]
