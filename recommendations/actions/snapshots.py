"""Keeping what an address returned: the text once for each wording, the bytes where the settings ask for them."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from recommendations.models.packing import packed

OFF, CHANGED, ALL = KEEPING = ("off", "changed", "all")
"""Values of TRACKER_KEEP_RAW: no bytes; those of every new text; those of every answer that differs by a byte."""


@dataclass(frozen=True)
class Seen:
    """One answer worth keeping, of the address of one Document.

    `text` is the words, or None where they were seen before and only the bytes are new. `raw` is what `raw_copy`
    returned; `size` the bytes received.
    """

    document_id: int
    text_hash: str
    raw_hash: str
    text: str | None = None
    final_url: str = ""
    content_type: str = ""
    size: int = 0
    raw: bytes | None = None


def raw_copy(body: bytes | None, *, new_text: bool, keep: str, limit: int) -> bytes | None:
    """The bytes compressed, if they are to be kept; else None. Call it where the answer is read, not in a transaction.

    `keep` is one of KEEPING, `limit` the most bytes (uncompressed) that are kept of one answer, `new_text` whether the
    look brought words not seen before.
    """
    if not body or keep == OFF or (keep == CHANGED and not new_text) or len(body) > limit:
        return None
    return zlib.compress(body)


def store(seen: Collection[Seen], *, now: datetime) -> dict[tuple[int, str], int]:
    """Keep many answers at once: (document id, hash of the text) -> id of its Snapshot.

    At most three statements, however many. A text that is known already is not stored again (its snapshot's id is
    returned), one that retention had dropped is filled in again. A `Seen` without a text whose snapshot does not exist
    is left out of the answer. Writes no events: a snapshot is told by the run and the finding that refer to it.
    Call it in the transaction that records the looks.
    """
    rows = {(each.document_id, each.text_hash): each for each in seen if each.text is not None}
    raws = {(each.document_id, each.text_hash, each.raw_hash): each for each in seen if each.raw is not None}
    wanted = sorted(rows.keys() | {(document, text_hash) for document, text_hash, _raw in raws})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        if rows:
            # In one order for everyone: two batches with the same pages must not wait for each other.
            cursor.execute(_INSERT, _columns([rows[key] for key in sorted(rows)], now))
        cursor.execute(_IDS, [[key[0] for key in wanted], [key[1] for key in wanted]])
        ids = {(document, text_hash): pk for pk, document, text_hash in cursor.fetchall()}
        copies = [(ids[key[:2]], each) for key, each in sorted(raws.items()) if key[:2] in ids]
        if copies:
            cursor.execute(
                _INSERT_RAW,
                [
                    now,
                    [pk for pk, _each in copies],
                    [each.raw_hash for _pk, each in copies],
                    [each.size for _pk, each in copies],
                    [each.raw for _pk, each in copies],
                ],
            )
    return ids


def _columns(rows: list[Seen], now: datetime) -> list[Any]:
    return [
        now,
        [row.document_id for row in rows],
        [row.text_hash for row in rows],
        [row.raw_hash for row in rows],
        [packed(row.text or "") for row in rows],
        [row.final_url[:2000] for row in rows],
        [row.content_type[:200] for row in rows],
        [row.size for row in rows],
    ]


_INSERT = """
INSERT INTO recommendations_snapshot AS known
       (document_id, taken_at, text_hash, raw_hash, text, final_url, content_type, size)
SELECT document_id, %s, text_hash, raw_hash, text, final_url, content_type, size
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::int[])
       AS seen (document_id, text_hash, raw_hash, text, final_url, content_type, size)
    ON CONFLICT (document_id, text_hash) DO UPDATE SET text = EXCLUDED.text, dropped_at = NULL
       WHERE known.text IS NULL
"""
_IDS = """
SELECT known.id, known.document_id, known.text_hash
  FROM recommendations_snapshot known
  JOIN unnest(%s::bigint[], %s::text[]) AS wanted (document_id, text_hash)
    ON (known.document_id, known.text_hash) = (wanted.document_id, wanted.text_hash)
"""
_INSERT_RAW = """
INSERT INTO recommendations_rawcopy (snapshot_id, seen_at, raw_hash, size, body)
SELECT snapshot_id, %s, raw_hash, size, body
  FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::bytea[]) AS seen (snapshot_id, raw_hash, size, body)
    ON CONFLICT (snapshot_id, raw_hash) DO NOTHING
"""
