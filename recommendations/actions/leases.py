"""Leases on checks: who looks at what is due, for how long, and one host by one lease at a time.

A claim is a token and an end. While its worker lives it renews the lease; what it will not get to it gives back; a
dead worker's lease lapses by itself. Only who holds the lease records the look (runs.py).
"""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from recommendations.actions import hosts
from recommendations.actions.refusals import one_transaction
from recommendations.models import Indicator, Recommendation
from recommendations.rules import schedules
from recommendations.vocabulary import OWN_CHECKS, CheckState

CLAIM_LOCK = 0x70727463
"""The advisory lock under which claims are made (any number that nothing else uses)."""

FROZEN_AFTER = "30s"
"""PostgreSQL ends a session that has done nothing for so long in the middle of a claim."""

DEPTH = 20
"""How many times more due checks than wanted a claim looks through, to find some of hosts that are free."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One check under a lease: what to look at, and what it takes to write the look down.

    `url` and `title` are those of the evidence where it watches one, else `watched` is the recommendation or
    indicator. `host_fails`: the host is known to fail as a whole. No model: there are thousands in a minute.
    """

    pk: int
    lease: uuid.UUID
    kind: str
    host: str
    config: dict[str, Any]
    memory: dict[str, Any]
    every: int
    failures: int
    quiet_runs: int
    changed_at: datetime | None
    due_at: datetime
    evidence_id: int | None = None
    document_id: int | None = None
    url: str = ""
    title: str = ""
    host_fails: bool = False
    watched: Recommendation | Indicator | None = None


def claim(
    *,
    lease: uuid.UUID,
    now: datetime,
    limit: int,
    live: bool,
    ids: Collection[int] | None = None,
    early: bool = False,
    lasting: timedelta = schedules.LEASE,
    per_host: int | None = None,
    leave: Collection[str] = (),
) -> list[Claimed]:
    """Take up to `limit` due checks under `lease`, the longest due first; nobody else gets them for `lasting`.

    While `live` is off only those that a person asked for are taken, and those that look at our own rows and go
    nowhere. With `early` (an operator at the terminal) checks that are not due yet become due now. Left alone are:
    a host of which some check is under another lease, so that one worker at a time asks it; a host that asked us to
    wait; the hosts in `leave`; and of each host what is more than `per_host`, so that one slow host does not fill a
    worker's hands.
    """
    where = [_FREE, "c.host <> ALL(%(leave)s)"]
    where += [] if early else ["c.next_due_at <= %(now)s"]
    where += [] if live else ["(c.requested_at IS NOT NULL OR c.kind = ANY(%(own)s))"]
    where += [] if ids is None else ["c.id = ANY(%(ids)s)"]
    given: dict[str, Any] = {
        "lease": lease,
        "now": now,
        "until": now + lasting,
        "limit": limit,
        "depth": limit * DEPTH,
        "per_host": per_host or limit,
        "leave": list(leave),
        "own": list(OWN_CHECKS),
        "ids": list(ids or ()),
        "paused": CheckState.PAUSED,
    }
    with one_transaction(), connection.cursor() as cursor:
        # Claims are made one after another: what is under lease must not change while one looks. A worker that is
        # frozen in here must not keep the others waiting for as long as it pleases.
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true), pg_advisory_xact_lock(%s)",
            [FROZEN_AFTER, CLAIM_LOCK],
        )
        cursor.execute(_CLAIM.format(where=" AND ".join(where), free=_FREE), given)
        return _with_what_they_watch([_Row(*row) for row in cursor.fetchall()], lease)


def renew(lease: uuid.UUID, *, now: datetime, lasting: timedelta = schedules.LEASE) -> int:
    """Hold what is still to be looked at under this lease for another while; how many checks that are.

    What has lapsed already is not taken back: its host may be another worker's by now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {"lease": lease, "now": now, "until": now + lasting})
        return cursor.rowcount


def release(
    lease: uuid.UUID, pks: Collection[int], *, now: datetime, closed: dict[str, datetime] | None = None
) -> int:
    """Give back what was not looked at: it stays due, and is the next claim's. How many checks that were.

    `closed` names hosts that asked us to wait, and until when.
    """
    with one_transaction():
        hosts.close(closed or {}, now=now)
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, {"lease": lease, "ids": list(pks)})
            return cursor.rowcount


def give_back(lease: uuid.UUID) -> int:
    """Let others have all that is still held under `lease`, whose holder has ended; how many checks that were."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, {"lease": lease})
        return cursor.rowcount


