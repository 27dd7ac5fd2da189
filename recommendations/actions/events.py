"""The one way a line gets into the audit trail: in the transaction of the change it tells of."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from recommendations.models import Event, User

Actor = User | str
"""A person, or the name of a check or an import ("check:12", "seeds")."""


def record(
    verb: str,
    target: models.Model,
    *,
    by: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    public: bool = False,
) -> Event:
    """Write one Event about `target`. Call it inside the transaction of the change.

    `public` says that the public is concerned; what is internal stays internal all the same.
    """
    shown = public and is_public(target)
    event = describe(verb, target, by=by, now=now, before=before, after=after, note=note, public=shown)
    event.save(force_insert=True)
    return event


def is_public(target: models.Model) -> bool:
    """Whether the public may see the row that an event tells of; a noun without `published()` is for all."""
    rows = type(target)._default_manager.all()
    if hasattr(rows, "published"):
        return rows.published().filter(pk=target.pk).exists()
    owner = getattr(target, "recommendation", None) or getattr(target, "indicator", None)
    return owner is None or is_public(owner)


def describe(
    verb: str,
    target: models.Model,
    *,
    by: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    public: bool = False,
) -> Event:
    """The Event that `record` would write, not yet saved: for actions that write many at once."""
    person = by if isinstance(by, User) else None
    return Event(
        at=now,
        actor=person.username if person else str(by),
        actor_id=person.pk if person else None,
        verb=verb,
        object_type=target._meta.model_name or "",
        object_id=str(getattr(target, "code", None) or target.pk),
        recommendation_code=_recommendation_code(target),
        before=plain(before),
        after=plain(after),
        note=note,
        public=public,
    )


def plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The same values as JSON can hold them: dates as ISO text, rows by their code or number."""
    if values is None:
        return None
    return json.loads(
        json.dumps({key: _plain_value(value) for key, value in values.items()}, cls=DjangoJSONEncoder)
    )


def _plain_value(value: Any) -> Any:
    if isinstance(value, models.Model):
        return getattr(value, "code", None) or value.pk
    if isinstance(value, list | tuple | set):
        return [_plain_value(each) for each in value]
    return value


def _recommendation_code(target: models.Model) -> str:
    if target._meta.model_name == "recommendation":
        return target.code  # type: ignore[attr-defined]
    recommendation = getattr(target, "recommendation", None)
    return recommendation.code if recommendation is not None else ""
