"""Every change of anything public is told by a public event, also where it is a consequence.

An action tells of what it was asked to do. What follows for others (a theme that comes to light with the first public
recommendation under it, a citation that vanishes with its evidence) is told here: the public records around the rows
that the action touches are compared before and after, and each that reads otherwise and was not told of gets an event
`<noun>.shown`, `<noun>.hidden` or `<noun>.updated`. A recommendation that is hidden gets its `recommendation.hidden`
in every case: somebody may wait for nothing else.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from recommendations.actions import events
from recommendations.models import Event, Institution
from recommendations.queries import neighbours, records
from recommendations.queries.record_shapes import MODELS
from recommendations.queries.records import Key

LOCK = "SELECT pg_advisory_xact_lock(hashtext('recommendations_public'))"
SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext('recommendations_public'))"


class Around:
    """The rows whose public records are watched, by noun; an action adds those that it makes or finds."""

    def __init__(self, wanted: dict[str, Collection[int | None]]) -> None:
        self.wanted: dict[str, set[int]] = {noun: set() for noun in records.NOUNS}
        self.filed: dict[str, neighbours.Filed] = {}
        for noun, ids in wanted.items():
            self.add(noun, *ids)

    def add(self, noun: str, *ids: int | None) -> None:
        """Watch these rows too; None is nobody."""
        self.wanted[noun] |= {pk for pk in ids if pk is not None}

    def keep_filed(self) -> None:
        """For what may hide recommendations, before it changes anything.

        The events keep under what these were filed while they were public: by that, and not by what they are given
        while they are hidden, those are told who asked for a theme or an addressee.
        """
        self.filed = neighbours.filed(self.wanted["recommendation"])


def alone() -> None:
    """Let nobody else change what the public sees until the transaction ends; for doors that lock a row themselves."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def hold() -> None:
    """Let no visibility change until the transaction ends.

    For actions that change a record without changing who sees what. They hold it together; `followed` holds it
    alone. Take it before any lock on a row, or two actions may wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHARED)


@contextmanager
def followed(*, by: events.Actor, now: datetime, **wanted: Collection[int | None]) -> Iterator[Around]:
    """Tell of all public records that read otherwise afterwards. `wanted` is primary keys by noun.

    Only one transaction at a time does this: what each of two sees as visible may rest on what the other changes.
    """
    alone()
    around = Around(wanted)
    before = _read(around)
    yield around
    after = _read(around)
    changed = [key for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]
    told = _told(changed)
    fresh = [
        _event(key, before.get(key), after.get(key), by=by, now=now, filed=around.filed)
        for key in changed
        if key not in told or _is_hidden(key, after)
    ]
    Event.objects.bulk_create(fresh, batch_size=500)


@contextmanager
def naming(institution: Institution | None, *, by: events.Actor, now: datetime) -> Iterator[None]:
    """For a row that may name a body: naming one may bring it to light, or hide what nothing named before."""
    if institution is None:
        hold()
        yield
    else:
        with followed(by=by, now=now, institution=[institution.pk]):
            yield


def _read(around: Around) -> dict[Key, bytes]:
    """A digest of each public record around: of an import there may be many, and only whether they differ counts."""
    found = records.of(neighbours.of(around.wanted))
    return {key: hashlib.sha256(record.text.encode()).digest() for key, record in found.items()}


def _told(keys: Collection[Key]) -> set[Key]:
    """Which of these records public events of this transaction tell of already: an import tells of very many."""
    names = [name for _noun, name in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT object_type, object_id, recommendation_code FROM recommendations_event WHERE public"
            " AND transaction = pg_current_xact_id()::text::bigint + recommendations_feed_offset()"
            " AND (object_id = ANY(%s) OR recommendation_code = ANY(%s))",
            [names, names],
        )
        rows = cursor.fetchall()
    return {("recommendation", code) for _noun, _name, code in rows if code} | {
        (noun, name) for noun, name, _code in rows if noun in records.NOUNS
    }


def _is_hidden(key: Key, after: Mapping[Key, bytes]) -> bool:
    return key[0] == "recommendation" and key not in after


def _event(
    key: Key,
    before: bytes | None,
    after: bytes | None,
    *,
    by: events.Actor,
    now: datetime,
    filed: Mapping[str, neighbours.Filed],
) -> Event:
    noun, code = key
    verb = "shown" if before is None else "hidden" if after is None else "updated"
    target = MODELS[noun](code=code)
    was = filed.get(code) if key[0] == "recommendation" and after is None else None
    return events.describe(f"{noun}.{verb}", target, by=by, now=now, public=True, before=was)
