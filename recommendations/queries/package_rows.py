"""Which rows a table of the data package holds: what is public, is chosen, and was known at the moment asked for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from recommendations.queries.export_tables import Table
from recommendations.queries.exports import Selected, inlined

CODE = _("Code; other tables refer to it.")
NUMBER = _("Number of the row in this tracker.")
OF = _("Code of the recommendation.")
REMARK = _("What a reader should know of it.")
RECORDED = _("When it was recorded here.")
ITS = (("recommendation", "recommendations"),)
"""The reference of a table of which each row belongs to one recommendation."""


def seen(rows: Any, key: str) -> str:
    return f"{key} IN ({inlined(rows, 'pk')})"


def chosen(selected: Selected, key: str) -> str:
    return f"{key} IN ({inlined(selected.rows, 'pk')})"


def by_then(selected: Selected, moment: str, of_day: str = "") -> str:
    """The condition that something was known, and had happened, by the moment asked for."""
    if selected.at is None:
        return ""
    happened = f" AND {of_day} <= {selected.today}" if of_day else ""
    return (f" AND {moment} <= {selected.moment}" if moment else "") + happened


def was_done(selected: Selected, moment: str) -> str:
    """The condition that an act of ours, which has no other day, was done by the day and the moment asked for."""
    if selected.at is None:
        return f"{moment} IS NOT NULL"
    return f"{moment} <= {selected.moment} AND ({moment} AT TIME ZONE 'UTC')::date <= {selected.today}"


def since(selected: Selected, value: str, moment: str) -> str:
    """A value that came to be at a moment: empty before it."""
    return value if selected.at is None else f"CASE WHEN {moment} <= {selected.moment} THEN {value} END"


def ledger(table: str, rows: Any, then: str, selected: Selected) -> str:
    """FROM to ORDER BY of what belongs to one recommendation; `then` narrows it to the moment asked for."""
    return (
        f"FROM recommendations_{table} a JOIN recommendations_recommendation r ON r.id = a.recommendation_id"
        f" WHERE {seen(rows, 'a.id')} AND {chosen(selected, 'r.id')}{then} ORDER BY a.id"
    )


def dimension(name: str, title: Any, about: Any, columns: Any, model: Any) -> Table:
    """A table that is whole whatever is asked for, so that codes elsewhere lead somewhere."""
    return Table(
        name,
        title,
        about,
        ("code",),
        columns,
        lambda selected: (
            f"FROM {model._meta.db_table} x WHERE {seen(model.objects.published(), 'x.id')} ORDER BY x.code"
        ),
    )
