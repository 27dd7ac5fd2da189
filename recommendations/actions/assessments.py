"""Proposing a verdict and deciding on it. No verdict is published by the one who proposed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from recommendations.actions import changes, events, headlines
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Assessment, Citation, Evidence, Institution, Recommendation, User
from recommendations.models.visibility import public_evidence
from recommendations.rules import assessments as rules
from recommendations.vocabulary import METHOD_VERSION, AssessmentState, VerdictBy


@dataclass(frozen=True)
class Cited:
    """One piece of evidence that a proposal rests on."""

    evidence: Evidence
    stance: str
    locator: str = ""


def propose(
    recommendation: Recommendation,
    *,
    status: str,
    effective_on: date,
    rationale: str,
    confidence: str,
    cites: Sequence[Cited],
    by: User,
    now: datetime,
    verdict_by: str = VerdictBy.OFFICE,
    verdict_institution: Institution | None = None,
    supersedes: Assessment | None = None,
    source_label: str = "",
    source_system: str = "",
    mapping_version: str = "",
) -> Assessment:
    """Add a proposed verdict; it changes nothing until somebody else publishes it.

    Raises Refused with the rule `assessment_cites_evidence`, `assessment_rationale_given`,
    `assessment_not_in_the_future`, `assessment_not_before_source` or `assessment_corrects_its_like`.
    """
    require(by, "assessment.propose", recommendation)
    check_claim(recommendation, status, effective_on, rationale, cites, today=now.date())
    if verdict_by != VerdictBy.OFFICE and verdict_institution is None:
        raise Refused(
            "assessment_verdict_has_institution",
            _("Name the institution whose verdict this is."),
            "verdict_institution",
        )
    with one_transaction(), changes.naming(verdict_institution, by=by, now=now):
        assessment = Assessment.objects.create(
            recommendation=recommendation,
            status=status,
            effective_on=effective_on,
            rationale=rationale.strip(),
            confidence=confidence,
            verdict_by=verdict_by,
            verdict_institution=verdict_institution,
            supersedes=supersedes,
            method_version=METHOD_VERSION,
            source_label=source_label,
            source_system=source_system,
            mapping_version=mapping_version,
            proposed_by=by,
            proposed_at=now,
        )
        Citation.objects.bulk_create(
            Citation(
                assessment=assessment, evidence=cited.evidence, stance=cited.stance, locator=cited.locator
            )
            for cited in cites
        )
        events.record("assessment.proposed", assessment, by=by, now=now, after=told(assessment))
    return assessment


def check_claim(
    recommendation: Recommendation,
    status: str,
    effective_on: date,
    rationale: str,
    cites: Sequence[Cited],
    *,
    today: date,
) -> None:
    """The rules that the database holds as well, said in words a person can act on."""
    if not rationale.strip():
        raise Refused("assessment_rationale_given", _("Say why: a verdict needs a rationale."), "rationale")
    if rules.needs_evidence(status) and not cites:
        raise Refused(
            "assessment_cites_evidence",
            _(
                "Cite at least one piece of evidence: only “no action found” and “unable to assess” need none."
            ),
            "evidence",
        )
    if effective_on > today:
        raise Refused(
            "assessment_not_in_the_future",
            _("%(day)s is in the future: a verdict says what was true on a day that has come.")
            % {"day": effective_on.isoformat()},
            "effective_on",
        )
    published_on = recommendation.source.published_on
    if effective_on < published_on:
        raise Refused(
            "assessment_not_before_source",
            _("%(day)s is before the source was published (%(published)s).")
            % {"day": effective_on.isoformat(), "published": published_on.isoformat()},
            "effective_on",
        )


def publish(assessment: Assessment, *, by: User, now: datetime, note: str = "") -> Assessment:
    """Make a proposal a public verdict and the headline follow it.

    Raises Refused with the rule `assessment_four_eyes`, `assessment_already_decided` or
    `assessment_rests_on_verified_evidence`.
    """
    require(by, "assessment.publish", assessment)
    with one_transaction(), changes.naming(assessment.verdict_institution, by=by, now=now):
        recommendation = headlines.lock(assessment.recommendation)
        assessment = _waiting(assessment)
        _four_eyes(assessment, by)
        _rests_on_something_read(assessment)
        before = headlines.told(recommendation)
        assessment.state = AssessmentState.PUBLISHED
        assessment.decided_by, assessment.decided_at, assessment.decision_note = by, now, note
        assessment.published_at = now
        assessment.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "published_at"])
        headlines.refresh([recommendation.pk], by=by, now=now)
        recommendation.refresh_from_db()
        events.record(
            "assessment.published",
            assessment,
            by=by,
            now=now,
            before=before,
            after=told(assessment) | {"headline": headlines.told(recommendation)},
            public=True,  # the note is between the two who decided; it stands on the assessment
        )
    return assessment


def reject(assessment: Assessment, *, by: User, now: datetime, note: str) -> Assessment:
    """Send a proposal back with a reason. Raises Refused as `publish` does, and without a note."""
    require(by, "assessment.reject", assessment)
    if not note.strip():
        raise Refused("assessment_rejected_with_reason", _("Say why it is sent back."), "note")
    with one_transaction():
        assessment = _waiting(assessment)
        _four_eyes(assessment, by)
        assessment.state = AssessmentState.REJECTED
        assessment.decided_by, assessment.decided_at, assessment.decision_note = by, now, note.strip()
        assessment.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
        events.record("assessment.rejected", assessment, by=by, now=now, after=told(assessment), note=note)
    return assessment


def withdraw(assessment: Assessment, *, by: User, now: datetime, note: str = "") -> Assessment:
    """Take one's own proposal back before anyone has decided on it."""
    require(by, "assessment.withdraw", assessment)
    with one_transaction():
        assessment = _waiting(assessment)
        if assessment.proposed_by_id != by.pk:
            raise Refused(
                "assessment_withdrawn_by_its_proposer", _("Only the person who proposed it can withdraw it.")
            )
        assessment.state = AssessmentState.WITHDRAWN
        assessment.withdrawn_at = now
        assessment.save(update_fields=["state", "withdrawn_at"])
        events.record("assessment.withdrawn", assessment, by=by, now=now, after=told(assessment), note=note)
    return assessment


