"""The change feed: every public event in one order that no later commit can alter.

Two transactions may commit in another order than they wrote in, so neither an event's number nor its moment can tell
a reader what is still to come. The feed is in the order of (transaction, number) and ends at the horizon: the oldest
transaction that was open anywhere when it was asked. Below it everything is committed and nothing will be added.
What a long transaction holds back is told as `waiting` and comes when it has ended; nothing is skipped.

An event says what was done. What the thing says now is its public record (records.py), given once a page for all
that its changes touch, or as gone. Whoever keeps the records of all pages has what an export holds.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from recommendations.models import Epoch, Event
from recommendations.queries import records
from recommendations.queries.records import Key, Record
from recommendations.vocabulary import Visibility

SHOWN: dict[str, tuple[str, ...]] = {
    "recommendation": (
        "title", "summary", "group", "locator", "explicit", "note", "priority", "visibility",
        "status", "status_since", "confidence", "contested",
    ),
    "source": ("title", "kind", "authors", "series", "date_label", "url", "language", "note", "visibility"),
    "theme": ("name", "description"),
    "institution": ("name", "kind", "country"),
    "evidence": ("title", "kind", "finding", "verified", "url_confirmed", "caution", "visibility"),
    "indicator": ("name", "unit", "direction", "note"),
    "figure": ("measure", "value", "unit", "period"),
    "assessment": (
        "status", "effective_on", "confidence", "verdict_by", "state", "headline", "status_since", "contested",
    ),
    "closure": ("closure", "review_on"),
    "deadline": ("due_on",),
    "response": ("response",),
    "relation": ("kind",),
    "evidencelink": ("stance", "timing"),
    "observation": ("role", "period", "period_from", "period_to", "value", "value_text"),
}  # fmt: skip
"""What the feed tells of `before` and `after`, by the kind of object that an event is about.

Only values of the object itself. What it refers to may be hidden today and stands, where it is not, in the record; so
do dates of which only a part is known.
"""

OBJECT_TYPES = tuple(SHOWN)


class NotOurs(ValueError):
    """No cursor of this feed: made by hand, cut off, or of another tracker."""


class Ahead(ValueError):
    """A cursor of this feed that lies beyond its end: the tracker was restored from an older copy."""


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in the feed: after this event of this transaction."""

    transaction: int
    event: int

    def text(self, key: UUID) -> str:
        """As it is given out, signed with the feed's key."""
        place = _PLACE.pack(self.transaction, self.event)
        return base64.urlsafe_b64encode(place + _signature(place, key)).decode()


START = Cursor(0, 0)
_PLACE = struct.Struct(">qq")
_SIGNED = 8


def read(text: str, key: UUID) -> Cursor:
    """The cursor of this text. Raises NotOurs."""
    try:
        content = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotOurs(text) from error
    place, signature = content[: _PLACE.size], content[_PLACE.size :]
    if len(content) != _PLACE.size + _SIGNED or not hmac.compare_digest(signature, _signature(place, key)):
        raise NotOurs(text)
    return Cursor(*_PLACE.unpack(place))


def _signature(place: bytes, key: UUID) -> bytes:
    return hmac.digest(key.bytes, place, hashlib.sha256)[:_SIGNED]


def key() -> UUID:
    """The key of this tracker's feed."""
    return Epoch.objects.order_by("id").values_list("key", flat=True)[0]


def horizon() -> int:
    """The transaction at which the feed ends now: what becomes visible from now on lies there or behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT recommendations_feed_horizon()")
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Change:
    """One public event. `key` is the noun and code of the record that it touches."""

    cursor: Cursor
    at: datetime
    by_person: bool
    verb: str
    object_type: str
    object_id: str
    key: Key
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Waiting:
    """Public events that are committed but held back by an older transaction that is still open."""

    changes: int
    since: datetime | None


@dataclass(frozen=True)
class Page:
    """Changes in their order, and the records that they touch as they are now; None for what is gone.

    `cursor` is where the next page begins; `more` tells whether it has something already.
    """

    changes: list[Change]
    records: dict[Key, Record | None]
    cursor: Cursor
    more: bool
    waiting: Waiting


@dataclass(frozen=True)
class Asked:
    """What the feed is narrowed to; what is None or () leaves everything in."""

    object_types: Collection[str] = ()
    source: str | None = None
    recommendation: str | None = None


def page(after: Cursor, limit: int, asked: Asked) -> Page:
    """The first `limit` changes after a cursor: two statements, and one for each noun that they touch. Raises Ahead."""
    horizon, last, waiting = _horizon()
    if after > horizon:
        raise Ahead()
    found = _changes(after, horizon, limit + 1, asked)
    changes = found[:limit]
    more = len(found) > limit
    wanted: dict[str, set[str]] = {}
    for change in changes:
        noun, code = change.key
        wanted.setdefault(noun, set()).add(code)
    held = records.by_code(wanted)
    told = [_told(change, held) for change in changes]
    return Page(
        changes=told,
        records={change.key: held.get(change.key) for change in told if change.key[1]},
        # With nothing more, the next page begins at the last public event, whatever was asked for: there is nothing
        # before it to look at again, and what is done internally does not move it.
        cursor=told[-1].cursor if more else max(after, last),
        more=more,
        waiting=waiting,
    )


def end() -> Cursor:
    """The end of the feed in this snapshot: what was read in it holds every change up to this cursor."""
    return _horizon()[1]


def newest() -> tuple[int, int] | None:
    """The newest public event that is seen: the public records are the same as long as it is."""
    return (
        Event.objects.filter(public=True)
        .order_by("-transaction", "-id")
        .values_list("transaction", "id")
        .first()
    )


def has_told(noun: str, code: str) -> bool:
    """Whether the feed ever told of it: what is hidden since may still be asked for, and is told as gone."""
    return Event.objects.filter(object_type=noun, object_id=code, public=True).exists()


_HORIZON = """
WITH feed AS MATERIALIZED (SELECT recommendations_feed_horizon() AS horizon)
SELECT feed.horizon, last.transaction, last.id, waiting.number, waiting.since
  FROM feed
  LEFT JOIN LATERAL (
       SELECT e.transaction, e.id FROM recommendations_event e WHERE e.public AND e.transaction < feed.horizon
        ORDER BY e.transaction DESC, e.id DESC LIMIT 1) last ON true
 CROSS JOIN LATERAL (
       SELECT count(*) AS number, min(e.at) AS since FROM recommendations_event e
        WHERE e.public AND e.transaction >= feed.horizon) waiting
