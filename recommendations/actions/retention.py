"""Dropping what has grown old: texts and bytes that nothing rests on, looks that brought nothing.

The only way by which rows of an append-only table may go. It is an act of a person: it writes down first what it will
drop, and the database refuses whatever that does not cover (migrations/0023_retention.py). Nothing that a finding, a
verdict or a check rests on is dropped; of a snapshot only the text goes, and looks are counted before they go.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from recommendations.actions import events
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Retention, User
from recommendations.models.retentions import LEAST_DAYS
from recommendations.queries.retention import OLD, values
from recommendations.vocabulary import Kept

AT_ONCE = 10_000
"""Rows of one transaction: short enough that no look waits for it."""


def drop(what: str, *, before: datetime, by: User, now: datetime) -> Iterator[Retention]:
    """Drop all that is older than `before` and rests on nothing, some rows at a time; yields each act as it is done.

    Whatever stops it, what was yielded is done and the rest is untouched; a second run goes on.
    """
    require(by, "retention.apply")
    if before > now - timedelta(days=LEAST_DAYS):
        raise Refused(
            "retention_spares_the_young",
            _("Nothing younger than %(days)d days is dropped.") % {"days": LEAST_DAYS},
            "before",
        )
    while True:
        act = _drop_some(what, before, by=by, now=now)
        if act is None:
            return
        yield act


def _drop_some(what: str, before: datetime, *, by: User, now: datetime) -> Retention | None:
    with one_transaction(), connection.cursor() as cursor:
        act = Retention.objects.create(what=what, before=before, at=now, by=by.username)
        cursor.execute(_DROP[what].format(old=OLD[what]), {**values(before), "at_once": AT_ONCE, "now": now})
        act.rows, act.bytes = cursor.fetchone()
        if not act.rows:
            act.delete()
            return None
        act.transaction = None  # what it allowed ends with it
        act.save(update_fields=["rows", "bytes", "transaction"])
        told = {"what": what, "before": before, "rows": act.rows, "bytes": act.bytes}
        events.record("retention.applied", act, by=by, now=now, after=told)
    return act


_DROP: dict[str, str] = {
    Kept.TEXTS: """
        WITH old AS ({old} LIMIT %(at_once)s),
        dropped AS (UPDATE recommendations_snapshot s SET text = NULL, dropped_at = %(now)s
                      FROM old WHERE s.id = old.id RETURNING old.bytes)
        SELECT count(*), coalesce(sum(bytes), 0) FROM dropped""",
    Kept.RAW: """
        WITH old AS ({old} LIMIT %(at_once)s),
        dropped AS (DELETE FROM recommendations_rawcopy r USING old WHERE r.id = old.id RETURNING old.bytes)
        SELECT count(*), coalesce(sum(bytes), 0) FROM dropped""",
    # Counted in the statement that lets them go: no look is ever in neither place, or in both.
    Kept.RUNS: """
        WITH old AS ({old} LIMIT %(at_once)s),
        dropped AS (DELETE FROM recommendations_checkrun r USING old WHERE r.id = old.id
                    RETURNING r.check_id, r.due_at, r.outcome, old.bytes),
        counted AS (
          INSERT INTO recommendations_runsummary AS known
                 (check_id, month, outcome, looks, first_due_at, last_due_at)
          SELECT check_id, date_trunc('month', due_at AT TIME ZONE 'UTC')::date, outcome, count(*), min(due_at),
                 max(due_at)
            FROM dropped GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
              ON CONFLICT (check_id, month, outcome) DO UPDATE
             SET looks = known.looks + EXCLUDED.looks,
                 first_due_at = least(known.first_due_at, EXCLUDED.first_due_at),
                 last_due_at = greatest(known.last_due_at, EXCLUDED.last_due_at))
        SELECT count(*), coalesce(sum(bytes), 0) FROM dropped""",
}
