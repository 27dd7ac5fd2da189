"""How columns of lists and read-only fields are shown."""

from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from recommendations.admin.deeds import address
from recommendations.templatetags.tracker import day, moment, status
from recommendations.vocabulary import ResponseKind, Visibility

DASH = "–"


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


@display(description=gettext_lazy("recommendation"))
def recommendation_of(row: Any) -> Any:
    if row.recommendation is None:
        return DASH
    return link(row.recommendation, row.recommendation.code)


@display(description=gettext_lazy("proposed by"))
def proposer(row: Any) -> str:
    return str(row.proposed_by or row.proposed_by_machine)


def short(at: datetime | None) -> str:
    """A moment in a column: short, and in the order that sorts by eye."""
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else DASH


@display(description=gettext_lazy("last look"), ordering="last_run_at")
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
    return format_html('<a class="inner-link" href="{}">{}</a>', address(row), words or row)


def outside(url: str) -> Any:
    """A link to an address elsewhere; the browser tells that site nothing of ours."""
    if not url.startswith(("http://", "https://")):
        return url or DASH
    return format_html(
        '<a class="inner-link" href="{0}" rel="noreferrer noopener" target="_blank">{0}</a>', url
    )
