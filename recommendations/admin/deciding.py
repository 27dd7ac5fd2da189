"""The page on which one waiting item is decided; deciding it brings the next.

Everything that bears on the decision stands on it: the recommendation and its way through time, what would change,
the evidence side by side, what was decided before. The buttons are the noun's own deeds (deeds.py).
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.actions import rehearsals
from recommendations.admin import deeds, effects, queue
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.differences import difference
from recommendations.admin.forms import StaffForm
from recommendations.admin.replacing import REPLACE
from recommendations.admin.shown import in_its_language
from recommendations.models import Assessment, Finding, Recommendation, User
from recommendations.queries import decisions
from recommendations.queries import queue as waiting
from recommendations.queries.assessments import listed, trail
from recommendations.queries.findings import precision_of
from recommendations.queries.queue import PROPOSAL, Place, Wanted
from recommendations.rules import charts
from recommendations.vocabulary import AssessmentState, FindingState

WAITS = (AssessmentState.PROPOSED, FindingState.OPEN)
ABOUT = 3
"""Recommendations told at length; a document can bear on many."""


@dataclass(frozen=True)
class Choice:
    """One thing that can be decided, with its form on this page."""

    deed: Deed
    form: StaffForm


def page(request: HttpRequest, noun: str, pk: int, each_context: dict[str, Any]) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    row = _row(noun, pk, person)
    _form, wanted, narrowed = queue.asked(request)
    place = Place(noun, pk)
    following = waiting.following(wanted, person, place, now=timezone.now())
    onward = queue.address(following, narrowed) if following else queue.home(narrowed)
    choices, status = _choices(row, person), 200
    if request.method == "POST":
        chosen = next((each for each in choices if each.deed.name == request.POST.get("deed")), None)
        if chosen is None:
            messages.warning(request, _too_late(row))
            return HttpResponseRedirect(queue.address(place, narrowed))
        tried = deeds.attempt(chosen.deed, row, request, prefix=chosen.deed.name, about=_called(row))
        if tried.done:
            if following is None:
                messages.info(request, _("That was the last that waits for you here."))
            return HttpResponseRedirect(onward)
        status = tried.status
        row = _row(noun, pk, person)  # somebody else may have decided meanwhile
        choices = [
            Choice(each.deed, tried.form if each.deed is chosen.deed else each.form) for each in choices
        ]
    context = {
        **each_context,
        "title": _("Decide"),
        "subtitle": str(row),
        "row": row,
        "opts": row._meta,
        "waits": row.state in WAITS,
        "own": isinstance(row, Assessment) and row.proposed_by_id == person.pk,
        "choices": choices,
        "media": sum((each.form.media for each in choices), start=queue.AssigneeForm().media),
        "onward": onward,
        "left": _left(wanted, person),
        "last": following is None,
        "queue": queue.home(narrowed),
        "narrowed": narrowed,
        "place": place,
        "assignee": waiting.assignment(row),
        "may_assign": person.may("assignment.write"),
        "assign_to": queue.AssigneeForm(),
        "full": deeds.address(row),
    }
    context |= _proposal(row, person) if isinstance(row, Assessment) else _finding(row, person)
    return TemplateResponse(request, f"admin/tracker/decide_{noun}.html", context, status=status)


def _left(wanted: Wanted, person: User) -> str:
    """How many are left to decide on in the queue as it is narrowed; nothing where it shows what others decide."""
    if wanted.turn == "others":
        return ""
    number = waiting.left(wanted, person, now=timezone.now())
    if number > waiting.MOST_LEFT:
        return _("More than %(number)d are left for you to decide.") % {"number": waiting.MOST_LEFT}
    if not number:
        return _("None is left for you to decide.")
    told = ngettext("%(number)d is left for you to decide.", "%(number)d are left for you to decide.", number)
    return told % {"number": number}


def _row(noun: str, pk: int, person: User) -> Assessment | Finding:
    rows = (
        listed(person)
        if noun == PROPOSAL
        else Finding.objects.select_related(
            "recommendation__source",
            "evidence__document",
            "indicator",
            "status_check",
            "decided_by",
            "before",
            "after",
        )
    )
    row = rows.filter(pk=pk).first() if noun in queue.NOUNS else None
    if row is None:
        raise Http404
    return row


def _choices(row: Assessment | Finding, person: User) -> list[Choice]:
    noun = admin.site._registry[type(row)]
    assert isinstance(noun, NounAdmin)
    return [
        Choice(deed, deed.form(row=row, person=person, prefix=deed.name))
        for deed in noun.deeds
        if deed.decides and deed.offered(row, person)
    ]


def _called(row: Assessment | Finding) -> SafeString:
    """What was decided on, short: the message about it stands on the page of the next, and leads back to it."""
    if isinstance(row, Assessment):
        words = format_html("{}", row.recommendation.code)
    else:
        words = in_its_language(Truncator(row.title).chars(60))
    return format_html('<a class="inner-link" href="{}">{}</a>', deeds.address(row), words)


def _too_late(row: Assessment | Finding) -> str:
    if row.state in WAITS:
        return _("This is not for you to decide.")
    return _("Somebody else was quicker: it is “%(state)s” now.") % {"state": row.get_state_display()}


def _proposal(row: Assessment, person: User) -> dict[str, Any]:
    about = row.recommendation
    steps = trail(about)
    context: dict[str, Any] = {
        "replace": deeds.address(row, "replace") if REPLACE.offered(row, person) else "",
        "assessment": row,
        "about": [_told(about)],
        "trail": steps,
        "axes": effects.axes(steps, row.effective_on, row.verdict_by),
        "bearings": _bearings([about], row, person),
        "earlier": decisions.on_recommendation(about, row),
        "others": decisions.waiting_on([about], row),
        "findings": list(Finding.objects.filter(assessments=row)),
    }
    if row.state == AssessmentState.PROPOSED:
        effect = rehearsals.publishing(row, by=person, now=timezone.now())
        context |= {"effect": effects.lines(effect), "refused": effect.refused}
    return context


def _finding(row: Finding, person: User) -> dict[str, Any]:
    found = row.recommendation
    about = [found] if found is not None else _concerned(row)
    return {
        "finding": row,
        "about": [_told(each) for each in about[:ABOUT]],
        "more_about": about[ABOUT:],
        "difference": difference(row),
        "precision": precision_of(row),
        "bearings": _bearings(about, None, person),
        "earlier_on_rule": decisions.on_rule(row.rule),
        "others": decisions.waiting_on(about, None),
        "proposed": list(row.assessments.all()),
    }


def _concerned(row: Finding) -> list[Recommendation]:
    if row.indicator is not None:
        return list(row.indicator.recommendations.select_related("source").order_by("code"))
    if row.evidence is None:
        return []
    rows = Recommendation.objects.filter(evidence_links__evidence__document=row.evidence.document_id)
    return list(rows.select_related("source").distinct().order_by("code"))


def _told(about: Recommendation) -> dict[str, Any]:
    """A recommendation with its way through time, drawn from its document to today."""
    steps = [(each.effective_on, each.status) for each in trail(about)]
    return {
        "row": about,
        "steps": charts.steps(steps, about.source.published_on, timezone.now().date()),
        "parts": list(about.parts.order_by("code")),
    }


def _bearings(about: list[Recommendation], cited: Assessment | None, person: User) -> list[dict[str, Any]]:
    family = [*about, *Recommendation.objects.filter(parent__in=[row.pk for row in about])]
    return [
        {"bearing": each, "difference": difference(each.doubt) if each.doubt else []}
        for each in decisions.side_by_side(family, cited, person)
    ]