class _Row(NamedTuple):
    """What the claiming statement returns, in its order; JSON as text."""

    pk: int
    kind: str
    host: str
    config: str
    memory: str
    every: int
    failures: int
    quiet_runs: int
    changed_at: datetime | None
    due_at: datetime
    evidence_id: int | None
    recommendation_id: int | None
    indicator_id: int | None
    document_id: int | None
    url: str | None
    title: str | None
    host_fails: bool


def _with_what_they_watch(rows: list[_Row], lease: uuid.UUID) -> list[Claimed]:
    recommendations = Recommendation.objects.in_bulk({r.recommendation_id for r in rows} - {None})
    indicators = Indicator.objects.in_bulk({r.indicator_id for r in rows} - {None})
    return [
        Claimed(
            pk=row.pk,
            lease=lease,
            kind=row.kind,
            host=row.host,
            config=json.loads(row.config) if row.config != "{}" else {},
            memory=json.loads(row.memory),
            every=row.every,
            failures=row.failures,
            quiet_runs=row.quiet_runs,
            changed_at=row.changed_at,
            due_at=row.due_at,
            evidence_id=row.evidence_id,
            document_id=row.document_id,
            url=row.url or "",
            title=row.title or "",
            host_fails=row.host_fails,
            watched=recommendations.get(row.recommendation_id or 0) or indicators.get(row.indicator_id or 0),
        )
        for row in rows
    ]


_FREE = "c.state <> %(paused)s AND (c.leased_until IS NULL OR c.leased_until <= %(now)s)"

# `taken` asks again whether each is free: somebody may have paused it while we looked. Its rows are locked in the
# order in which whoever records them locks them.
_CLAIM = """
WITH held AS MATERIALIZED (
    SELECT DISTINCT host FROM recommendations_statuscheck
     WHERE leased_until > %(now)s AND lease <> %(lease)s AND host <> ''
), closed AS MATERIALIZED (
    SELECT name FROM recommendations_host WHERE closed_until > %(now)s
), due AS MATERIALIZED (
    SELECT c.id, c.host, c.next_due_at
      FROM recommendations_statuscheck c
     WHERE {where}
       AND c.host NOT IN (SELECT host FROM held) AND c.host NOT IN (SELECT name FROM closed)
     ORDER BY c.next_due_at, c.id
     LIMIT %(depth)s
), ranked AS (
    SELECT id, next_due_at, host = '' OR row_number() OVER (PARTITION BY host ORDER BY next_due_at, id) <= %(per_host)s
           AS wanted
      FROM due
), chosen AS (
    SELECT id FROM ranked WHERE wanted ORDER BY next_due_at, id LIMIT %(limit)s
), taken AS MATERIALIZED (
    SELECT c.id FROM recommendations_statuscheck c
     WHERE c.id IN (SELECT id FROM chosen) AND {free}
     ORDER BY c.id
       FOR UPDATE OF c SKIP LOCKED
), claimed AS (
    UPDATE recommendations_statuscheck c
       SET lease = %(lease)s, leased_until = %(until)s, next_due_at = least(c.next_due_at, %(now)s)
      FROM taken WHERE c.id = taken.id
 RETURNING c.*
)
SELECT c.id, c.kind, c.host, c.config::text, c.memory::text, c.every, c.failures, c.quiet_runs, c.changed_at,
       c.next_due_at, c.evidence_id, c.recommendation_id, c.indicator_id, d.id, d.url, e.title,
       h.failing_since IS NOT NULL
  FROM claimed c
  LEFT JOIN recommendations_evidence e ON e.id = c.evidence_id
  LEFT JOIN recommendations_document d ON d.id = e.document_id
  LEFT JOIN recommendations_host h ON h.name = c.host
 ORDER BY c.next_due_at, c.id
"""

_RENEW = """
UPDATE recommendations_statuscheck SET leased_until = %(until)s
 WHERE lease = %(lease)s AND leased_until > %(now)s
"""

_RELEASE = """
UPDATE recommendations_statuscheck c SET lease = NULL, leased_until = NULL
  FROM (SELECT id FROM recommendations_statuscheck WHERE id = ANY(%(ids)s) AND lease = %(lease)s
         ORDER BY id FOR UPDATE) mine
 WHERE c.id = mine.id
"""

# The second condition is for the index.
_GIVE_BACK = """
UPDATE recommendations_statuscheck SET lease = NULL, leased_until = NULL
 WHERE lease = %(lease)s AND leased_until IS NOT NULL
"""
