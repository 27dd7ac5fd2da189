"""What only the admin's templates need."""

import json
from datetime import date
from typing import Any

from django import template
from django.db.models import CharField, DateField, EmailField, Field, TextField, URLField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import Event, Recommendation
from recommendations.templatetags.tracker import in_words
from recommendations.vocabulary import STATUS_MEANINGS, CheckKind, Outcome, Precision, Status

register = template.Library()

RECORD = {"source", "recommendation", "theme", "document", "evidence", "indicator", "statuscheck"}
"""Nouns whose rows are called by words of the record. Names of bodies and people are of no language."""

PEOPLE = {"user", "token"}


@register.filter
def is_written(field: Any) -> bool:
    """Whether a column holds words that people wrote, or a row that is called by such words: in the record's language.

    Addresses, codes and words of our vocabulary are not written.
    """
    if not isinstance(field, Field):
        return False
    if field.is_relation:
        row = field.related_model
        return row is not None and not isinstance(row, str) and row._meta.model_name in RECORD
    plain = isinstance(field, CharField | TextField) and not isinstance(field, URLField | EmailField)
    return plain and not field.choices and not field.unique and field.model._meta.model_name not in PEOPLE


@register.filter
def told(event: Event) -> list[tuple[str, str | None, str | None]]:
    """What an event tells, as (name, before, after); None where that side says nothing of it."""
    before, after = event.before or {}, event.after or {}
    names = [*after, *(name for name in before if name not in after)]
    # A verdict's event tells of its recommendation too: what publishing made of the headline.
    columns = {each.name: each for each in Recommendation._meta.get_fields()}
    columns |= {each.name: each for each in event.noun._meta.get_fields()} if event.noun else {}
    return [
        (
            _column(columns.get(name), name),
            _value(columns, name, before[name]) if name in before else None,
            _value(columns, name, after[name]) if name in after else None,
        )
        for name in names
        if name in before or after[name] not in (None, "", [], {})
    ]


def _column(field: Any, name: str) -> str:
    """What a column is called by people; what is no column is told by its name."""
    return str(getattr(field, "verbose_name", "") or name.replace("_", " "))


def _value(columns: dict[str, Any], name: str, value: Any) -> str:
    """A value of a column as people say it: a word of its vocabulary, a day, or each of several with its name."""
    field = columns.get(name)
    if isinstance(value, dict) and value and columns.keys() >= value.keys():
        told = ((_column(columns[each], each), _value(columns, each, value[each])) for each in value)
        return "; ".join(f"{called}: {words}" for called, words in told)
    words = dict(getattr(field, "flatchoices", None) or ())
    if isinstance(value, str) and value in words:
        return str(words[value])
    return _day(value) if type(field) is DateField else _plain(value)


def _day(value: Any) -> str:
    try:
        return in_words(date.fromisoformat(value), Precision.DAY)
    except (TypeError, ValueError):
        return _plain(value)


@register.filter
def pairs(values: Any) -> list[tuple[str, str]]:
    """What a finding saw, as (name, words)."""
    if not isinstance(values, dict):
        return []
    return [
        (str(SEEN.get(name, name.replace("_", " "))), _day(value) if name.endswith("_on") else _plain(value))
        for name, value in values.items()
        if not _is_long(value) and name not in FOR_PROGRAMS
    ]


FOR_PROGRAMS = {"text_hash_before", "text_hash_after", "assessment"}
"""What a finding keeps that says nothing to people."""

SEEN = {
    "action": gettext_lazy("Action"),
    "addressees": gettext_lazy("Addressees"),
    "back_at": gettext_lazy("Answers again since"),
    "before": gettext_lazy("Before"),
    "counted_from": gettext_lazy("Counted from"),
    "document_number": gettext_lazy("Number of the document"),
    "due_on": gettext_lazy("Due on"),
    "excerpt": gettext_lazy("Excerpt"),
    "final_url": gettext_lazy("Address reached"),
    "host": gettext_lazy("Host"),
    "http_status": gettext_lazy("HTTP status"),
    "last_verified_at": gettext_lazy("Last verified"),
    "matched": gettext_lazy("Words that matched"),
    "moved_to": gettext_lazy("Moved to"),
    "note": gettext_lazy("Note"),
    "ours": gettext_lazy("Our verdict"),
    "period": gettext_lazy("Period"),
    "period_from": gettext_lazy("From"),
    "period_to": gettext_lazy("To"),
    "published_on": gettext_lazy("Published on"),
    "publisher": gettext_lazy("Publisher"),
    "query": gettext_lazy("Asked for"),
    "reason": gettext_lazy("Reason"),
    "reasons": gettext_lazy("Reasons"),
    "review_on": gettext_lazy("Looked at again on"),
    "rule": gettext_lazy("Rule"),
    "since": gettext_lazy("Since"),
    "stage": gettext_lazy("Stage"),
    "status": gettext_lazy("Status"),
    "theirs": gettext_lazy("The other verdict"),
    "title": gettext_lazy("Title"),
    "type": gettext_lazy("Kind"),
    "url": gettext_lazy("Address"),
    "value": gettext_lazy("Value"),
    "words_added": gettext_lazy("Words added"),
    "words_removed": gettext_lazy("Words taken out"),
}
"""What a finding saw, in words; what is not here is told by its name."""


EDITED = {
    "status": gettext_lazy("Status"),
    "value": gettext_lazy("Value"),
    "title": gettext_lazy("Title"),
    "occurred_on": gettext_lazy("Day"),
}


@register.filter
def edited(name: str) -> str:
    """What was accepted otherwise than suggested, in words."""
    return str(EDITED.get(name, name))


def _is_long(value: Any) -> bool:
    """Nested lists are texts and differences, which a page shows in their own way."""
    return isinstance(value, list) and any(isinstance(each, list | dict) for each in value)


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(str(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.filter
def meaning_of(code: str) -> str:
    """The one sentence that says what a status means."""
    return str(STATUS_MEANINGS[Status(code)].definition)


@register.simple_tag
def look_mark(outcome: str) -> SafeString:
    """The shape and colour of a look's outcome; the word stands beside it, or in what surrounds it."""
    return format_html(
        '<svg class="look look-{0}" aria-hidden="true" focusable="false"><use href="{1}#{0}"></use></svg>',
        Outcome(outcome).value,
        static("admin_tracker/looks.svg"),
    )


@register.simple_tag
def look(outcome: str) -> SafeString:
    """A look's outcome: shape, colour and word."""
    return format_html("{} {}", look_mark(outcome), Outcome(outcome).label)


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter
def item(values: dict[str, Any], key: str) -> Any:
    """One value of a dictionary by a key that is a variable."""
    return values[key]


@register.filter
def check_kind(code: str) -> str:
    return str(CheckKind(code).label)
