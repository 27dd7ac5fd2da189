"""Verdicts: never edited. A proposal is decided on by somebody else, a published verdict can be retracted."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import assessments
from recommendations.admin import shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import NoteForm, ReasonForm
from recommendations.admin.replacing import REPLACE
from recommendations.models import Assessment, User
from recommendations.queries.assessments import listed, trail
from recommendations.vocabulary import AssessmentState


def decidable(row: Assessment, person: User) -> bool:
    """Waiting, and not this person's own: four eyes."""
    return row.state == AssessmentState.PROPOSED and row.proposed_by_id != person.pk


def retractable(row: Assessment, person: User) -> bool:
    return row.state == AssessmentState.PUBLISHED and row.proposed_by_id != person.pk


def withdrawable(row: Assessment, person: User) -> bool:
    return row.state == AssessmentState.PROPOSED and row.proposed_by_id == person.pk


@admin.register(Assessment)
class AssessmentAdmin(NounAdmin):
    lead = "admin/tracker/assessment.html"
    list_display = (
        shown.recommendation_of,
        shown.status_of,
        shown.effective_on,
        "state",
        "verdict_by",
        "confidence",
        shown.proposer,
        shown.proposed_at,
    )
    list_display_links = (shown.status_of,)
    list_filter = (
        ("state", ChoicesCheckboxFilter),
        ("status", ChoicesCheckboxFilter),
        ("verdict_by", ChoicesCheckboxFilter),
        ("recommendation", AutocompleteSelectFilter),
        ("proposed_by", AutocompleteSelectFilter),
    )
    list_select_related = ("recommendation", "proposed_by")
    search_fields = ("=recommendation__code",)
    search_help_text = _("The whole code of a recommendation, such as CFR60-06")
    ordering = ("-id",)
    fields = ("method_version", "mapping_version")
    deeds = (
        Deed(
            name="publish",
            label=_("Publish"),
            verb="assessment.publish",
            question=_(
                "It becomes a public verdict and cannot be edited afterwards, only corrected or retracted."
            ),
            form=NoteForm,
            act=assessments.publish,
            done=_("The verdict is published."),
            possible=decidable,
            icon="verified",
            main=True,
            decides=True,
            key="a",
            template="admin/tracker/decide.html",
        ),
        Deed(
            name="reject",
            label=_("Send back"),
            verb="assessment.reject",
            question=_("It goes back to the person who proposed it, with your reason."),
            form=ReasonForm,
            act=assessments.reject,
            done=_("The proposal is sent back."),
            possible=decidable,
            icon="undo",
            template="admin/tracker/decide.html",
            decides=True,
            key="s",
        ),
        REPLACE,
        Deed(
            name="withdraw",
            label=_("Withdraw"),
            verb="assessment.withdraw",
            question=_("Your proposal is taken back before anyone has decided on it."),
            form=NoteForm,
            act=assessments.withdraw,
            done=_("Your proposal is withdrawn."),
            possible=withdrawable,
            icon="undo",
            template="admin/tracker/decide.html",
            decides=True,
            key="w",
        ),
        Deed(
            name="retract",
            label=_("Retract"),
            verb="assessment.retract",
            question=_("It stays readable, marked as retracted, and no longer counts."),
            form=ReasonForm,
            act=assessments.retract,
            done=_("The verdict is retracted."),
            possible=retractable,
            icon="block",
            danger=True,
            template="admin/tracker/decide.html",
        ),
    )

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        full = listed(request.user).get(pk=row.pk)
        return {
            "assessment": full,
            "trail": trail(full.recommendation),
            "own": row.proposed_by_id == request.user.pk and row.state == AssessmentState.PROPOSED,
        }
