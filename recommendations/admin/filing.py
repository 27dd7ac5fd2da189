"""The part of accepting a finding that files the document it found as evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.actions.consequences import Filing
from recommendations.admin.forms import day
from recommendations.models import Finding
from recommendations.vocabulary import SUMMARY_LIMIT, EvidenceKind, FindingKind, Stance

FOUND = (FindingKind.DOCUMENT_FOUND, FindingKind.STATUS_SUGGESTED)
"""Findings that name a document which is not evidence yet."""


def fields(finding: Finding) -> dict[str, forms.Field]:
    """What to ask of someone who accepts it; nothing where there is no document to file."""
    if finding.kind not in FOUND:
        return {}
    return {
        "file_kind": forms.ChoiceField(
            label=gettext_lazy("File the document as"),
            choices=[("", gettext_lazy("Do not file it")), *EvidenceKind.choices],
            required=False,
            help_text=gettext_lazy("A verdict proposed here then cites it."),
        ),
        "file_finding": forms.CharField(
            label=gettext_lazy("What it shows"),
            max_length=SUMMARY_LIMIT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=gettext_lazy("In your own words, having read it."),
        ),
        "file_title": forms.CharField(
            label=gettext_lazy("Its title"),
            max_length=500,
            required=False,
            initial=finding.saw.get("title", ""),
        ),
        "file_occurred_on": day(
            gettext_lazy("It happened on"), required=False, initial=finding.saw.get("published_on") or None
        ),
        "file_stance": forms.ChoiceField(
            label=gettext_lazy("How it bears on the recommendation"),
            choices=Stance.choices,
            initial=Stance.SUPPORTS,
            required=False,
        ),
    }


def check(form: forms.Form, data: dict[str, Any]) -> None:
    if data.get("file_kind") and not data.get("file_finding", "").strip():
        form.add_error("file_finding", _("Say what the document shows."))


def taken(said: dict[str, Any]) -> Filing | None:
    """What was filled in, taken out of what the form says; None where nothing is to be filed."""
    kind, finding, stance, title, occurred_on = (
        said.pop(f"file_{name}", None) for name in ("kind", "finding", "stance", "title", "occurred_on")
    )
    if not kind:
        return None
    return Filing(
        kind=kind,
        finding=(finding or "").strip(),
        stance=stance or Stance.SUPPORTS,
        title=title or "",
        occurred_on=occurred_on,
    )
