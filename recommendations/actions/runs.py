"""Looks: claiming what is due, and writing down what each look brought.

Each due time of a check yields exactly one CheckRun. A claim is a lease with an end; recording a look
needs the lease that was given, writes the run and moves the due time in one transaction, so that a
worker that dies, or comes back late, can neither lose a look nor record it twice.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from recommendations.actions import findings
from recommendations.actions.refusals import one_transaction
from recommendations.fetching.adapters import Look
from recommendations.models import CheckRun, Snapshot, StatusCheck
from recommendations.rules import schedules
from recommendations.vocabulary import OWN_CHECKS, CheckState, FindingKind, Outcome

FAILED = (Outcome.FAILED, Outcome.REFUSED)
QUIET = (Outcome.UNCHANGED,)

WATCHED = ("evidence__document", "recommendation", "indicator")
"""What a check may be attached to, for select_related."""

CLAIM_LOCK = 0x70727463
"""The advisory lock under which claims are made (any number that nothing else uses)."""


@dataclass(frozen=True)
class Exchange:
    """The facts of one look's exchange with a server."""

    http_status: int | None = None
    final_url: str = ""
    content_type: str = ""
    size: int = 0
    elapsed_ms: int = 0


def claim(
    *,
    lease: uuid.UUID,
    now: datetime,
    limit: int,
    live: bool,
    ids: Collection[int] | None = None,
    early: bool = False,
    lasting: timedelta = schedules.LEASE,
) -> list[StatusCheck]:
    """Take up to `limit` due checks under `lease`; nobody else gets them until it lapses, after `lasting`.

    While `live` is off only those that a person asked for are taken, and those that look at our own rows and go
    nowhere. A host of which some check is
    under another lease is left alone, so that one host is asked by one worker at a time. With `early` (an
    operator at the terminal) checks that are not due yet become due now. The rows carry what they watch.
    """
    with one_transaction():
        with connection.cursor() as cursor:
            # Claims are made one after another: what is under lease must not change while one looks.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
        due = StatusCheck.objects.exclude(state=CheckState.PAUSED)
        due = due.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
        if not early:
            due = due.filter(next_due_at__lte=now)
        if not live:
            due = due.filter(Q(requested_at__isnull=False) | Q(kind__in=OWN_CHECKS))
        if ids is not None:
            due = due.filter(pk__in=ids)
        busy = (
            StatusCheck.objects.filter(leased_until__gt=now)
            .exclude(lease=lease)
            .exclude(host="")
            .values("host")
        )
        taken = list(
            due.exclude(host__in=busy)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related(*WATCHED)
            .order_by("next_due_at", "id")[:limit]
        )
        for check in taken:
            check.lease, check.leased_until = lease, now + lasting
            check.next_due_at = min(check.next_due_at, now)
        StatusCheck.objects.filter(pk__in=[check.pk for check in taken]).update(
            lease=lease, leased_until=now + lasting, next_due_at=Least(F("next_due_at"), now)
        )
    return taken


def give_back(lease: uuid.UUID) -> int:
    """Let others have what is still held under `lease`; how many that were. Its holder has ended all its looks."""
    held = StatusCheck.objects.filter(lease=lease, leased_until__isnull=False)  # the second for the index
    return held.update(lease=None, leased_until=None)


def record(
    claimed: StatusCheck,
    look: Look,
    exchange: Exchange,
    *,
    started_at: datetime,
    now: datetime,
    jitter: float,
) -> CheckRun | None:
    """Write down one look: the run, a new snapshot, what it found, and the next due time.

    None when the lease has passed to another worker meanwhile: that one records the look. `jitter`
    (0 to 1) comes from the door, as chance does.
    """
    with one_transaction():
        check = (
            StatusCheck.objects.select_for_update(of=("self",))
            .select_related(*WATCHED)
            .filter(pk=claimed.pk, lease=claimed.lease)
            .first()
        )
        if check is None:
            return None
        before = _latest_snapshot(check)
        snapshot = _snapshot(check, look, exchange, now) if look.text is not None else None
        run = CheckRun.objects.create(
            status_check=check,
            due_at=check.next_due_at,
            started_at=started_at,
            finished_at=now,
            outcome=look.outcome,
            http_status=exchange.http_status,
            final_url=exchange.final_url[:2000],
            size=exchange.size,
            elapsed_ms=exchange.elapsed_ms,
            attempt=check.failures + 1,
            detail=look.note,
            snapshot=snapshot or before,
            requested_by=check.requested_by,
        )
        for found in look.found:
            findings.tell(
                found,
                check=check,
                evidence=check.evidence,
                recommendation=check.recommendation,
                indicator=check.indicator,
                before=before,
                after=snapshot,
                by=name_of(check),
                now=now,
            )
        _move_on(check, look, now=now, jitter=jitter)
    return run


def _move_on(check: StatusCheck, look: Look, *, now: datetime, jitter: float) -> None:
    failed = look.outcome in FAILED
    was_failing = check.state == CheckState.FAILING
    check.failures = check.failures + 1 if failed else 0
    # A quiet address is asked less often, to spare it; our own rows need no sparing, and a day must not pass untold.
    quiet = look.outcome in QUIET and check.kind not in OWN_CHECKS
    check.quiet_runs = check.quiet_runs + 1 if quiet else 0
    if check.state != CheckState.PAUSED:
        check.state = CheckState.FAILING if schedules.is_failing(check.failures) else CheckState.ACTIVE
    check.memory = look.next_state
    check.last_run_at, check.last_outcome = now, look.outcome
    check.requested_by = check.requested_at = check.lease = check.leased_until = None
    check.next_due_at = schedules.next_due(
        every=check.every,
        quiet_runs=check.quiet_runs,
        failures=check.failures,
        jitter=jitter,
        finished_at=now,
        not_before=look.retry_after,
    )
    check.save()
    if check.state == CheckState.FAILING and not was_failing:
        findings.bring(
            kind=FindingKind.CHECK_FAILING,
            rule="failures_in_a_row",
            rule_version="1",
            title=_("Check %(number)d has failed %(times)d times in a row")
            % {"number": check.pk, "times": check.failures},
            detail=look.note,
            fingerprint=f"failing:{check.pk}:{now:%Y%m%d%H%M%S}",
            check=check,
            evidence=check.evidence,
            recommendation=check.recommendation,
            indicator=check.indicator,
            by=name_of(check),
            now=now,
        )


def name_of(check: StatusCheck) -> str:
    """The name under which a check acts in events."""
    return f"check:{check.pk}"


def _latest_snapshot(check: StatusCheck) -> Snapshot | None:
    text_hash = check.memory.get("text_hash", "")
    if not text_hash or check.evidence is None:
        return None
    return Snapshot.objects.filter(document=check.evidence.document, text_hash=text_hash).first()


def _snapshot(check: StatusCheck, look: Look, exchange: Exchange, now: datetime) -> Snapshot:
    assert check.evidence is not None
    assert look.text is not None
    snapshot, _new = Snapshot.objects.get_or_create(
        document=check.evidence.document,
        text_hash=look.text_hash,
        defaults={
            "taken_at": now,
            "raw_hash": look.raw_hash,
            "text": look.text,
            "final_url": exchange.final_url[:2000],
            "content_type": exchange.content_type[:200],
            "size": exchange.size,
        },
    )
    return snapshot
