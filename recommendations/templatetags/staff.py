"""What only the admin's templates need."""

import json
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import Event
from recommendations.vocabulary import STATUS_MEANINGS, CheckKind, Outcome, Status

register = template.Library()


@register.filter
def told(event: Event) -> list[tuple[str, str | None, str | None]]:
    """What an event tells, as (name, before, after); None where that side says nothing of it."""
    before, after = event.before or {}, event.after or {}
    names = [*after, *(name for name in before if name not in after)]
    return [
        (
            name,
            _plain(before[name]) if name in before else None,
            _plain(after[name]) if name in after else None,
        )
        for name in names
        if name in before or after[name] not in (None, "", [], {})
    ]


@register.filter
def pairs(values: Any) -> list[tuple[str, str]]:
    """What a finding saw, as (name, words)."""
    if not isinstance(values, dict):
        return []
    return [(name.replace("_", " "), _plain(value)) for name, value in values.items() if not _is_long(value)]


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
