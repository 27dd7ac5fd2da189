"""The part of a proposal that files new evidence by its address, which is asked for its title and day."""

from datetime import date
from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.actions.proposals import NewEvidence
from recommendations.admin.forms import day
from recommendations.fetching import citing
from recommendations.vocabulary import SUMMARY_LIMIT, EvidenceKind, Stance

NEEDED = ("title", "finding", "kind", "occurred_on")
"""What new evidence cannot do without."""


def fields() -> dict[str, forms.Field]:
    """`new_` before each: they stand on the form of a proposal, and all stay empty where nothing is new."""
    return {
        "new_url": forms.URLField(
            label=gettext_lazy("Address of new evidence"),
            required=False,
            max_length=1000,
            assume_scheme="https",
        ),
        "new_title": forms.CharField(label=gettext_lazy("Its title"), required=False, max_length=500),
        "new_finding": forms.CharField(
            label=gettext_lazy("What it shows"),
            required=False,
            max_length=SUMMARY_LIMIT,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=gettext_lazy("In your own words."),
        ),
        "new_kind": forms.ChoiceField(
            label=gettext_lazy("What it is"), required=False, choices=[("", "–"), *EvidenceKind.choices]
        ),
        "new_occurred_on": day(gettext_lazy("Happened on"), required=False),
        "new_stance": forms.ChoiceField(
            label=gettext_lazy("How it bears on the recommendation"), required=False, choices=Stance.choices
        ),
        "new_locator": forms.CharField(
            label=gettext_lazy("Place in it"),
            required=False,
            max_length=300,
            help_text=gettext_lazy("Page, section."),
        ),
        "new_verified": forms.BooleanField(
            label=gettext_lazy("I have read it, and it says so"), required=False
        ),
    }


def fetched(sent: Any) -> tuple[dict[str, Any], str]:
    """What was typed, with title and day as the address gives them; and a sentence on what came of asking.

    What a person has typed already is kept.
    """
    filled: dict[str, Any] = {name: value for name, value in sent.items() if value}
    url = str(sent.get("new_url", "")).strip()
    try:
        url = fields()["new_url"].clean(url)
    except forms.ValidationError as error:
        return filled, " ".join(error.messages)
    if not url:
        return filled, _("Paste an address first.")
    said = async_to_sync(citing.describe)(url, settings.TRACKER_DOOR)
    if said.problem:
        return filled, _("The address could not be read: %(problem)s. Fill in what it shows yourself.") % {
            "problem": said.problem
        }
    filled["new_url"] = url
    if said.title:
        filled.setdefault("new_title", said.title)
    if said.published_on:
        filled.setdefault("new_occurred_on", date.fromisoformat(said.published_on))
        return filled, _(
            "Title and day are as the page gives them. Check the day: it says when it was published."
        )
    return filled, _("The page gives no day of publication: fill it in.")


def check(form: forms.Form, data: dict[str, Any]) -> None:
    """With an address, what is needed; without one, nothing of the rest."""
    given = [name for name in (*NEEDED, "locator") if data.get(f"new_{name}")]
    if not data.get("new_url"):
        if given and "new_url" not in form.errors:
            form.add_error("new_url", _("Give its address, or leave all of new evidence empty."))
        return
    for name in NEEDED:
        if not data.get(f"new_{name}") and f"new_{name}" not in form.errors:
            form.add_error(f"new_{name}", _("Needed for new evidence."))


def taken(data: dict[str, Any]) -> NewEvidence | None:
    """What was filled in, for the action; None where nothing is new or something is missing."""
    if not data.get("new_url") or not all(data.get(f"new_{name}") for name in NEEDED):
        return None
    return NewEvidence(
        url=data["new_url"],
        title=data["new_title"],
        finding=data["new_finding"],
        kind=data["new_kind"],
        occurred_on=data["new_occurred_on"],
        stance=data.get("new_stance") or Stance.SUPPORTS,
        locator=data.get("new_locator") or "",
        verified=bool(data.get("new_verified")),
    )
