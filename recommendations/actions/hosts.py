"""Hosts as wholes: what asked us to wait is left alone, and what fails as a whole is told once, not once a check.

Call these in the transaction that records the looks. The row of a host is locked while it is judged, so that of many
workers one begins an outage and brings the finding.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from recommendations.actions import events, findings
from recommendations.models import CheckRun, Finding, Host, StatusCheck
from recommendations.rules import hosts as rules
from recommendations.rules import schedules
from recommendations.vocabulary import FAILED_OUTCOMES, CheckState, FindingKind, FindingState

RULE, RULE_VERSION = "host_fails", "1"


def close(until: Mapping[str, datetime], *, now: datetime) -> None:
    """Leave these hosts alone until then (Retry-After), whoever would ask them and from whichever worker."""
    with connection.cursor() as cursor:
        for name in sorted(until):
            if name and until[name] > now:
                cursor.execute(_CLOSE, [name, until[name]])


def take_the_blame(check: StatusCheck, *, now: datetime) -> bool:
    """Whether the failing of this check, which is `failing` from now on, is its host's doing and told as that.

    An outage begins when the checks of the host that were looked at lately fail together (rules/hosts.py). It brings
    one finding, which says how many checks fail and since when; every check that fails later joins it. False: the
    check is to speak for itself.
    """
    if not check.host:
        return False
    looked_at, failed = _counts(check.host, now)
    known = Host.objects.filter(name=check.host, failing_since__isnull=False).exists()
    if not known and not rules.fails_as_a_whole(looked_at=looked_at, failed=failed):
        return False
    Host.objects.bulk_create([Host(name=check.host)], ignore_conflicts=True)
    host = Host.objects.select_for_update().get(name=check.host)
    if host.failing_since is None:
        host.failing_since = _failing_since(check, now)
        host.finding = _bring(host, check, failed, looked_at, now=now)
        host.save()
    else:
        _join(host, failed, looked_at, now=now)
    return True


def welcome_back(name: str, *, now: datetime) -> bool:
    """End the outage of a host of which a check that had failed got an answer; whether there was one to end.

    Its finding says so and stays for a person, since verdicts may have been judged meanwhile. The checks that
    waited for the host are due within ten minutes rather than after their own back-off, and speak for themselves
    again: the next failure of one that still fails is told.
    """
    host = Host.objects.select_for_update().filter(name=name, failing_since__isnull=False).first()
    if host is None:
        return False
    since, finding = host.failing_since, host.finding
    host.failing_since = host.finding = None
    host.save()
    with connection.cursor() as cursor:
        cursor.execute(
            _WAKE,
            {
                "name": name,
                "now": now,
                "within": int(rules.BACK_WITHIN.total_seconds()),
                "failures": schedules.FAILURES_UNTIL_FAILING - 1,
                "failing": CheckState.FAILING,
                "active": CheckState.ACTIVE,
            },
        )
    if finding is not None and since is not None:
        _settle(finding, name, since, now)
    return True


def _counts(name: str, now: datetime) -> tuple[int, int]:
    """How many checks of the host were looked at lately, and how many of them failed in their last run."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [list(FAILED_OUTCOMES), name, now - rules.WINDOW, CheckState.PAUSED])
        looked_at, failed = cursor.fetchone()
    return looked_at, failed


def _failing_since(check: StatusCheck, now: datetime) -> datetime:
    """When the first look of this row of failures began."""
    looks = CheckRun.objects.filter(status_check=check).order_by("-due_at", "-id")
    first = looks.values_list("started_at", flat=True)[max(check.failures - 1, 0) :].first()
    return first or now


def _bring(host: Host, check: StatusCheck, failed: int, looked_at: int, *, now: datetime) -> Finding:
    assert host.failing_since is not None
    name_and_start = f"{host.name} {host.failing_since.isoformat()}"
    return findings.bring(
        kind=FindingKind.HOST_FAILING,
        rule=RULE,
        rule_version=RULE_VERSION,
        title=_title(host, failed),
        detail=_detail(failed, looked_at),
        saw=_saw(host, failed, looked_at),
        fingerprint="host:" + hashlib.sha256(name_and_start.encode()).hexdigest()[:48],
        check=check,
        by=name_of(host.name),
        now=now,
    )


def _join(host: Host, failed: int, looked_at: int, *, now: datetime) -> None:
    """Let the finding say how many fail by now. What a person has decided stays as it was decided on."""
    assert host.finding_id is not None
    Finding.objects.filter(pk=host.finding_id, state=FindingState.OPEN).update(
        title=_title(host, failed),
        detail=_detail(failed, looked_at),
        saw=_saw(host, failed, looked_at),
        last_seen_at=now,
    )


def _settle(finding: Finding, name: str, since: datetime, now: datetime) -> None:
    saw = {**finding.saw, "back_at": now.isoformat()}
    back = _("It answers again since %(moment)s.") % {"moment": f"{now:%Y-%m-%d %H:%M} UTC"}
    Finding.objects.filter(pk=finding.pk).update(saw=saw, detail=f"{finding.detail} {back}".strip())
    events.record(
        "finding.ended",
        finding,
        by=name_of(name),
        now=now,
        after={"host": name, "since": since, "back_at": now},
    )


def _title(host: Host, failed: int) -> str:
    return _("%(host)s fails: %(number)d checks, since %(moment)s") % {
        "host": host.name,
        "number": failed,
        "moment": f"{host.failing_since:%Y-%m-%d %H:%M} UTC",
    }


def _detail(failed: int, looked_at: int) -> str:
    return _(
        "%(failed)d of the %(looked_at)d checks of this host that were looked at in the last two hours failed at their "
        "last run. While it lasts, none of them is told by itself."
    ) % {"failed": failed, "looked_at": looked_at}


def _saw(host: Host, failed: int, looked_at: int) -> dict[str, str | int]:
    assert host.failing_since is not None
    return {
        "host": host.name,
        "since": host.failing_since.isoformat(),
        "checks_failing": failed,
        "checks_looked_at": looked_at,
    }


def name_of(host: str) -> str:
    """The name under which a host's outage acts in events."""
    return f"host:{host}"


_CLOSE = """
INSERT INTO recommendations_host AS h (name, closed_until) VALUES (%s, %s)
    ON CONFLICT (name) DO UPDATE SET closed_until = greatest(h.closed_until, EXCLUDED.closed_until)
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE last_outcome = ANY(%s))
  FROM recommendations_statuscheck
 WHERE host = %s AND last_run_at >= %s AND state <> %s
"""
# Spread over the time by their numbers, so that a host that has just come back is not asked for everything at once.
_WAKE = """
UPDATE recommendations_statuscheck c
   SET next_due_at = least(c.next_due_at, %(now)s::timestamptz + c.id %% %(within)s * interval '1 second'),
       failures = least(c.failures, %(failures)s),
       state = CASE WHEN c.state = %(failing)s THEN %(active)s ELSE c.state END
  FROM (SELECT id FROM recommendations_statuscheck WHERE host = %(name)s AND failures > 0 AND lease IS NULL
         ORDER BY id FOR UPDATE) waiting
 WHERE c.id = waiting.id
"""
