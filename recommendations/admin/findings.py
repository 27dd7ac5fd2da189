"""What checks brought back: seen with the difference, then accepted or dismissed by a person."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesCheckboxFilter

from recommendations.actions import findings
from recommendations.actions.assessments import Cited
from recommendations.admin import filing, shown
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.differences import difference
from recommendations.admin.forms import ReasonForm
from recommendations.admin.proposing import VerdictForm, statuses
from recommendations.models import EvidenceLink, Finding, Recommendation, StatusCheck, User
from recommendations.queries.findings import precision_of
from recommendations.queries.limits import concerned, covers
from recommendations.vocabulary import Confidence, FindingKind, FindingState


class AcceptForm(VerdictForm):
    """Either a new verdict that follows from it, or a note that what we hold still stands."""

    field_order = ("note", "recommendation", "status", "effective_on", "rationale", "confidence")
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Without a new verdict: why what we hold still stands."),
    )
    recommendation = forms.ModelChoiceField(
        label=gettext_lazy("The verdict is about"),
        queryset=Recommendation.objects.none(),
        required=False,
        empty_label=gettext_lazy("No new verdict"),
    )

    def prepare(self) -> None:
        finding: Finding = self.row
        about = {finding.recommendation_id} if finding.recommendation_id else set()
        if finding.evidence is not None:
            links = EvidenceLink.objects.filter(evidence__document=finding.evidence.document_id)
            about |= set(links.values_list("recommendation", flat=True))
        subject = self.fields["recommendation"]
        assert isinstance(subject, forms.ModelChoiceField)
        # Their keys, and no question for them: that would be put to every recommendation there is.
        subject.queryset = Recommendation.objects.filter(pk__in=about).order_by("code")
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.choices = [("", _("No new verdict")), *statuses()]
        if finding.suggested_status:
            self.initial.setdefault("status", finding.suggested_status)
            self.initial.setdefault("recommendation", finding.recommendation_id)
            self.initial.setdefault("effective_on", finding.saw.get("published_on") or None)
        for name in ("status", "effective_on", "rationale", "confidence"):
            self.fields[name].required = False
        self.fields |= filing.fields(finding)
        if finding.kind == FindingKind.VALUE_FOUND:
            self.fields["value"] = forms.DecimalField(
                label=_("Value"),
                max_digits=24,
                decimal_places=6,
                initial=finding.saw.get("value"),
                required=False,
                help_text=_("As the register gives it; change it only where the register is wrong."),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status"):
            for name in ("recommendation", "effective_on", "rationale", "confidence"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed for a verdict."))
            if data.get("confidence") not in Confidence.values:
                data["confidence"] = ""
        filing.check(self, data)
        return data


class DismissForm(ReasonForm):
    """A reason, and, for those who may change checks, what the check is not to look at again."""

    def prepare(self) -> None:
        offered = parts(self.row)
        if offered and may_change(self.person, self.row.status_check):
            self.fields["leave_out"] = forms.MultipleChoiceField(
                label=_("Leave out from now on"),
                choices=offered,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_(
                    "The check does not look there again. All that stands there goes with it: read it first."
                ),
            )


def may_change(person: User, check: StatusCheck | None) -> bool:
    return check is not None and person.may("check.write") and covers(person, concerned(check))


def parts(finding: Finding) -> list[tuple[str, Any]]:
    """What a dismissal may leave out: each with what would go with it."""
    part = _("the part with “%(text)s”")
    phrase = _("lines with “%(text)s”")
    return [
        (place["part"], format_html("{} <code>{}</code>", part % {"text": place["text"]}, place["part"]))
        if "part" in place
        else (place["phrase"], phrase % {"text": place["phrase"]})
        for place in finding.saw.get("where", [])
    ]


def accept(finding: Finding, *, by: User, now: Any, **said: Any) -> Any:
    """The verdict, where there is one, cites the evidence that was watched, with the stance of its link, and what
    is filed."""
    recommendation, evidence = said.get("recommendation"), finding.evidence
    said["filing"] = filing.taken(said)
    if said.get("status") and recommendation is not None and evidence is not None:
        links = EvidenceLink.objects.filter(
            recommendation=recommendation, evidence__document=evidence.document
        )
        said["cites"] = [Cited(link.evidence, link.stance) for link in links.select_related("evidence")]
    return findings.accept(finding, by=by, now=now, **said)


def is_open(row: Finding, person: User) -> bool:
    return row.state == FindingState.OPEN


@admin.register(Finding)
class FindingAdmin(NounAdmin):
    lead = "admin/tracker/finding.html"
    list_display = ("title", "kind", "state", "score", "sightings", shown.first_seen_at, "decided_by")
    list_filter = (
        ("state", ChoicesCheckboxFilter),
        ("kind", ChoicesCheckboxFilter),
        ("evidence", AutocompleteSelectFilter),
    )
    list_select_related = ("decided_by",)
    search_fields = ("=rule", "=evidence__code", "title")
    ordering = (F("decided_at").desc(nulls_first=True), "-id")  # what is open first
    fields = ("rule", "rule_version", "score", "sightings", "first_seen_at", "last_seen_at", "fingerprint")
    deeds = (
        Deed(
            name="accept",
            label=gettext_lazy("Accept"),
            verb="finding.accept",
            question=gettext_lazy(
                "Say that it matters. A new verdict becomes your proposal, which somebody else decides on."
            ),
            form=AcceptForm,
            act=accept,
            done=gettext_lazy("The finding is accepted."),
            possible=is_open,
            icon="check",
            main=True,
            decides=True,
            key="a",
            template="admin/tracker/judge.html",
        ),
        Deed(
            name="dismiss",
            label=gettext_lazy("Dismiss"),
            verb="finding.dismiss",
            question=gettext_lazy("It comes back only if what was seen changes."),
            form=DismissForm,
            act=findings.dismiss,
            done=gettext_lazy("The finding is dismissed."),
            possible=is_open,
            icon="close",
            template="admin/tracker/judge.html",
            decides=True,
            key="d",
        ),
    )

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "finding": row,
            "difference": difference(row),
            "proposed": row.assessments.all(),
            "precision": precision_of(row),
        }
