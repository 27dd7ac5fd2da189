"""Answering a proposal with one of one's own: edited, and for somebody else to decide."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from recommendations.actions import assessments, changes, proposals
from recommendations.actions.refusals import Refused, one_transaction
from recommendations.models import Assessment, Finding, User
from recommendations.vocabulary import RECORD_LANGUAGE, AssessmentState


def replace(original: Assessment, *, by: User, now: datetime, **claim: Any) -> Assessment:
    """Propose `claim` (as `proposals.propose` takes it) in place of a proposal that still waits.

    The original is sent back with a note that names its replacement; one's own is withdrawn instead, for nobody
    decides on what they proposed. Findings that led to the original point to the replacement too.
    Raises Refused as proposing does, with `assessment_already_decided`, and NotAllowed unless `by` may both propose
    and, where the proposal is another's, send back.
    """
    with one_transaction():
        changes.alone()  # before the row, as publishing does: else the two could wait for each other
        waits = Assessment.objects.select_for_update(of=("self",)).get(pk=original.pk)
        if waits.state != AssessmentState.PROPOSED:
            raise Refused(
                "assessment_already_decided",
                _("It has been decided already: it is “%(state)s”.") % {"state": waits.get_state_display()},
            )
        made = proposals.propose(waits.recommendation, by=by, now=now, **claim)
        for finding in Finding.objects.filter(assessments=waits):
            finding.assessments.add(made)
        with override(RECORD_LANGUAGE):
            note = _("Replaced by proposal %(number)d.") % {"number": made.pk}
        decide = assessments.withdraw if waits.proposed_by_id == by.pk else assessments.reject
        decide(waits, by=by, now=now, note=note)
    return made
