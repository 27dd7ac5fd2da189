"""Writing down what looks brought: many at once, each exactly once.

Recording a look needs the lease that was given, writes the run and moves the due time in one transaction, so that a
worker that dies, or comes back late, can neither lose a look nor record it twice. What most looks bring (nothing new)
costs two statements for a whole batch; what is found costs its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from recommendations.actions import findings, hosts, snapshots
from recommendations.actions.checks import host_of
from recommendations.actions.leases import Claimed
from recommendations.actions.refusals import one_transaction
from recommendations.fetching.adapters import Look
from recommendations.models import Snapshot, StatusCheck
from recommendations.rules import hosts as host_rules
from recommendations.rules import schedules
from recommendations.vocabulary import FAILED_OUTCOMES, OWN_CHECKS, CheckState, FindingKind, Outcome

STIRRED = (Outcome.CHANGED, Outcome.MOVED)
"""Outcomes after which the next looks come sooner."""

SAYS_NOTHING = (*FAILED_OUTCOMES, Outcome.BLOCKED, Outcome.KEY_MISSING)
"""Outcomes that do not tell whether anything has changed."""

PLEASE_WAIT = (429, 503)
"""Statuses with which a Retry-After speaks for the whole host."""

WATCHED = ("evidence__document", "recommendation", "indicator")
"""What a check may be attached to, for select_related."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The facts of one look's exchange with a server. `reached` where there is no status: whether the host was there;
    None where nobody was asked."""

    http_status: int | None = None
    final_url: str = ""
    content_type: str = ""
    size: int = 0
    elapsed_ms: int = 0
    reached: bool | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """One look that is over. `jitter` (0 to 1) comes from the door, as chance does; `raw` from snapshots.raw_copy."""

    claimed: Claimed
    look: Look
    exchange: Exchange
    finished_at: datetime
    jitter: float
    raw: bytes | None = None


def record(looks: Sequence[Looked], *, now: datetime) -> set[int]:
    """Write down these looks: runs, new snapshots, what they found, and the next due times. All or nothing.

    Answers the numbers of the checks whose look was recorded. The others' lease has passed to another worker
    meanwhile, or ended because the question was changed: another look will be recorded for that due time.
    """
    with one_transaction():
        held = _hold(looks)
        mine = [each for each in looks if each.claimed.pk in held]
        if mine:
            kept = snapshots.store(list(map(_seen, filter(_brings_words, mine))), now=now)
            _write(mine, kept, held)
            _tell(mine, kept, held, now=now)
            _heed_hosts(mine, now=now)
    return set(held)


@dataclass(frozen=True, slots=True)
class _Held:
    """How a check stands at the moment at which its look is written down."""

    state: str
    failures: int


def _hold(looks: Sequence[Looked]) -> dict[int, _Held]:
    """Lock the checks whose lease still stands."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[each.claimed.pk for each in looks], [each.claimed.lease for each in looks]])
        return {pk: _Held(state, failures) for pk, state, failures in cursor.fetchall()}


def _brings_words(looked: Looked) -> bool:
    return looked.claimed.document_id is not None and (looked.look.text is not None or looked.raw is not None)


def _seen(looked: Looked) -> snapshots.Seen:
    assert looked.claimed.document_id is not None
    return snapshots.Seen(
        document_id=looked.claimed.document_id,
        text_hash=looked.look.text_hash,
        raw_hash=looked.look.raw_hash,
        text=looked.look.text,
        final_url=looked.exchange.final_url,
        content_type=looked.exchange.content_type,
        size=looked.exchange.size,
        raw=looked.raw,
    )


Kept = dict[tuple[int, str], int]


def _write(looks: Sequence[Looked], kept: Kept, held: dict[int, _Held]) -> None:
    """The runs, and how their checks go on: one statement, however many."""
    rows = [_row(each, kept, held[each.claimed.pk]) for each in looks]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [orjson.dumps(rows).decode()])


def _row(looked: Looked, kept: Kept, held: _Held) -> dict[str, Any]:
    claimed, look, exchange = looked.claimed, looked.look, looked.exchange
    failures = held.failures + 1 if look.outcome in FAILED_OUTCOMES else 0
    own = claimed.kind in OWN_CHECKS  # our own rows need no sparing, and a day must not pass untold
    quiet_runs = 0 if own else _quiet_runs(claimed, look.outcome)
    stirred = look.outcome in STIRRED and not own
    due_at = schedules.next_due(
        every=claimed.every,
        quiet_runs=quiet_runs,
        failures=failures,
        jitter=looked.jitter,
        finished_at=looked.finished_at,
        has_changed=stirred or claimed.changed_at is not None,
        not_before=look.retry_after,
    )
    return {
        "id": claimed.pk,
        "finished_at": looked.finished_at.isoformat(),
        "outcome": look.outcome,
        "http_status": exchange.http_status,
        "final_url": exchange.final_url[:2000],
        "size": exchange.size,
        "elapsed_ms": exchange.elapsed_ms,
        "detail": look.note,
        "snapshot_id": kept.get((claimed.document_id or 0, look.text_hash))
        if look.text is not None
        else None,
        "document_id": claimed.document_id,
        "text_hash": claimed.memory.get("text_hash") or None,
        "failures": failures,
        "state": _state(held, failures),
        "quiet_runs": quiet_runs,
        "stirred": stirred,
        "memory": look.next_state,
        "next_due_at": due_at.isoformat(),
    }


def _quiet_runs(claimed: Claimed, outcome: str) -> int:
    if outcome == Outcome.UNCHANGED:
        return claimed.quiet_runs + 1
    return claimed.quiet_runs if outcome in SAYS_NOTHING else 0


