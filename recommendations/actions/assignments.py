"""Who is asked to decide on what waits."""

from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.actions import events
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Assessment, Assignment, Finding, User
from recommendations.queries.limits import covers
from recommendations.vocabulary import AssessmentState, FindingState


def assign(waiting: Assessment | Finding, *, person: User, by: User, now: datetime) -> Assignment:
    """Ask `person` to decide on a proposal or a finding; whoever was asked before no longer is.

    Raises Refused with the rule `assignment_waits`, `assignment_four_eyes` or `assignment_may_decide`.
    """
    require(by, "assignment.write", waiting)
    with one_transaction():
        waiting = _waiting(waiting)
        _able(waiting, person)
        before = _end(waiting, now)
        made = Assignment.objects.create(**_about(waiting), person=person, assigned_by=by, assigned_at=now)
        events.record(
            "assignment.made",
            waiting,
            by=by,
            now=now,
            before={"person": before.person.username} if before else None,
            after={"person": person.username},
        )
    return made


def release(waiting: Assessment | Finding, *, by: User, now: datetime) -> None:
    """Nobody in particular is asked any more. Raises Refused with `assignment_in_force` if nobody was."""
    require(by, "assignment.write", waiting)
    with one_transaction():
        waiting = _waiting(waiting)
        before = _end(waiting, now)
        if before is None:
            raise Refused("assignment_in_force", _("It is assigned to nobody."))
        told = {"person": before.person.username}
        events.record("assignment.ended", waiting, by=by, now=now, before=told)


def _about(waiting: Assessment | Finding) -> dict[str, Assessment | Finding]:
    return {"assessment" if isinstance(waiting, Assessment) else "finding": waiting}


def _waiting(given: Assessment | Finding) -> Assessment | Finding:
    """The thing as it is now, locked; refused once it has been decided."""
    row = type(given)._default_manager.select_for_update(of=("self",)).get(pk=given.pk)
    if row.state not in (AssessmentState.PROPOSED, FindingState.OPEN):
        raise Refused(
            "assignment_waits",
            _("It has been decided already: it is “%(state)s”.") % {"state": row.get_state_display()},
        )
    return row


def _able(waiting: Assessment | Finding, person: User) -> None:
    proposal = isinstance(waiting, Assessment)
    if isinstance(waiting, Assessment) and waiting.proposed_by_id == person.pk:
        raise Refused("assignment_four_eyes", _("Nobody decides on what they proposed themselves."), "person")
    if not person.may("assessment.publish" if proposal else "finding.accept") or not covers(person, waiting):
        raise Refused(
            "assignment_may_decide",
            _("The role of %(person)s does not include deciding on this.") % {"person": person},
            "person",
        )


def _end(waiting: Assessment | Finding, now: datetime) -> Assignment | None:
    held = (
        Assignment.objects.filter(**_about(waiting), ended_at__isnull=True).select_related("person").first()
    )
    if held is not None:
        Assignment.objects.filter(pk=held.pk).update(ended_at=now)
    return held
