"""How templates show the words of the tracker: a status is always a word, an icon and a colour."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.templatetags.static import static
from django.utils.dateformat import format as formatted
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from recommendations.queries import search
from recommendations.rules import dates
from recommendations.vocabulary import (
    METHOD_VERSION,
    RECORD_LANGUAGE,
    STATUS_MEANINGS,
    Precision,
    Stance,
    Status,
    StatusMeaning,
)

register = template.Library()

STANCE_ICONS = {Stance.SUPPORTS: "plus", Stance.CONTRADICTS: "minus", Stance.REVERSES: "back"}
API = "/api/v1"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the sprite. It stands beside a word and is therefore hidden from screen readers."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("pages/icons.svg"),
        name,
    )


@register.simple_tag
def status(code: str, extra: str = "") -> SafeString:
    """The badge of a status: icon, word and colour."""
    return format_html(
        '<span class="status s-{} {}">{}<span>{}</span></span>',
        code,
        extra,
        icon(STATUS_MEANINGS[Status(code)].icon),
        Status(code).label,
    )


@register.simple_tag
def in_record() -> SafeString:
    """The language of an element that holds the record's words, where the page around it is in another.

    A screen reader would else read English by the rules of Spanish.
    """
    return SafeString("" if get_language() == RECORD_LANGUAGE else f' lang="{RECORD_LANGUAGE}"')


@register.filter
def meaning(code: str) -> StatusMeaning:
    return STATUS_MEANINGS[Status(code)]


@register.filter
def status_label(code: str) -> str:
    return str(Status(code).label)


@register.simple_tag
def stance(code: str) -> SafeString:
    """The badge of a stance: icon, word and colour."""
    named = Stance(code)
    return format_html(
        '<span class="stance is-{}">{}<span>{}</span></span>', code, icon(STANCE_ICONS[named]), named.label
    )


@register.simple_tag
def day(on: date | None, precision: str = Precision.DAY, label: str = "") -> SafeString:
    """A date with only what is known of it: "4 March 2011", "March 2011", "Winter 1997" or "2013"."""
    if on is None:
        return format_html('<span class="unknown">{}</span>', _("not known"))
    return format_html(
        '<time datetime="{}">{}</time>', dates.iso(on, precision), in_words(on, precision, label)
    )


@register.filter
def in_words(on: date, precision: str, label: str = "") -> str:
    if label:
        return label
    if precision == Precision.DAY:
        return formatted(on, pgettext("format of a day", "j F Y"))
    if precision == Precision.MONTH:
        return formatted(on, pgettext("format of a month", "F Y"))
    return formatted(on, "Y")


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """The day of a moment, in UTC, with the whole moment for machines and on hovering."""
    if at is None:
        return format_html('<span class="unknown">{}</span>', _("not known"))
    return format_html(
        '<time datetime="{0}" title="{1} UTC">{2}</time>',
        at.isoformat(),
        f"{at:%Y-%m-%d %H:%M}",
        in_words(at.date(), Precision.DAY),
    )


@register.filter
def minute(at: datetime) -> str:
    """A moment to the minute, in the reader's language; that it is UTC stands beside it."""
    return f"{in_words(at.date(), Precision.DAY)} {at:%H:%M}"


@register.filter
def number(value: Decimal | None) -> str:
    """A number as read by people: no idle zeros, thousands apart; "not known" when there is none."""
    if value is None:
        return _("not known")
    whole = value.normalize()
    places = max(0, -int(whole.as_tuple().exponent))
    return number_format(whole, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def web(address: str) -> str:
    """The address if it may stand in a link, else nothing: a `javascript:` address is no address."""
    try:
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:  # "http://[": words that only begin like an address
        return ""


@register.filter
def host(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.")


@register.filter
def percent(share: float | None) -> str:
    return _("not known") if share is None else f"{share * 100:.0f}%"


@register.filter
def words(values: Any) -> str:
    """A list kept as JSON, in one line."""
    return ", ".join(str(value) for value in values) if isinstance(values, list) else str(values)


@register.filter
def marked(passage: str) -> SafeString:
    """A search passage with the matched words in <mark>; everything else is escaped."""
    pieces = []
    for index, piece in enumerate(passage.split(search.START)):
        if index == 0:
            pieces.append(format_html("{}", piece))
        else:
            hit, _sep, rest = piece.partition(search.STOP)
            pieces.append(format_html("<mark>{}</mark>{}", hit, rest))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped above


@register.simple_tag
def api(*steps: str) -> str:
    """The address of the JSON twin: `{% api "recommendations" code %}`. These addresses are a public contract."""
    return "/".join([API, *steps]) + "/"


@register.simple_tag
def method_version() -> str:
    return METHOD_VERSION
