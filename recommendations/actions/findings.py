"""What a check brought back, and what a person makes of it. No finding changes a status by itself."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from recommendations.actions import assessments, consequences, events
from recommendations.actions.consequences import Filing
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.fetching.adapters import Found
from recommendations.models import (
    Assessment,
    Evidence,
    Finding,
    Indicator,
    Recommendation,
    Snapshot,
    StatusCheck,
    User,
)
from recommendations.rules import suggestions
from recommendations.vocabulary import FindingKind, FindingState, Status


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
    indicator: Indicator | None = None,
    suggested_status: str = "",
    before: Snapshot | None = None,
    after: Snapshot | None = None,
) -> Finding:
    """Put something before a person; the same fingerprint again is one more sighting, dismissed or not.

    `by` is the name of the check or import. Call it inside the transaction that records the look. What had been
    brought by no check (the minute pass over our own dates) becomes the finding of the first check that sees it too.
    A suggested status that says no more than what is published is not brought as a suggestion (rules/suggestions.py).
    """
    kind, suggested_status, detail = _weighed(kind, suggested_status, detail, recommendation)
    fingerprint = _as_news(fingerprint, kind, check)
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
            "indicator": indicator,
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
        after_words: dict[str, Any] = {"kind": kind, "rule": rule, "title": title}
        about = {"evidence": evidence, "recommendation": recommendation, "indicator": indicator}
        after_words |= {name: row for name, row in about.items() if row is not None}
        events.record("finding.brought", finding, by=by, now=now, after=after_words)
    else:
        Finding.objects.filter(pk=finding.pk).update(
            sightings=F("sightings") + 1,
            last_seen_at=now,
            status_check=Coalesce("status_check_id", check.pk if check else None),
        )
        finding.refresh_from_db(fields=["sightings", "last_seen_at", "status_check"])
    return finding


def tell(found: Found, *, by: str, now: datetime, **about: Any) -> Finding:
    """Bring what a kind of check found; `about` is what `bring` takes besides (check, recommendation, after ...)."""
    return bring(
        kind=found.kind,
        rule=found.rule,
        rule_version=str(found.rule_version),
        title=found.title,
        detail=found.detail,
        saw=dict(found.saw),
        score=found.score,
        fingerprint=found.fingerprint,
        suggested_status=found.suggested_status,
        by=by,
        now=now,
        **about,
    )


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
    filing: Filing | None = None,
    value: Decimal | None = None,
) -> tuple[Finding, Assessment | None]:
    """Agree that it matters; what follows happens in the name of `by`.

    With a status (given, or suggested and argued for) it becomes a proposal, for another to decide. `filing` files
    the document that was found as evidence, which the proposal then cites. A value that was found is recorded
    as an observation. Without any of these it only says "seen, and what we hold still stands", which needs a note.

    To edit is to accept with other values than those suggested (status, value, title or day): what was suggested and
    what was taken stays with the finding, and counts for the rule as accepted and edited.
    """
    require(by, "finding.accept", finding)
    if rationale.strip():
        status = status or finding.suggested_status
    with one_transaction():
        finding = _open(finding)
        subject = recommendation or finding.recommendation
        assessment = None
        if filing is not None:
            finding.evidence = consequences.file(finding, filing, subject, by=by, now=now)
            cites = [*cites, assessments.Cited(finding.evidence, filing.stance)]
        if finding.kind == FindingKind.VALUE_FOUND:
            consequences.observe(finding, value, by=by, now=now, note=note)
        elif value is not None:
            raise Refused("finding_holds_value", _("This finding brought no value."), "value")
        if status:
            if subject is None:
                raise consequences.nameless("recommendation")
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
        elif filing is None and finding.kind != FindingKind.VALUE_FOUND and not note.strip():
            raise Refused(
                "finding_accepted_with_consequence",
                _("Propose a status, or say in a note why what we hold still stands."),
                "status",
            )
        finding.edits = consequences.edits(finding, status=status, value=value, filing=filing)
        _decide(finding, FindingState.ACCEPTED, by=by, now=now, note=note)
    return finding, assessment


def dismiss(
    finding: Finding, *, by: User, now: datetime, note: str, leave_out: Collection[str] = ()
) -> Finding:
    """Set it aside, with a reason. It comes back only if what was seen has changed.

    `leave_out` names parts of the page, or phrases, that the finding offered (`saw["where"]`): its check does not look
    at them again. That changes the check, and so it takes the right to change checks.
    """
    require(by, "finding.dismiss", finding)
    if not note.strip():
        raise Refused("finding_dismissed_with_reason", _("Say why it is dismissed."), "note")
    with one_transaction():
        if leave_out and finding.status_check_id is not None:
            # The check before its finding, as those who record a look do.
            StatusCheck.objects.select_for_update(of=("self",)).get(pk=finding.status_check_id)
        finding = _open(finding)
        if leave_out:
            consequences.leave_out(finding, leave_out, by=by, now=now)
        _decide(finding, FindingState.DISMISSED, by=by, now=now, note=note)
    return finding


def _weighed(
    kind: str, suggested: str, detail: str, recommendation: Recommendation | None
) -> tuple[str, str, str]:
    """Kind, suggested status and detail, once the suggestion has been weighed against what is published."""
    if not suggested or recommendation is None:
        return kind, suggested, detail
    published = Recommendation.objects.values_list("status", flat=True).get(pk=recommendation.pk)
    if suggestions.says_more(suggested, published):
        return kind, suggested, detail
    said = (
        f"It suggests no more than what is published ({Status(suggested).value}; {Status(published).value})."
    )
    return FindingKind.DOCUMENT_FOUND, "", f"{detail} {said}".strip()


def _as_news(fingerprint: str, kind: str, check: StatusCheck | None) -> str:
    """The fingerprint under which this is brought: that of what was seen, unless that was accepted once and has been
    given up since for something else that was accepted. "In force", "repealed", "in force" are three pieces of news.
    """
    if kind != FindingKind.EVIDENCE_CHANGED or check is None:
        return fingerprint
    accepted = Finding.objects.filter(status_check=check, kind=kind, state=FindingState.ACCEPTED)
    while before := accepted.filter(fingerprint=fingerprint).first():
        later = accepted.filter(decided_at__gt=before.decided_at).order_by("-decided_at", "-pk").first()
        if later is None:
            break
        fingerprint = hashlib.sha256(f"{fingerprint} after {later.pk}".encode()).hexdigest()
    return fingerprint


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
    finding.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "evidence", "edits"])
    after: dict[str, Any] = {"kind": finding.kind, "rule": finding.rule, "rule_version": finding.rule_version}
    after |= {"assessments": list(finding.assessments.all())} | (
        {"edits": finding.edits} if finding.edits else {}
    )
    events.record(f"finding.{state}", finding, by=by, now=now, after=after, note=note)
