"""Answering a proposal with an edited one of one's own: the proposing form, filled in with what was proposed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from recommendations.actions import replacements
from recommendations.admin.deeds import Deed
from recommendations.admin.proposing import ProposalForm
from recommendations.models import Assessment, Recommendation, User
from recommendations.vocabulary import AssessmentState

SAID = (
    "status",
    "effective_on",
    "rationale",
    "confidence",
    "verdict_by",
    "verdict_institution",
    "supersedes",
)


class ReplacementForm(ProposalForm):
    def subject(self) -> Recommendation:
        return self.row.recommendation

    def prepare(self) -> None:
        super().prepare()
        self.initial.update({name: getattr(self.row, name) for name in SAID})
        for citation in self.row.citations.all():
            if f"cite_{citation.evidence_id}" in self.fields:
                self.initial[f"cite_{citation.evidence_id}"] = True
                self.initial[f"stance_{citation.evidence_id}"] = citation.stance
                self.initial[f"locator_{citation.evidence_id}"] = citation.locator


def replaceable(row: Assessment, person: User) -> bool:
    """Waiting, and either the person's own or one that they may send back."""
    own = row.proposed_by_id == person.pk
    return row.state == AssessmentState.PROPOSED and (own or person.may("assessment.reject"))


def replace(row: Assessment, *, by: User, now: Any, **claim: Any) -> Assessment:
    return replacements.replace(row, by=by, now=now, **claim)


REPLACE = Deed(
    name="replace",
    label=_("Edit as my own"),
    verb="assessment.propose",
    question=_(
        "Your edited proposal takes the place of this one and waits for somebody else. This one goes back to the"
        " person who proposed it, with a note that says so."
    ),
    form=ReplacementForm,
    act=replace,
    done=_("Your proposal takes its place and waits for somebody else to decide."),
    possible=replaceable,
    icon="edit_note",
    template="admin/tracker/propose.html",
    leads_to=lambda proposal: proposal,
    key="e",
)
