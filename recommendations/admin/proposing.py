"""The short form that proposes a verdict: from a recommendation's page, or from a finding that is accepted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.actions import proposals, rehearsals
from recommendations.actions.assessments import Cited
from recommendations.actions.refusals import Refused
from recommendations.admin import effects, pasting
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import StaffForm, Words, chosen, day
from recommendations.models import Assessment, Citation, Evidence, Recommendation, User
from recommendations.queries.assessments import trail
from recommendations.queries.evidence import links_of
from recommendations.vocabulary import ASSESSABLE_STATUSES, STATUS_MEANINGS, Confidence, Stance, VerdictBy

MORE = range(2)
"""Rows for evidence that is not linked to the recommendation yet."""


def statuses() -> list[tuple[str, Any]]:
    """Each status with its definition, so that nobody chooses by the word alone."""
    return [
        (
            each.value,
            format_html("<strong>{}</strong> <span>{}</span>", each.label, STATUS_MEANINGS[each].definition),
        )
        for each in ASSESSABLE_STATUSES
    ]


class VerdictForm(StaffForm):
    """What a verdict says, without what it cites."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=statuses, widget=forms.RadioSelect)
    effective_on = day(
        gettext_lazy("True as of"), help_text=gettext_lazy("The day in the world, not the day of typing.")
    )
    rationale = Words(label=gettext_lazy("Rationale"), rows=5)
    confidence = forms.ChoiceField(
        label=gettext_lazy("Confidence"), choices=Confidence.choices, widget=forms.RadioSelect
    )


