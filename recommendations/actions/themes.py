"""The shallow tree of subjects."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from recommendations.actions import changes, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Theme, User


def create(*, by: User, now: datetime, **fields: Any) -> Theme:
    """Add a theme; `fields` are the columns of Theme."""
    require(by, "theme.write")
    _two_levels(fields.get("parent"))
    parent = fields.get("parent")
    with one_transaction(), changes.followed(by=by, now=now, theme=[parent and parent.pk]) as around:
        theme = records.create(Theme(**fields), by=by, now=now)
        around.add("theme", theme.pk)
    return theme


def change(theme: Theme, *, by: User, now: datetime, **fields: Any) -> Theme:
    require(by, "theme.write")
    _two_levels(fields.get("parent"), theme)
    parent = fields.get("parent")
    with one_transaction(), changes.followed(by=by, now=now, theme=[theme.pk, parent and parent.pk]):
        theme = Theme.objects.select_for_update().get(pk=theme.pk)
        records.change(theme, fields, by=by, now=now)
    return theme


def _two_levels(parent: Theme | None, theme: Theme | None = None) -> None:
    if parent is None:
        return
    if parent.parent_id is not None or (theme is not None and theme.children.exists()):
        raise Refused("theme_two_levels", _("Themes have two levels only."), "parent")
