"""Making and changing the rows of plain nouns: the same event and the same refusals for all of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from recommendations.actions import events
from recommendations.actions.refusals import Refused

Row = TypeVar("Row", bound=models.Model)


def create(
    row: Row,
    *,
    by: events.Actor,
    now: datetime,
    public: bool = True,
    note: str = "",
    attach: Callable[[Row], None] = lambda row: None,
    **more: Any,
) -> Row:
    """Save a new row, `attach` what hangs on it and write its Event. `more` is what it tells besides the columns."""
    _check(row)
    row.save(force_insert=True)
    attach(row)
    name = row._meta.model_name
    after = {field: getattr(row, field) for field in _told(row)} | more
    events.record(f"{name}.created", row, by=by, now=now, after=after, public=public, note=note)
    return row


def change(
    row: models.Model,
    changes: dict[str, Any],
    *,
    by: events.Actor,
    now: datetime,
    public: bool = True,
    note: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> bool:
    """Set `changes` on a locked row, save what differs and write one Event; False when nothing differs.

    `before` and `after` add to the event what lives in other tables (lists of themes and the like).
    """
    was = {key: getattr(row, key) for key, value in changes.items() if getattr(row, key) != value}
    if "code" in was:
        raise Refused("code_fixed", _("A code stays: others refer to the row by it."), "code")
    if not was and not after:
        return False
    for key in was:
        setattr(row, key, changes[key])
    _check(row)
    columns = list(was)
    if hasattr(row, "version"):
        row.version += 1
        columns.append("version")
    if hasattr(row, "updated_at"):
        row.updated_at = now
        columns.append("updated_at")
    if columns:
        row.save(update_fields=columns)
    events.record(
        f"{row._meta.model_name}.changed",
        row,
        by=by,
        now=now,
        before=was | (before or {}),
        after={key: changes[key] for key in was} | (after or {}),
        public=public,
        note=note,
    )
    return True


def _check(row: models.Model) -> None:
    """Field rules with the field's name in the refusal; constraints are left to the database."""
    try:
        row.clean_fields()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused("invalid", " ".join(messages), field) from error


def _told(row: models.Model) -> list[str]:
    silent = {"id", "version", "updated_at"}
    return [field.name for field in row._meta.concrete_fields if field.name not in silent and field.editable]