"""


def _horizon() -> tuple[Cursor, Cursor, Waiting]:
    """The horizon, the last public event below it, and what is held back behind it: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        horizon, transaction, event, number, since = cursor.fetchone()
    return Cursor(horizon, 0), Cursor(transaction or 0, event or 0), Waiting(number, since)


TOLD = """
SELECT e.transaction, e.id, e.at, e.actor_id IS NOT NULL, e.verb, e.object_type, e.object_id,
       CASE WHEN e.recommendation_code <> '' THEN 'recommendation'
            WHEN e.object_type = 'observation' THEN 'indicator' ELSE e.object_type END,
       CASE WHEN e.recommendation_code <> '' THEN e.recommendation_code
            WHEN e.object_type = 'observation' THEN coalesce(
                 (SELECT i.code FROM recommendations_observation o
                    JOIN recommendations_indicator i ON i.id = o.indicator_id
                   WHERE o.id = e.object_id::bigint), '')
            ELSE e.object_id END,
       e.before, e.after
  FROM recommendations_event e
"""
"""The columns of `change`."""

_CHANGES = """
 WHERE e.public AND (e.transaction, e.id) > (%(transaction)s, %(event)s) AND e.transaction < %(end)s
   AND e.object_type = ANY(%(types)s){narrowed}
 ORDER BY e.transaction, e.id LIMIT %(limit)s
"""

_OF_RECOMMENDATION = " AND e.recommendation_code = %(recommendation)s"
_OF_SOURCE = """
   AND (e.recommendation_code IN (SELECT r.code FROM recommendations_recommendation r
                                    JOIN recommendations_source s ON s.id = r.source_id WHERE s.code = %(source)s)
        OR e.object_type = 'source' AND e.object_id = %(source)s)"""


def _changes(after: Cursor, end: Cursor, limit: int, asked: Asked) -> list[Change]:
    narrowed = _OF_RECOMMENDATION if asked.recommendation is not None else ""
    narrowed += _OF_SOURCE if asked.source is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            TOLD + _CHANGES.format(narrowed=narrowed),
            {
                "transaction": after.transaction,
                "event": after.event,
                "end": end.transaction,
                "types": list(asked.object_types or OBJECT_TYPES),
                "limit": limit,
                "recommendation": asked.recommendation,
                "source": asked.source,
            },
        )
        return [change(*row) for row in cursor.fetchall()]


def change(
    transaction: int,
    event: int,
    at: datetime,
    by_person: bool,
    verb: str,
    object_type: str,
    object_id: str,
    noun: str,
    code: str,
    before: str | None,
    after: str | None,
) -> Change:
    """A row of TOLD."""
    place = Cursor(transaction, event)
    told = [_own(values, object_type) for values in (before, after)]
    return Change(place, at, by_person, verb, object_type, object_id, (noun, code), *told)


def _own(values: str | None, object_type: str) -> dict[str, Any] | None:
    """What of an event's `before` or `after` is the object's own and may be told."""
    if values is None:
        return None
    return {name: value for name, value in orjson.loads(values).items() if name in SHOWN[object_type]}


def _told(change: Change, held: dict[Key, Record]) -> Change:
    """Without what was never, or is no longer, for the public."""
    return told(change) if change.key in held else replace(change, before=None, after=None)


def told(change: Change) -> Change:
    """A change of something public: what it said while it was internal is not told."""
    if change.before and change.before.get("visibility") == Visibility.INTERNAL:
        return replace(change, before={"visibility": Visibility.INTERNAL.value})
    return change
