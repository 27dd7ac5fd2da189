"""A rehearsed effect in words: what would read differently, on which axis, and what stays as it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Field
from django.utils.html import format_html, strip_tags
from django.utils.translation import gettext as _

from recommendations.actions.rehearsals import Effect
from recommendations.models import Assessment, Recommendation
from recommendations.templatetags.tracker import day, moment, status
from recommendations.vocabulary import ClosureReason, Confidence, ResponseKind, VerdictBy

CHOICES = {"confidence": Confidence, "response": ResponseKind, "closure_reason": ClosureReason}


@dataclass(frozen=True)
class Told:
    """One line of the effect: what it is called, and how it reads before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Axis:
    """What changes on one of the two time axes, as a sentence."""

    name: str
    sentence: str


def lines(effect: Effect) -> list[Told]:
    """What would read differently, in the order of the headline. Two moments of one day read alike and are left out."""
    told = [
        Told(_name(name), _shown(name, before), _shown(name, after))
        for name, (before, after) in effect.changes.items()
    ]
    return [each for each in told if strip_tags(each.before) != strip_tags(each.after)]


def axes(trail: list[Assessment], effective_on: date, verdict_by: str) -> list[Axis]:
    """For which days of the world it would count, and from when on in our record. `trail` as queries give it."""
    if verdict_by != VerdictBy.OFFICE:
        world = _("It stands beside our own verdict, which stays the headline.")
    else:
        later = [step.effective_on for step in trail if step.effective_on > effective_on]
        words = (
            _("For days from {since} until before {until}, where a later verdict takes over.")
            if later
            else _("For days from {since} on.")
        )
        world = format_html(words, since=day(effective_on), until=day(min(later)) if later else "")
    record = _("From the moment of publishing. What we said before that moment stays readable as it was.")
    return [Axis(_("In the world"), world), Axis(_("In our record"), record)]


def _name(column: str) -> str:
    field = Recommendation._meta.get_field(column)
    assert isinstance(field, Field)
    return str(field.verbose_name)


def _shown(name: str, value: Any) -> Any:
    if value in (None, ""):
        return _("not stated") if name == "confidence" else _("none")
    if name == "status":
        return status(value)
    if name in CHOICES:
        return CHOICES[name](value).label
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else value
