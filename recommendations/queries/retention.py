"""What has grown old and may go: counted, with its bytes, before anything is dropped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from recommendations.vocabulary import UNEVENTFUL, Kept

# What rests on a text is said once, in the database (recommendations_snapshot_is_needed); its trigger asks it too.
OLD: dict[str, str] = {
    Kept.TEXTS: """
        SELECT s.id, octet_length(s.text) AS bytes FROM recommendations_snapshot s
         WHERE s.text IS NOT NULL AND s.taken_at < %(before)s AND NOT recommendations_snapshot_is_needed(s)""",
    Kept.RAW: """
        SELECT r.id, octet_length(r.body) AS bytes FROM recommendations_rawcopy r WHERE r.seen_at < %(before)s""",
    Kept.RUNS: """
        SELECT r.id, pg_column_size(r.*) AS bytes FROM recommendations_checkrun r
         WHERE r.finished_at < %(before)s AND r.outcome = ANY(%(uneventful)s)
           AND EXISTS (SELECT FROM recommendations_checkrun later
                        WHERE later.check_id = r.check_id AND later.due_at > r.due_at)""",
}
"""The rows of each kind that may go, as (id, bytes). The last look of a check stays, whatever it brought."""


@dataclass(frozen=True)
class Amount:
    """How many rows, and how many bytes they take without indexes."""

    rows: int
    bytes: int


def old(what: str, before: datetime) -> Amount:
    """What of that kind is older and rests on nothing: one statement, which reads all of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(bytes), 0) FROM ({OLD[what]}) old",  # noqa: S608 - our own words
            values(before),
        )
        return Amount(*cursor.fetchone())


def values(before: datetime) -> dict[str, Any]:
    """What the statements of OLD are given."""
    return {"before": before, "uneventful": [outcome.value for outcome in UNEVENTFUL]}