def retract(assessment: Assessment, *, by: User, now: datetime, note: str) -> Assessment:
    """Take a published verdict back, with a reason; it stays readable, marked as retracted."""
    require(by, "assessment.retract", assessment)
    if not note.strip():
        raise Refused("assessment_retracted_with_reason", _("Say why it is retracted."), "note")
    with one_transaction():
        changes.hold()
        recommendation = headlines.lock(assessment.recommendation)
        assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        if assessment.state != AssessmentState.PUBLISHED:
            raise Refused(
                "assessment_not_published",
                _("Only a published verdict can be retracted; this one is “%(state)s”.")
                % {"state": assessment.get_state_display()},
            )
        _four_eyes(assessment, by)
        before = headlines.told(recommendation)
        assessment.state = AssessmentState.RETRACTED
        assessment.retracted_by, assessment.retracted_at = by, now
        assessment.retraction_reason = note.strip()
        assessment.save(update_fields=["state", "retracted_by", "retracted_at", "retraction_reason"])
        headlines.refresh([recommendation.pk], by=by, now=now)
        recommendation.refresh_from_db()
        events.record(
            "assessment.retracted",
            assessment,
            by=by,
            now=now,
            before=before,
            after=told(assessment) | {"headline": headlines.told(recommendation)},
            note=note,
            public=True,
        )
    return assessment


def told(assessment: Assessment) -> dict[str, object]:
    """What an event says of an assessment."""
    return {
        "status": assessment.status,
        "effective_on": assessment.effective_on,
        "confidence": assessment.confidence,
        "verdict_by": assessment.verdict_by,
        "state": assessment.state,
    }


def _waiting(assessment: Assessment) -> Assessment:
    """The proposal as it is now, locked; refused when somebody has decided meanwhile."""
    locked = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("recommendation")
        .get(pk=assessment.pk)
    )
    if locked.state != AssessmentState.PROPOSED:
        raise Refused(
            "assessment_already_decided",
            _("It has been decided already: it is “%(state)s”.") % {"state": locked.get_state_display()},
        )
    return locked


def _four_eyes(assessment: Assessment, by: User) -> None:
    if assessment.proposed_by_id == by.pk:
        raise Refused("assessment_four_eyes", _("Nobody decides on what they proposed themselves."))


def _rests_on_something_read(assessment: Assessment) -> None:
    if not rules.needs_evidence(assessment.status):
        return
    if not assessment.citations.filter(public_evidence("evidence__"), evidence__verified=True).exists():
        raise Refused(
            "assessment_rests_on_verified_evidence",
            _("It must cite at least one piece of evidence that is public and that somebody has read."),
            "evidence",
        )
