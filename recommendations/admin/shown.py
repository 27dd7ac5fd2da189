"""How columns of lists and read-only fields are shown."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Field, Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from recommendations.admin.deeds import address
from recommendations.templatetags.staff import is_written
from recommendations.templatetags.tracker import day, in_record, moment, number, status
from recommendations.vocabulary import ResponseKind, Visibility

DASH = "–"


def _columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


@cache
def column(model: type[Model], name: Any) -> Any:
    """A column of a list; one of words that people wrote says in which language they are."""
    field = model._meta.get_field(name) if isinstance(name, str) and name in _columns(model) else None
    if not isinstance(field, Field) or not is_written(field):
        return name

    @display(description=field.verbose_name, ordering=name)
    def written(row: Any) -> Any:
        value = getattr(row, name)
        return in_its_language(value) if value else DASH

    written.__name__ = name  # its class in the list
    return written


@display(description=gettext_lazy("status"), ordering="status")
def status_of(row: Any) -> Any:
    return status(row.status)


@display(description=gettext_lazy("true as of"), ordering="effective_on")
def effective_on(row: Any) -> Any:
    return day(row.effective_on)


@display(description=gettext_lazy("status since"), ordering="status_since")
def status_since(row: Any) -> Any:
    return day(row.status_since) if row.status_since else DASH


@display(description=gettext_lazy("due on"), ordering="due_on")
def due_on(row: Any) -> Any:
    return day(row.due_on) if row.due_on else DASH


@display(description=gettext_lazy("response"), ordering="response")
def response(row: Any) -> str:
    return row.get_response_display() if row.response != ResponseKind.NONE else DASH


@display(description=gettext_lazy("happened on"), ordering="occurred_on")
def occurred_on(row: Any) -> Any:
    return day(row.occurred_on, row.date_precision)


@display(description=gettext_lazy("published on"), ordering="published_on")
def published_on(row: Any) -> Any:
    return day(row.published_on, row.date_precision, row.date_label)


@display(description=gettext_lazy("stated on"), ordering="stated_on")
def stated_on(row: Any) -> Any:
    return day(row.stated_on, row.date_precision)


@display(description=gettext_lazy("value"))
def value(row: Any) -> str:
    """Without idle zeros; a value that is none is told in its words, where it has any."""
    if row.value is None:
        words = getattr(row, "value_text", "")
        return in_its_language(words) if words else DASH
    return number(row.value)


@display(description=gettext_lazy("recommendation"))
def recommendation_of(row: Any) -> Any:
    if row.recommendation is None:
        return DASH
    return link(row.recommendation, row.recommendation.code)


@display(description=gettext_lazy("proposed by"))
def proposer(row: Any) -> str:
    return str(row.proposed_by or row.proposed_by_machine)


def in_its_language(words: Any) -> SafeString:
    """Words of the record, marked as being in its language where the page is in another."""
    return format_html("<span{}>{}</span>", in_record(), words)


def short(at: datetime | None) -> str:
    """A moment in a column: short, and in the order that sorts by eye."""
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else DASH


@display(description=gettext_lazy("last run"), ordering="last_run_at")
def last_run_at(row: Any) -> str:
    return short(row.last_run_at)


@display(description=gettext_lazy("next due"), ordering="next_due_at")
def next_due_at(row: Any) -> str:
    return short(row.next_due_at)


@display(description=gettext_lazy("finished at"), ordering="finished_at")
def finished_at(row: Any) -> str:
    return short(row.finished_at)


@display(description=gettext_lazy("first seen"), ordering="first_seen_at")
def first_seen_at(row: Any) -> str:
    return short(row.first_seen_at)


@display(description=gettext_lazy("at"), ordering="id")
def at(row: Any) -> str:
    return short(row.at)


@display(description=gettext_lazy("proposed at"), ordering="proposed_at")
def proposed_at(row: Any) -> Any:
    return moment(row.proposed_at)


@display(description=gettext_lazy("how well known"))
def marks(row: Any) -> str:
    """What a reader must know of a piece of evidence before relying on it."""
    said = []
    if not row.verified:
        said.append(_("unverified"))
    if row.caution:
        said.append(_("caution"))
    if row.visibility == Visibility.INTERNAL:
        said.append(_("internal"))
    return ", ".join(said) or DASH


def link(row: Any, words: Any = "") -> Any:
    """A link to a row's page in the admin."""
    return format_html('<a class="inner-link" href="{}"{}>{}</a>', address(row), in_record(), words or row)


def outside(url: str) -> Any:
    """A link to an address elsewhere; the browser tells that site nothing of ours."""
    if not url.startswith(("http://", "https://")):
        return url or DASH
    return format_html(
        '<a class="inner-link" href="{0}" rel="noreferrer noopener" target="_blank">{0}</a>', url
    )
