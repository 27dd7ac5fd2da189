"""The tables of the exports, column by column, each with what it says: the data dictionary is made of this file.

`recommendations` is one row a recommendation, with the numbers of the list. The others are what belongs to the
recommendations that are exported, as far as the public may see it: also staff publish what they download.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from recommendations import vocabulary
from recommendations.queries.exports import (
    EVIDENCE_COUNT,
    PARTS_COUNT,
    Column,
    Selected,
    label,
    partial,
    plain,
    table,
)
from recommendations.vocabulary import STATUS_MEANINGS, Status


def words(choices: Any) -> tuple[tuple[str, str], ...]:
    """The values of a vocabulary, with their labels."""
    return tuple((each.value, str(each.label)) for each in choices)


def statuses() -> tuple[tuple[str, str], ...]:
    """The words of a status, with their definitions."""
    return tuple((each.value, str(STATUS_MEANINGS[each].definition)) for each in Status)


@dataclass(frozen=True)
class Table:
    """One table: its columns, where its rows come from, and what a row is. `key` is what tells one row from another.

    `refers` are columns that hold the `code` of a row of another table, which is in the package whatever is asked for.
    """

    name: str
    title: Any
    description: Any
    key: tuple[str, ...]
    columns: Callable[[Selected], list[Column]]
    rows: Callable[[Selected], str]
    refers: tuple[tuple[str, str], ...] = ()
    before: Callable[[Selected], str] = lambda selected: ""

    def statement(self, selected: Selected) -> str:
        return table(self.columns(selected), self.rows(selected), self.before(selected))

    def plain(self, selected: Selected) -> str:
        return plain(self.columns(selected), self.rows(selected), self.before(selected))


FORMS = {
    "string": _("Text."),
    "integer": _("A whole number."),
    "number": _("A number with a decimal point, with as many digits as were recorded."),
    "boolean": _("true or false."),
    "date": _("A day, as 2011-03-04."),
    "datetime": _(
        "A moment in UTC, as 2026-01-15T12:00:00Z, with six digits of a second where it is not a whole one."
    ),
}
A_WORD = _("One of certain words, each of which is explained in a row of its own.")
A_LIST = _("Texts with “;” between.")
AS_MUCH_AS_IS_KNOWN = _(
    "A day (2011-03-04), a month (2011-03) or a year (2011): as much of the date as is known. The rest is not known;"
    " it is not the first of the month or of the year."
)
PARTIAL = r"^\d{4}(-\d{2}(-\d{2})?)?$"

NONE = _("Empty where there is none.")
NOT_KNOWN = _("Empty where it is not known.")
NOTHING_SAID = _("Empty where nothing is said.")
NOT_ASSESSED = _("Empty where nobody has assessed it.")


def string(name: str, value: str, description: Any, choices: Any = None, empty: Any = "") -> Column:
    fixed = () if choices is None else choices if isinstance(choices, tuple) else words(choices)
    form = A_WORD if fixed else FORMS["string"]
    return Column(name, value, "string", str(description), fixed, str(form), str(empty))


def listed(name: str, value: str, description: Any) -> Column:
    return Column(name, value, "string", str(description), (), str(A_LIST), str(NONE))


def partly(name: str, day: str, precision: str, description: Any) -> Column:
    """A date of which only a part may be known."""
    form = str(AS_MUCH_AS_IS_KNOWN)
    return Column(name, partial(day, precision), "string", str(description), (), form, "", PARTIAL)


def integer(name: str, value: str, description: Any, empty: Any = "") -> Column:
    return _plain(name, value, "integer", description, empty)


def number(name: str, value: str, description: Any, empty: Any = "") -> Column:
    return _plain(name, f"trim_scale({value})", "number", description, empty)


def flag(name: str, value: str, description: Any, empty: Any = "") -> Column:
    return _plain(name, value, "boolean", description, empty)


def day(name: str, value: str, description: Any, empty: Any = "") -> Column:
    return _plain(name, value, "date", description, empty)


def instant(name: str, value: str, description: Any, empty: Any = "") -> Column:
    return _plain(name, value, "datetime", description, empty)


def _plain(name: str, value: str, type_: str, description: Any, empty: Any) -> Column:
    return Column(name, value, type_, str(description), (), str(FORMS[type_]), str(empty))


def by_code(name: str, table: str, key: str, description: Any, empty: Any = "") -> Column:
    """The code of the row that a key leads to."""
    value = f"(SELECT y.code FROM recommendations_{table} y WHERE y.id = {key})"  # noqa: S608 - our text
    return string(name, value, description, empty=empty)


THEMES = """(SELECT coalesce(string_agg(t.code, ';' ORDER BY t.name, t.id), '')
      FROM recommendations_recommendation_themes l JOIN recommendations_theme t ON t.id = l.theme_id
     WHERE l.recommendation_id = r.id)"""
ADDRESSEES = """(SELECT coalesce(string_agg(i.code, ';' ORDER BY l.position, l.id), '')
      FROM recommendations_addressee l JOIN recommendations_institution i ON i.id = l.institution_id
     WHERE l.recommendation_id = r.id)"""


def recommendation_columns(chosen: Selected) -> list[Column]:
    head, closed = chosen.head, f"NOT {chosen.open()}"
    while_open = _("Empty while it is open.")
    open_or_closed = (
        ("open", str(_("Somebody still waits for it."))),
        ("closed", str(_("Nobody waits for it any longer; the reason stands beside it."))),
    )
    return [
        integer("id", "r.id", _("Number of the row in this tracker.")),
        string("code", "r.code", _("Code of the recommendation or of the part.")),
        string("source", "s.code", _("Code of the source.")),
        string("source_title", "s.title", _("Title of the source.")),
        string(
            "parent",
            "whole.code",
            _("Code of the recommendation that this is a part of."),
            empty=_("Empty for a whole recommendation."),
        ),
        string("title", "r.title", _("A short title, in our own words and as they are today.")),
        string("summary", "r.summary", _("What is asked, in our own words and as they are today.")),
        listed("themes", THEMES, _("Codes of its themes.")),
        listed("addressees", ADDRESSEES, _("Codes of those who are asked.")),
        string(
            "status", f"{head}.status", _("What has happened, by our latest published verdict."), statuses()
        ),
        string("status_label", label(f"{head}.status", Status), _("The status in words.")),
        day(
            "status_since",
            f"{head}.status_since",
            _("First day of the unbroken run of this status."),
            NOT_ASSESSED,
        ),
        string(
            "confidence",
            f"{head}.confidence",
            _("How sure we are of the verdict that the status rests on."),
            vocabulary.Confidence,
            _("Empty where nobody has assessed it, or its verdict does not say."),
        ),
        string("response", f"{head}.response", _("What an addressee said last."), vocabulary.ResponseKind),
        string(
            "closure_state",
            f"CASE WHEN {closed} THEN 'closed' ELSE 'open' END",
            _("Whether somebody still waits for it; that says nothing about what was done."),
            open_or_closed,
        ),
        string(
            "closure_reason",
            f"CASE WHEN {closed} THEN {head}.closure_reason END",
            _("Why it is closed."),
            vocabulary.ClosureReason,
            while_open,
        ),
        day(
            "closure_review_on",
            f"CASE WHEN {closed} THEN {head}.closure_review_on END",
            _("The day on which it opens again by itself."),
            _("Empty while it is open, and where it stays closed."),
        ),
        flag("contested", f"{head}.contested", _("Another published verdict differs from ours.")),
        flag("overdue", chosen.overdue(), _("Its deadline has passed and it is open.")),
        flag("stale", chosen.stale(), _("Not verified for longer than its status may stand.")),
        flag("priority", "r.priority", _("Marked as a priority by its source or by us.")),
        day("due_on", f"{head}.due_on", _("The deadline in force."), NONE),
        partly("issued_on", "s.published_on", "s.date_precision", _("When the source was published.")),
        integer("parts_count", PARTS_COUNT, _("How many parts it has.")),
        integer(
            "evidence_count",
            EVIDENCE_COUNT,
            _("How many pieces of evidence bear on it or on its parts, each counted once."),
        ),
        instant(
            "last_verified_at", f"{head}.last_verified_at", _("When our verdict was published."), NOT_ASSESSED
        ),
        instant("updated_at", "r.updated_at", _("When the row was changed last.")),
        integer("version", "r.version", _("How often the row was changed, beginning with 1.")),
    ]


RECOMMENDATIONS = Table(
    "recommendations",
    _("Recommendations"),
    _("One row a recommendation or part, with what it has come to."),
    ("code",),
    recommendation_columns,
    lambda chosen: f"{chosen.source} ORDER BY r.code",
    before=lambda chosen: chosen.before,
)
