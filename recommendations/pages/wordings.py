"""How a change of the feed is said to people: what it was done to, what was done, and from what to what."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import truncatechars
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import vocabulary
from recommendations.queries.changes import Change
from recommendations.templatetags.tracker import in_words
from recommendations.vocabulary import Precision

THINGS = {
    "recommendation": gettext_lazy("Recommendation"),
    "source": gettext_lazy("Document"),
    "theme": gettext_lazy("Theme"),
    "institution": gettext_lazy("Institution"),
    "evidence": gettext_lazy("Evidence"),
    "indicator": gettext_lazy("Indicator"),
    "figure": gettext_lazy("Figure"),
    "assessment": gettext_lazy("Verdict"),
    "closure": gettext_lazy("Closure"),
    "deadline": gettext_lazy("Deadline"),
    "response": gettext_lazy("Response"),
    "relation": gettext_lazy("Relation"),
    "evidencelink": gettext_lazy("Link to evidence"),
    "observation": gettext_lazy("Value"),
}

FIELDS = {
    "title": gettext_lazy("Title"),
    "name": gettext_lazy("Name"),
    "summary": gettext_lazy("What is asked"),
    "description": gettext_lazy("Description"),
    "group": gettext_lazy("Heading"),
    "locator": gettext_lazy("Where it stands"),
    "explicit": gettext_lazy("Asked in words"),
    "note": gettext_lazy("Note"),
    "priority": gettext_lazy("Priority"),
    "visibility": gettext_lazy("Visibility"),
    "status": gettext_lazy("Status"),
    "headline": gettext_lazy("Status"),
    "status_since": gettext_lazy("Since"),
    "confidence": gettext_lazy("Confidence"),
    "contested": gettext_lazy("Contested"),
    "kind": gettext_lazy("Kind"),
    "authors": gettext_lazy("Authors"),
    "series": gettext_lazy("Series"),
    "date_label": gettext_lazy("Date in words"),
    "url": gettext_lazy("Address"),
    "url_confirmed": gettext_lazy("Address confirmed"),
    "language": gettext_lazy("Language"),
    "country": gettext_lazy("Country"),
    "finding": gettext_lazy("What it shows"),
    "verified": gettext_lazy("Verified"),
    "caution": gettext_lazy("Caution"),
    "unit": gettext_lazy("Unit"),
    "direction": gettext_lazy("Direction"),
    "measure": gettext_lazy("Measure"),
    "value": gettext_lazy("Value"),
    "value_text": gettext_lazy("Value in words"),
    "period": gettext_lazy("Period"),
    "period_from": gettext_lazy("First day"),
    "period_to": gettext_lazy("Last day"),
    "effective_on": gettext_lazy("True as of"),
    "verdict_by": gettext_lazy("Whose verdict"),
    "state": gettext_lazy("State"),
    "closure": gettext_lazy("Closed because"),
    "review_on": gettext_lazy("Opens again on"),
    "due_on": gettext_lazy("Due on"),
    "response": gettext_lazy("Response"),
    "stance": gettext_lazy("Stance"),
    "timing": gettext_lazy("Timing"),
    "role": gettext_lazy("Role"),
}
"""What is told of `before` and `after` (queries/changes.SHOWN), by its name there."""

WORDS: dict[str, Any] = {
    "status": vocabulary.Status,
    "headline": vocabulary.Status,
    "confidence": vocabulary.Confidence,
    "response": vocabulary.ResponseKind,
    "closure": vocabulary.ClosureReason,
    "verdict_by": vocabulary.VerdictBy,
    "state": vocabulary.AssessmentState,
    "visibility": vocabulary.Visibility,
    "stance": vocabulary.Stance,
    "timing": vocabulary.Timing,
    "direction": vocabulary.Direction,
    "role": vocabulary.ObservationRole,
}
KINDS: dict[str, Any] = {
    "source": vocabulary.SourceKind,
    "institution": vocabulary.InstitutionKind,
    "evidence": vocabulary.EvidenceKind,
    "relation": vocabulary.RelationKind,
}
DAYS = ("status_since", "effective_on", "review_on", "due_on", "period_from", "period_to")
LONGEST = 200
"""Characters of a text that changed; the page it leads to has it whole."""


@dataclass(frozen=True)
class Step:
    """One value that was changed, in words: from `before` (None where nothing is told) to `after`."""

    name: str
    label: str
    before: str | None
    after: str


def headline(change: Change) -> str:
    """Such as "Verdict: published": what was done, in words."""
    return f"{THINGS[change.object_type]}: {vocabulary.done(change.verb)}"


def steps(change: Change) -> list[Step]:
    """What is other than before, by the names of the feed in their order; of what was added only what it says."""
    before, after = change.before or {}, change.after or {}
    return [
        Step(
            name,
            str(FIELDS[name]),
            _said(change.object_type, name, before[name]) if name in before else None,
            _said(change.object_type, name, after[name]),
        )
        for name in after
        if after[name] != before.get(name) and not (name not in before and after[name] in ("", None, []))
    ]


def _said(object_type: str, name: str, value: Any) -> str:
    if value is None or value in ("", []):
        return _("not stated")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in DAYS:
        return in_words(date.fromisoformat(value), Precision.DAY)
    words = KINDS.get(object_type) if name == "kind" else WORDS.get(name)
    if words is not None and value in words.values:
        return str(words(value).label)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return truncatechars(text, LONGEST)