class ProposalForm(VerdictForm):
    """A verdict with the evidence it cites: linked evidence to tick, other found by typing, new by its address.

    `preview` asks what publishing it would change; `fetch` asks an address for its title and day.
    """

    helps = ("fetch", "preview")
    preview: list[effects.Told] | None = None
    refusal: Refused | None = None
    axes: Sequence[effects.Axis] = ()
    fetched = ""

    verdict_by = forms.ChoiceField(
        label=gettext_lazy("Whose verdict"), choices=VerdictBy.choices, initial=VerdictBy.OFFICE
    )
    verdict_institution = chosen(
        Assessment,
        "verdict_institution",
        gettext_lazy("Institution whose verdict it is"),
        required=False,
        help_text=gettext_lazy("Only where it is not this office's."),
    )
    supersedes = forms.ModelChoiceField(
        label=gettext_lazy("Corrects"),
        queryset=Assessment.objects.none(),
        required=False,
        empty_label=gettext_lazy("No earlier verdict"),
        help_text=gettext_lazy("Choose one only where that verdict was wrong, not where the world moved on."),
    )

    def prepare(self) -> None:
        standing = Assessment.objects.filter(recommendation=self.subject()).standing().latest_first()
        corrects = self.fields["supersedes"]
        assert isinstance(corrects, forms.ModelChoiceField)
        corrects.queryset = standing
        self.linked = self._linked()
        for evidence, stance, _code in self.linked:
            self.fields[f"cite_{evidence.pk}"] = forms.BooleanField(label=evidence.title, required=False)
            self._how(str(evidence.pk), stance, evidence.title)
        for number in MORE:
            self.fields[f"more_{number}"] = chosen(Citation, "evidence", _("Other evidence"), required=False)
            self._how(f"more_{number}", Stance.SUPPORTS, _("other evidence"))
        self.fields |= pasting.fields()

    @classmethod
    def helped(cls, button: str, sent: Any, *, row: Any, person: User, now: datetime) -> "ProposalForm":
        if button == "fetch":
            filled, told = pasting.fetched(sent)
            form = cls(initial=filled, row=row, person=person)
            form.fetched = told
            return form
        form = cls(sent, row=row, person=person)
        if form.is_valid():
            form._rehearse(now)
        return form

    def _rehearse(self, now: datetime) -> None:
        said, subject = self.cleaned_data, self.subject()
        effect = rehearsals.proposing(subject, by=self.person, now=now, **said)
        self.preview, self.refusal = effects.lines(effect), effect.refused
        self.axes = effects.axes(trail(subject), said["effective_on"], said["verdict_by"])

    def subject(self) -> Recommendation:
        return self.row

    def rows(self) -> list[dict[str, Any]]:
        """The linked evidence as the template shows it."""
        return [
            {
                "evidence": evidence,
                "code": code,
                "cite": self[f"cite_{evidence.pk}"],
                "stance": self[f"stance_{evidence.pk}"],
                "locator": self[f"locator_{evidence.pk}"],
            }
            for evidence, _stance, code in self.linked
        ]

    def more_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "evidence": self[f"more_{number}"],
                "stance": self[f"stance_more_{number}"],
                "locator": self[f"locator_more_{number}"],
            }
            for number in MORE
        ]

    def plain(self) -> list[Any]:
        """The fields that are not about evidence, in their order."""
        about_evidence = ("cite_", "stance_", "locator_", "more_", "new_")
        return [self[name] for name in self.fields if not name.startswith(about_evidence)]

    def new(self) -> list[Any]:
        """The fields about evidence that is not filed yet."""
        return [self[name] for name in pasting.fields()]

    def new_is_shown(self) -> bool:
        """Whether there is something in these to look at."""
        return bool(self.fetched or self["new_url"].value() or any(field.errors for field in self.new()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pasting.check(self, data)
        cites: dict[int, Cited] = {}
        for evidence, _stance, _code in self.linked:
            if data.get(f"cite_{evidence.pk}"):
                cites[evidence.pk] = self._cited(evidence, str(evidence.pk), data)
        for number in MORE:
            other = data.get(f"more_{number}")
            if other is not None:
                cites[other.pk] = self._cited(other, f"more_{number}", data)
        said = (
            "status",
            "effective_on",
            "rationale",
            "confidence",
            "verdict_by",
            "verdict_institution",
        )
        return {name: data[name] for name in (*said, "supersedes") if name in data} | {
            "cites": list(cites.values()),
            "filing": pasting.taken(data),
        }

    def _linked(self) -> list[tuple[Evidence, str, str]]:
        """Evidence of the recommendation and of its parts, each once, with the stance of its link."""
        subject = self.subject()
        family = [subject.pk, *subject.parts.values_list("pk", flat=True)]
        found: dict[int, tuple[Evidence, str, str]] = {}
        for link in sorted(
            links_of(family, self.person), key=lambda link: link.recommendation_id != subject.pk
        ):
            found.setdefault(link.evidence_id, (link.evidence, link.stance, link.recommendation.code))
        return list(found.values())

    def _how(self, name: str, stance: str, title: str) -> None:
        stances = forms.Select(attrs={"aria-label": _("Stance of %(title)s") % {"title": title}})
        places = forms.TextInput(
            attrs={
                "aria-label": _("Place in %(title)s") % {"title": title},
                "placeholder": _("page, section"),
            }
        )
        self.fields[f"stance_{name}"] = forms.ChoiceField(
            choices=Stance.choices, initial=stance, required=False, widget=stances
        )
        self.fields[f"locator_{name}"] = forms.CharField(max_length=300, required=False, widget=places)

    def _cited(self, evidence: Evidence, name: str, data: dict[str, Any]) -> Cited:
        return Cited(
            evidence, data.get(f"stance_{name}") or Stance.SUPPORTS, data.get(f"locator_{name}") or ""
        )


PROPOSE = Deed(
    name="propose",
    label=gettext_lazy("Propose a verdict"),
    verb="assessment.propose",
    question=gettext_lazy("It changes nothing until somebody else has published it."),
    form=ProposalForm,
    act=proposals.propose,
    done=gettext_lazy("Your proposal waits for somebody else to decide."),
    icon="rate_review",
    main=True,
    template="admin/tracker/propose.html",
    leads_to=lambda proposal: proposal,
)
