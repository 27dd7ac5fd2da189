"""What a check brought back, and what a person makes of it. No finding changes a status by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from recommendations.actions import assessments, events, indicators
from recommendations.actions import evidence as evidence_actions
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
from recommendations.vocabulary import FindingKind, FindingState


@dataclass(frozen=True)
class Filing:
    """How a document that was found is filed as evidence: what it shows, in our words, and how it bears.

    `occurred_on` is the day on which the document says it was published, unless another is given.
    """

    kind: str
    finding: str
    stance: str
    occurred_on: date | None = None


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
) -> tuple[Finding, Assessment | None]:
    """Agree that it matters; what follows happens in the name of `by`.

    With a status (given, or suggested and argued for) it becomes a proposal, for another to decide. `filing` files
    the document that was found as evidence, which the proposal then cites. A value that was found is recorded
    as an observation. Without any of these it only says "seen, and what we hold still stands", which needs a note.
    """
    require(by, "finding.accept")
    if rationale.strip():
        status = status or finding.suggested_status
    with one_transaction():
        finding = _open(finding)
        subject = recommendation or finding.recommendation
        assessment = None
        if filing is not None:
            finding.evidence = _file(finding, filing, subject, by=by, now=now)
            cites = [*cites, assessments.Cited(finding.evidence, filing.stance)]
        if finding.kind == FindingKind.VALUE_FOUND:
            _observe(finding, by=by, now=now, note=note)
        if status:
            if subject is None:
                raise _nameless("recommendation")
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


def _file(
    finding: Finding, filing: Filing, subject: Recommendation | None, *, by: User, now: datetime
) -> Evidence:
    saw = finding.saw
    if not saw.get("url") or not saw.get("title"):
        raise Refused(
            "finding_holds_document", _("This finding brought no document that could be filed."), "file"
        )
    if subject is None:
        raise _nameless("recommendation")
    occurred_on = filing.occurred_on or (
        date.fromisoformat(saw["published_on"]) if saw.get("published_on") else None
    )
    if occurred_on is None:
        raise Refused(
            "evidence_has_day", _("Say on which day it happened: the document names none."), "occurred_on"
        )
    return evidence_actions.file(
        url=saw["url"],
        title=saw["title"],
        finding=filing.finding,
        kind=filing.kind,
        occurred_on=occurred_on,
        bears_on=[evidence_actions.Bearing(subject, filing.stance)],
        by=by,
        now=now,
    )


def _observe(finding: Finding, *, by: User, now: datetime, note: str) -> None:
    saw = finding.saw
    if finding.indicator is None:
        raise _nameless("indicator")
    first, last = (
        date.fromisoformat(saw[name]) if saw.get(name) else None for name in ("period_from", "period_to")
    )
    indicators.observe(
        finding.indicator,
        period=saw["period"],
        value=Decimal(saw["value"]),
        seen_at=saw["url"][:1000],
        note=note,
        by=by,
        now=now,
        period_from=first,
        period_to=last,
    )


def _nameless(field: str) -> Refused:
    return Refused("finding_names_recommendation", _("Say which recommendation it is about."), field)


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
    finding.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "evidence"])
    after = {"kind": finding.kind, "rule": finding.rule, "assessments": list(finding.assessments.all())}
    events.record(f"finding.{state}", finding, by=by, now=now, after=after, note=note)