def _state(held: _Held, failures: int) -> str:
    if held.state == CheckState.PAUSED:
        return held.state
    return CheckState.FAILING if schedules.is_failing(failures) else CheckState.ACTIVE


def _tell(looks: Sequence[Looked], kept: Kept, held: dict[int, _Held], *, now: datetime) -> None:
    """Bring what was found, and tell of what fails from now on. Most batches have nothing to tell."""
    failing = [each for each in looks if _fails_from_now_on(each, held[each.claimed.pk])]
    telling = [each for each in looks if each.look.found or each in failing]
    if not telling:
        return
    checks = StatusCheck.objects.select_related(*WATCHED).in_bulk([each.claimed.pk for each in telling])
    for each in telling:
        check = checks[each.claimed.pk]
        if each.look.found:
            _tell_found(check, each, kept, now=now)
    for each in failing:
        check = checks[each.claimed.pk]
        if not (_host_fails(each) and hosts.take_the_blame(check, now=now)):
            _tell_failing(check, each.look.note, now=now)


def _fails_from_now_on(looked: Looked, held: _Held) -> bool:
    failures = held.failures + 1 if looked.look.outcome in FAILED_OUTCOMES else 0
    return held.state == CheckState.ACTIVE and _state(held, failures) == CheckState.FAILING


def _tell_found(check: StatusCheck, looked: Looked, kept: Kept, *, now: datetime) -> None:
    document, before, after = looked.claimed.document_id, None, None
    if document is not None:
        known = looked.claimed.memory.get("text_hash", "")
        before = Snapshot.objects.filter(document_id=document, text_hash=known).first() if known else None
        if looked.look.text is not None:
            after = Snapshot.objects.get(pk=kept[document, looked.look.text_hash])
    for found in looked.look.found:
        findings.tell(
            found,
            check=check,
            evidence=check.evidence,
            recommendation=check.recommendation,
            indicator=check.indicator,
            before=before,
            after=after,
            by=name_of(check),
            now=now,
        )


def _tell_failing(check: StatusCheck, note: str, *, now: datetime) -> None:
    findings.bring(
        kind=FindingKind.CHECK_FAILING,
        rule="failures_in_a_row",
        rule_version="1",
        title=_("Check %(number)d has failed %(times)d times in a row")
        % {"number": check.pk, "times": check.failures},
        detail=note,
        fingerprint=f"failing:{check.pk}:{now:%Y%m%d%H%M%S}",
        check=check,
        evidence=check.evidence,
        recommendation=check.recommendation,
        indicator=check.indicator,
        by=name_of(check),
        now=now,
    )


def _heed_hosts(looks: Sequence[Looked], *, now: datetime) -> None:
    """What these looks say of whole hosts: come back later, or: here I am again."""
    hosts.close(
        {
            host_of(each.exchange.final_url) or each.claimed.host: schedules.wait_until(
                each.finished_at, each.look.retry_after
            )
            for each in looks
            if each.look.retry_after and each.exchange.http_status in PLEASE_WAIT
        },
        now=now,
    )
    back = {
        each.claimed.host
        for each in looks
        if each.claimed.host_fails and each.claimed.failures and _host_fails(each) is False
    }
    for name in sorted(back):
        hosts.welcome_back(name, now=now)


def _host_fails(looked: Looked) -> bool | None:
    return host_rules.fails(status=looked.exchange.http_status, reached=looked.exchange.reached)


def name_of(check: StatusCheck) -> str:
    """The name under which a check acts in events."""
    return f"check:{check.pk}"


# In the order of their numbers, as everyone locks checks: two batches must not wait for each other.
_HOLD = """
SELECT c.id, c.state, c.failures
  FROM recommendations_statuscheck c
 WHERE (c.id, c.lease) IN (SELECT * FROM unnest(%s::bigint[], %s::uuid[]))
 ORDER BY c.id
   FOR UPDATE OF c
"""

# The run of a look that brought no new words belongs to the snapshot of the words it knew.
_WRITE = """
WITH look AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s::json) AS look (
        id bigint, finished_at timestamptz, outcome text, http_status int, final_url text,
        size int, elapsed_ms int, detail text, snapshot_id bigint, document_id bigint, text_hash text, failures int,
        state text, quiet_runs int, stirred bool, memory jsonb, next_due_at timestamptz)
), run AS (
    INSERT INTO recommendations_checkrun (check_id, due_at, started_at, finished_at, outcome, http_status, final_url,
           size, elapsed_ms, attempt, detail, snapshot_id, requested_by_id)
    SELECT c.id, c.next_due_at, look.finished_at - look.elapsed_ms * interval '1 millisecond', look.finished_at,
           look.outcome, look.http_status, look.final_url, look.size, look.elapsed_ms, c.failures + 1,
           look.detail, coalesce(look.snapshot_id, known.id), c.requested_by_id
      FROM look
      JOIN recommendations_statuscheck c ON c.id = look.id
      LEFT JOIN recommendations_snapshot known
        ON known.document_id = look.document_id AND known.text_hash = look.text_hash
)
UPDATE recommendations_statuscheck c
   SET failures = look.failures, state = look.state, quiet_runs = look.quiet_runs, memory = look.memory,
       changed_at = CASE WHEN look.stirred THEN look.finished_at ELSE c.changed_at END,
       last_run_at = look.finished_at, last_outcome = look.outcome, next_due_at = look.next_due_at,
       requested_by_id = NULL, requested_at = NULL, lease = NULL, leased_until = NULL
  FROM look
 WHERE c.id = look.id
"""
