"""One document: who said it, where it is written, and what became of what it asked for."""

from collections.abc import Iterable
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from recommendations.models import Source
from recommendations.pages import citing, refusals, shown
from recommendations.pages.moments import MomentForm
from recommendations.queries import groups, recommendations, sources
from recommendations.rules import charts
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
    context = _context(row, form, form.at) | {"linked_data": citing.of_source(request, row, form)}
    return render(request, "pages/source.html", context)


def _context(row: Source, form: MomentForm, at: Moment | None) -> dict[str, object]:
    seen = recommendations.existing(None, at).filter(source=row)
    whole, parts = (
        groups.everything(seen.filter(parent__isnull=not part), at, now=form.now) for part in (False, True)
    )
    total = whole.counts.total + parts.counts.total
    found = recommendations.listed(None, at).filter(source=row)
    rows = (found if total <= shown.MOST else shown.first_of(found)).order_by("code")
    return {
        "source": row,
        "form": form,
        "at": at,
        "counts": whole.counts,
        "part_counts": parts.counts,
        "shares": charts.shares(whole.counts.by_status),
        "median_age_days": whole.median_age_days if at is None else None,
        "groups": _groups(shown.nested(shown.rows(rows, at, now=form.now))),
        "total": total,
        "complete": total <= shown.MOST,
        "measured": sources.measured(row, None),
    }


def _groups(wholes: Iterable[shown.Shown]) -> list[tuple[str, list[shown.Shown]]]:
    """By the document's own headings, in its order; "" where it has none."""
    return [(heading, list(rows)) for heading, rows in groupby(wholes, key=lambda each: each.row.group)]
