"""What a load of our own files does: tell new from changed from unchanged, and write the events of a batch."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from django.db import models

from recommendations.actions import events, records
from recommendations.models import Event, ImportedRow


@dataclass
class Tally:
    """How many objects of one noun a batch made, changed and left alone."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Coded:
    """A value that has no code of its own, with one."""

    code: str
    value: Any


class Batch:
    """One run of an import: the digests it knows, and the events and digests still to be written.

    `step` hears how many objects of a noun of how many are done.
    """

    def __init__(
        self, origin: str, now: datetime, step: Callable[[str, int, int], None] = lambda *_come: None
    ) -> None:
        self.origin = origin
        self.now = now
        self.step = step
        rows = ImportedRow.objects.filter(origin=origin).values_list("noun", "code", "digest")
        self._known = {(noun, code): digest for noun, code, digest in rows}
        self._digests: list[ImportedRow] = []
        self._events: list[Event] = []
        self._made: list[tuple[Event, models.Model]] = []

    def is_unchanged(self, noun: str, code: str, value: object) -> bool:
        """Whether the import said exactly this of the object the last time; remembers it if not."""
        digest = digest_of(value)
        if self._known.get((noun, code)) == digest:
            return True
        self._digests.append(ImportedRow(origin=self.origin, noun=noun, code=code, digest=digest))
        return False

    def tell(self, event: Event) -> None:
        """Keep an event to be written when the batch is finished."""
        self._events.append(event)

    def upsert(
        self,
        noun: str,
        items: Collection[Any],
        build: Callable[[Any], models.Model],
        known: dict[str, Any],
        *,
        attach: Callable[[Any, Any], None] | None = None,
        own: Callable[[Any], object] = lambda item: item,
        public: bool = True,
    ) -> Tally:
        """Make the rows that are new, change those whose values in the file have changed.

        `build` turns an item into an unsaved row, `attach` sets what hangs on it (links and lists), `own`
        is the part of an item that the digest covers. `known` (rows by code) gains the new ones.
        """
        tally = Tally()
        for place, item in enumerate(items):
            self.step(noun, place, len(items))
            if self.is_unchanged(noun, item.code, own(item)):
                tally.unchanged += 1
                continue
            row = build(item)
            if item.code in known:
                self._change(known[item.code], row, public)
                row = known[item.code]
                tally.changed += 1
            else:
                row.save(force_insert=True)
                known[item.code] = row
                after = {"code": item.code, "title": str(row)}
                event = events.describe(
                    f"{noun}.created", row, by=self.origin, now=self.now, after=after, public=public
                )
                self._made.append((event, row))
                self.tell(event)
                tally.created += 1
            if attach is not None:
                attach(item, row)
        return tally

    def finish(self) -> None:
        """Write the events and digests of the batch."""
        self._keep_internal_what_is()
        Event.objects.bulk_create(self._events, batch_size=500)
        ImportedRow.objects.bulk_create(
            self._digests,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["origin", "noun", "code"],
            update_fields=["digest"],
        )

    def _keep_internal_what_is(self) -> None:
        """What was made may belong to something internal; asked at the end, when all that names it is there."""
        by_model: dict[type[models.Model], list[tuple[Event, models.Model]]] = defaultdict(list)
        for event, row in self._made:
            if event.public:
                by_model[type(row)].append((event, row))
        for model, made in by_model.items():
            seen = set(
                model._default_manager.published()  # type: ignore[attr-defined]
                .filter(pk__in=[row.pk for _event, row in made])
                .values_list("pk", flat=True)
            )
            for event, row in made:
                event.public = row.pk in seen

    def _change(self, row: models.Model, built: models.Model, public: bool) -> None:
        fixed = {"id", "version", "updated_at"}
        changes = {
            field.name: getattr(built, field.name)
            for field in row._meta.concrete_fields
            if field.name not in fixed and field.editable
        }
        records.change(row, changes, by=self.origin, now=self.now, public=public)


def digest_of(value: object) -> str:
    """SHA-256 of everything a value says; where it was read (`place`) is not part of it."""
    return hashlib.sha256(repr(_said(value)).encode()).hexdigest()


def without(item: Any, *names: str) -> list[object]:
    """What a dataclass says, some fields left out."""
    return [getattr(item, field.name) for field in fields(item) if field.name not in names and field.compare]


def _said(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return [(field.name, _said(getattr(value, field.name))) for field in fields(value) if field.compare]
    if isinstance(value, list | tuple):
        return [_said(each) for each in value]
    return value
