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


STATUSES = tuple((each.value, str(STATUS_MEANINGS[each].definition)) for each in Status)


@dataclass(frozen=True)
class Table:
    """One table: its columns, where its rows come from, and what a row is. `key` is what tells one row from another.

    `refers` are columns that hold the `code` of a row of another table, which is in the package whatever is asked for.
    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: Callable[[Selected], list[Column]]
    rows: Callable[[Selected], str]
    refers: tuple[tuple[str, str], ...] = ()
    before: Callable[[Selected], str] = lambda selected: ""

    def statement(self, selected: Selected) -> str:
        return table(self.columns(selected), self.rows(selected), self.before(selected))

    def plain(self, selected: Selected) -> str:
        return plain(self.columns(selected), self.rows(selected), self.before(selected))


def string(name: str, value: str, description: Any, choices: Any = None) -> Column:
    fixed = () if choices is None else choices if isinstance(choices, tuple) else words(choices)
    return Column(name, value, "string", str(description), fixed)


def integer(name: str, value: str, description: Any) -> Column:
    return Column(name, value, "integer", str(description))


def number(name: str, value: str, description: Any) -> Column:
    return Column(name, f"trim_scale({value})", "number", str(description))


def flag(name: str, value: str, description: Any) -> Column:
    return Column(name, value, "boolean", str(description))


def day(name: str, value: str, description: Any) -> Column:
    return Column(name, value, "date", str(description))


def instant(name: str, value: str, description: Any) -> Column:
    return Column(name, value, "datetime", str(description))


def by_code(name: str, table: str, key: str, description: Any) -> Column:
    """The code of the row that a key leads to."""
    return string(name, f"(SELECT y.code FROM recommendations_{table} y WHERE y.id = {key})", description)  # noqa: S608


THEMES = """(SELECT coalesce(string_agg(t.code, ';' ORDER BY t.name, t.id), '')
      FROM recommendations_recommendation_themes l JOIN recommendations_theme t ON t.id = l.theme_id
     WHERE l.recommendation_id = r.id)"""
ADDRESSEES = """(SELECT coalesce(string_agg(i.code, ';' ORDER BY l.position, l.id), '')
      FROM recommendations_addressee l JOIN recommendations_institution i ON i.id = l.institution_id
     WHERE l.recommendation_id = r.id)"""


def recommendation_columns(chosen: Selected) -> list[Column]:
    head, closed = chosen.head, f"NOT {chosen.open()}"
    return [
        integer("id", "r.id", _("Number of the row in this tracker.")),
        string("code", "r.code", _("Code of the recommendation or of the part.")),
        string("source", "s.code", _("Code of the source.")),
        string("source_title", "s.title", _("Title of the source.")),
        string("parent", "whole.code", _("Code of the recommendation that this is a part of.")),
        string("title", "r.title", _("Title.")),
        string("summary", "r.summary", _("What is asked, in our own words.")),
        string("themes", THEMES, _("Codes of its themes, separated by “;”.")),
        string("addressees", ADDRESSEES, _("Codes of those who are asked, separated by “;”.")),
        string(
            "status", f"{head}.status", _("What has happened, by our latest published verdict."), STATUSES
        ),
        Column("status_label", label(f"{head}.status", Status), "string", str(_("The status in words."))),
        day("status_since", f"{head}.status_since", _("First day of the unbroken run of this status.")),
        string("confidence", f"{head}.confidence", _("How sure we are."), vocabulary.Confidence),
        string("response", f"{head}.response", _("What an addressee said last."), vocabulary.ResponseKind),
        string("closure_state", f"CASE WHEN {closed} THEN 'closed' ELSE 'open' END", _("Open or closed.")),
        string(
            "closure_reason",
            f"CASE WHEN {closed} THEN {head}.closure_reason END",
            _("Why it is closed."),
            vocabulary.ClosureReason,
        ),
        day(
            "closure_review_on",
            f"CASE WHEN {closed} THEN {head}.closure_review_on END",
            _("The day on which it opens again by itself."),
        ),
        flag("contested", f"{head}.contested", _("Another published verdict differs from ours.")),
        flag("overdue", chosen.overdue(), _("Its deadline has passed and it is open.")),
        flag("stale", chosen.stale(), _("Not verified for longer than its status may stand.")),
        flag("priority", "r.priority", _("Marked as a priority by its source or by us.")),
        day("due_on", f"{head}.due_on", _("The deadline in force.")),
        string("issued_on", partial("s.published_on", "s.date_precision"), ISSUED),
        integer("parts_count", PARTS_COUNT, _("How many parts it has.")),
        integer("evidence_count", EVIDENCE_COUNT, _("How much evidence bears on it or its parts.")),
        instant("last_verified_at", f"{head}.last_verified_at", _("When our verdict was published.")),
        instant("updated_at", "r.updated_at", _("When the row was changed last.")),
        integer("version", "r.version", _("How often the row was changed, beginning with 1.")),
    ]


ISSUED = _("When the source was published, with only as much of the date as is known.")

RECOMMENDATIONS = Table(
    "recommendations",
    "Recommendations",
    "One row a recommendation or part, with what it has come to.",
    ("code",),
    recommendation_columns,
    lambda chosen: f"{chosen.source} ORDER BY r.code",
    before=lambda chosen: chosen.before,
)
