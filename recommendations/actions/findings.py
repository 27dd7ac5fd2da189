"""What a check brought back, and what a person makes of it. No finding changes a status by itself."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.actions import assessments, events
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Assessment, Evidence, Finding, Recommendation, Snapshot, StatusCheck, User
from recommendations.vocabulary import FindingState


def bring(
    *,
    kind: str,
    rule: str,
    rule_version: str,
    title: str,
    fingerprint: str,
    by: str,
    now: datetime,
    check: StatusCheck | None = None,
    detail: str = "",
    saw: dict[str, Any] | None = None,
    score: float = 1.0,
    recommendation: Recommendation | None = None,
    evidence: Evidence | None = None,
    suggested_status: str = "",
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> Finding:
    """Put something before a person; the same fingerprint again is one more sighting, dismissed or not.

    `by` is the name of the check or import. Call it inside the transaction that records the look.
    """
    finding, new = Finding.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "kind": kind,
            "status_check": check,
            "rule": rule,
            "rule_version": rule_version,
            "score": score,
            "recommendation": recommendation,
            "evidence": evidence,
            "title": title[:500],
            "detail": detail,
            "saw": saw or {},
            "suggested_status": suggested_status,
            "before": before,
            "after": after,
            "first_seen_at": now,
            "last_seen_at": now,
        },
    )
    if new:
        after_words = {"kind": kind, "rule": rule, "title": title, "evidence": evidence}
        events.record("finding.brought", finding, by=by, now=now, after=after_words)
    else:
        Finding.objects.filter(pk=finding.pk).update(sightings=F("sightings") + 1, last_seen_at=now)
        finding.refresh_from_db(fields=["sightings", "last_seen_at"])
    return finding


def accept(
    finding: Finding,
    *,
    by: User,
    now: datetime,
    note: str = "",
    recommendation: Recommendation | None = None,
    status: str = "",
    effective_on: date | None = None,
    rationale: str = "",
    confidence: str = "",
    cites: Sequence[assessments.Cited] = (),
) -> tuple[Finding, Assessment | None]:
    """Agree that it matters. With a status it becomes a proposal in the name of `by`, for another to decide.

    Without one it only says "seen, and what we hold still stands", which needs a note.
    """
    require(by, "finding.accept")
    status = status or finding.suggested_status
    with one_transaction():
        finding = _open(finding)
        assessment = None
        if status:
            subject = recommendation or finding.recommendation
            if subject is None:
                raise Refused(
                    "finding_names_recommendation",
                    _("Say which recommendation the verdict is about."),
                    "recommendation",
                )
            assessment = assessments.propose(
                subject,
                status=status,
                effective_on=effective_on or now.date(),
                rationale=rationale,
                confidence=confidence,
                cites=cites,
                by=by,
                now=now,
            )
            finding.assessments.add(assessment)
        elif not note.strip():
            raise Refused(
                "finding_accepted_with_consequence",
                _("Propose a status, or say in a note why what we hold still stands."),
                "status",
            )
        _decide(finding, FindingState.ACCEPTED, by=by, now=now, note=note)
    return finding, assessment


def dismiss(finding: Finding, *, by: User, now: datetime, note: str) -> Finding:
    """Set it aside, with a reason. It comes back only if what was seen has changed."""
    require(by, "finding.dismiss")
    if not note.strip():
        raise Refused("finding_dismissed_with_reason", _("Say why it is dismissed."), "note")
    with one_transaction():
        finding = _open(finding)
        _decide(finding, FindingState.DISMISSED, by=by, now=now, note=note)
    return finding


def _open(finding: Finding) -> Finding:
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.state != FindingState.OPEN:
        raise Refused(
            "finding_already_decided",
            _("It has been decided already: it is “%(state)s”.") % {"state": finding.get_state_display()},
        )
    return finding


def _decide(finding: Finding, state: str, *, by: User, now: datetime, note: str) -> None:
    finding.state, finding.decided_by, finding.decided_at = state, by, now
    finding.decision_note = note.strip()
    finding.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    after = {"kind": finding.kind, "rule": finding.rule, "assessments": list(finding.assessments.all())}
    events.record(f"finding.{state}", finding, by=by, now=now, after=after, note=note)
