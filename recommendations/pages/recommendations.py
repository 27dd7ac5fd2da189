"""One recommendation, or one part of it: what was asked, what it has come to, and on what evidence."""

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from recommendations.models import Assessment, Recommendation
from recommendations.pages import citing, refusals, shown, tellings
from recommendations.pages.moments import MomentForm
from recommendations.queries import assessments, evidence, indicators, ledgers, recommendations, relations
from recommendations.rules import charts
from recommendations.rules.moments import Moment


def recommendation(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    row = recommendations.listed(None).select_related("source__publisher").filter(code=code).first()
    if row is None:
        raise Http404
    form = MomentForm(request.GET, now=now)
    if not form.is_valid():
        return refusals.bad_question(request, form)
    if form.at is not None and form.at.as_of < row.source.published_on:
        return refusals.not_yet(request, form, row.source)
    return render(request, "pages/recommendation.html", _context(request, row, form, form.at))


def _context(
    request: HttpRequest, row: Recommendation, form: MomentForm, at: Moment | None
) -> dict[str, object]:
    family = [row, *recommendations.listed(None, at).filter(parent=row).order_by("code")]
    this, *parts = shown.rows(family, at, now=form.now)
    ids = [each.pk for each in family]
    verdicts = list(assessments.listed(None, at).filter(recommendation__in=ids))
    links = list(evidence.links_of(ids, None, at))
    told = tellings.evidence(links)
    current = next((each for each in verdicts if each.pk == this.headline.assessment_id), None)
    return {
        "row": row,
        "headline": this.headline,
        "form": form,
        "at": at,
        "asked_of": shown.asked_of(row),
        "parts": tellings.parts(parts, verdicts),
        "part_counts": shown.counted(parts),
        "part_shares": charts.shares(shown.counted(parts).by_status),
        "verdicts": tellings.verdicts(
            [each for each in verdicts if each.recommendation_id == row.pk], form.told_until
        ),
        "steps": charts.steps(_office(row, verdicts, form.told_until), row.source.published_on, form.today),
        "current": current,
        "citation": citing.citation(request, row, form),
        "linked_data": citing.of_recommendation(request, row, this.headline, current, form),
        "evidence": told,
        "listed_evidence": {each.evidence.pk for each in told.all},
        "responses": ledgers.responses(row, None, at),
        "deadlines": ledgers.deadlines(row, None, at),
        "closures": ledgers.closures(row, None, at),
        "indicators": indicators.of_recommendations(ids, None, at),
        "related": tellings.related(relations.related_to(row, None, at), at, now=form.now),
    }


def _office(row: Recommendation, verdicts: list[Assessment], known_at: datetime) -> list[tuple[date, str]]:
    """The office's verdicts on the row that counted at that moment, oldest first."""
    own = (each for each in verdicts if each.recommendation_id == row.pk)
    return [(each.effective_on, each.status) for each in assessments.standing(own, known_at)]
