"""The home of the admin: everything that waits for a person, in one queue, and deciding on many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.actions import assessments, assignments, rehearsals
from recommendations.actions.refusals import Refused
from recommendations.actions.rehearsals import Effect
from recommendations.admin import saved_views
from recommendations.admin.forms import chosen, dress, is_number
from recommendations.models import Assessment, Assignment, Finding, Recommendation, User
from recommendations.queries import notifications, queue
from recommendations.queries.queue import FINDING, PROPOSAL, Item, Place, Wanted
from recommendations.vocabulary import FindingKind

SHOWN = 50
AT_ONCE = 100
"""How many may be decided on together: each is shown beforehand, and a page must stay readable."""

NOUNS: dict[str, type[Assessment] | type[Finding]] = {PROPOSAL: Assessment, FINDING: Finding}


class WantedForm(forms.Form):
    """What the queue is narrowed to; empty leaves a question open."""

    turn = forms.ChoiceField(
        label=gettext_lazy("Whose turn"),
        required=False,
        choices=[
            ("", gettext_lazy("Everybody's")),
            ("yours", gettext_lazy("Yours")),
            ("assigned", gettext_lazy("Assigned to you")),
            ("others", gettext_lazy("Somebody else's")),
        ],
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[
            ("", gettext_lazy("Everything")),
            (PROPOSAL, gettext_lazy("Proposed verdict")),
            *FindingKind.choices,
        ],
    )
    days = forms.IntegerField(
        label=gettext_lazy("Waiting for days"), required=False, min_value=0, max_value=9999
    )
    priority = forms.BooleanField(label=gettext_lazy("Priority only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"] = chosen(Recommendation, "source", gettext_lazy("Source"), required=False)
        self.fields["theme"] = chosen(
            Recommendation.themes.through, "theme", gettext_lazy("Theme"), required=False
        )
        for field in self.fields.values():
            dress(field.widget)

    def wanted(self) -> Wanted:
        """Call only where the form is valid."""
        said = self.cleaned_data
        return Wanted(
            what=said["what"],
            source=said["source"].code if said["source"] else "",
            theme=said["theme"].code if said["theme"] else "",
            days=said["days"],
            priority=said["priority"],
            turn=said["turn"],
        )


def parameters() -> frozenset[str]:
    """What an address of the queue may be narrowed by."""
    return frozenset(WantedForm().fields)


def asked(request: HttpRequest) -> tuple[WantedForm, Wanted, str]:
    """The filter as a form, as the query takes it, and as the end of an address; a wrong one narrows nothing."""
    form = WantedForm(request.GET)
    names = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return form, form.wanted() if form.is_valid() else Wanted(), urlencode(names)


def address(place: Place, narrowed: str = "") -> str:
    """Where one item is decided on, keeping to the queue as it is narrowed."""
    url = reverse("admin:queue_item", args=[place.noun, place.pk])
    return f"{url}?{narrowed}" if narrowed else url


def home(narrowed: str = "") -> str:
    return f"{reverse('admin:index')}?{narrowed}" if narrowed else reverse("admin:index")


def place_of(word: str) -> Place:
    """`proposal-12` as a place; anything else is a bad request."""
    noun, _dash, number = word.partition("-")
    if noun not in NOUNS or not is_number(number):
        raise BadRequest(_("%(word)s names nothing that could wait.") % {"word": word[:40]})
    return Place(noun, int(number))


def context(request: HttpRequest) -> dict[str, Any]:
    """What the home page shows."""
    person = request.user
    assert isinstance(person, User)
    form, wanted, narrowed = asked(request)
    after = place_of(request.GET["after"]) if request.GET.get("after") else None
    now = timezone.now()
    items = queue.page(wanted, person, now=now, limit=SHOWN + 1, after=after)
    shown = items[:SHOWN]
    more = {"after": str(shown[-1].place)} if len(items) > SHOWN else None
    keep = f"{narrowed}&" if narrowed else ""
    return {
        "filter": form,
        "views": saved_views.bar(request, saved_views.QUEUE),
        "narrowed": narrowed,
        "media": form.media + AssigneeForm().media,
        "counts": queue.counts(person),
        "may_choose": person.may("assessment.publish") or person.may("assignment.write"),
        "unread": notifications.unread(person),
        "items": [(item, address(item.place, narrowed), _age(item, now)) for item in shown],
        "more": f"?{keep}{urlencode(more)}" if more else "",
        "begins_later": after is not None,
        "may_decide": person.may("assessment.publish"),
        "may_assign": person.may("assignment.write"),
        "assign_to": AssigneeForm(),
    }


def _age(item: Item, now: datetime) -> int:
    return max((now - item.since).days, 0)


class AssigneeForm(forms.Form):
    """Who is asked to decide, found by typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = chosen(Assignment, "person", _("Assign to"), required=False)
        dress(self.fields["person"].widget)


@dataclass(frozen=True)
class Row:
    """One of many: what it is, what publishing it would change, and what came of it."""

    place: Place
    proposal: Assessment
    effect: Effect | None = None
    refused: Refused | None = None
    done: bool = False


def approve(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    """Publish many proposals, each checked by itself.

    First everything is shown as it would be, with each refusal; what is then confirmed is published one
    by one, and the page says what came of each.
    """
    person = request.user
    assert isinstance(person, User)
    if request.method != "POST":
        return HttpResponseRedirect(home())
    if not person.may("assessment.publish"):
        raise PermissionDenied
    proposals = _proposals(request)
    confirmed = "confirmed" in request.POST
    now, note = timezone.now(), request.POST.get("note", "").strip()
    if "\x00" in note:
        raise BadRequest(_("This is no text: it has a NUL or half a character."))
    rows = [
        _publish(row, person, now, note) if confirmed else _rehearse(row, person, now) for row in proposals
    ]
    done = sum(row.done for row in rows)
    if confirmed and done == len(rows):
        messages.success(request, _published(done))
        return HttpResponseRedirect(home(request.POST.get("narrowed", "")))
    told = {
        **each_context,
        "title": _("What was published") if confirmed else _("Publish together"),
        "rows": rows,
        "confirmed": confirmed,
        "possible": sum(row.refused is None and not row.done for row in rows),
        "summary": _published(done),
        "note": note,
        "back": home(),
    }
    return TemplateResponse(request, "admin/tracker/approve.html", told)


def _published(number: int) -> str:
    return ngettext("%(number)d verdict is published.", "%(number)d verdicts are published.", number) % {
        "number": number
    }


def _proposals(request: HttpRequest) -> list[Assessment]:
    places = [place_of(word) for word in request.POST.getlist("place")]
    ids = [place.pk for place in places if place.noun == PROPOSAL]
    if len(ids) > AT_ONCE:
        raise BadRequest(_("At most %(number)d at once.") % {"number": AT_ONCE})
    rows = Assessment.objects.select_related("recommendation", "proposed_by").in_bulk(ids)
    return [rows[pk] for pk in dict.fromkeys(ids) if pk in rows]


def _rehearse(proposal: Assessment, person: User, now: datetime) -> Row:
    effect = rehearsals.publishing(proposal, by=person, now=now)
    return Row(Place(PROPOSAL, proposal.pk), proposal, effect=effect, refused=effect.refused)


def _publish(proposal: Assessment, person: User, now: datetime, note: str) -> Row:
    place = Place(PROPOSAL, proposal.pk)
    try:
        assessments.publish(proposal, by=person, now=now, note=note)
    except Refused as refusal:
        return Row(place, proposal, refused=refusal)
    return Row(place, proposal, done=True)


def assign(request: HttpRequest) -> HttpResponse:
    """Ask one person to decide on what was chosen, each by itself; what is refused is said."""
    by = request.user
    assert isinstance(by, User)
    if request.method != "POST":
        return HttpResponseRedirect(home())
    if not by.may("assignment.write"):
        raise PermissionDenied
    form = AssigneeForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("There is no such person."))
    person = form.cleaned_data["person"] or by
    done, places = 0, [place_of(word) for word in request.POST.getlist("place")[:AT_ONCE]]
    for row in _chosen(places):
        try:
            assignments.assign(row, person=person, by=by, now=timezone.now())
            done += 1
        except Refused as refusal:
            messages.warning(request, f"{row}: {refusal.message}")
    if done:
        told = ngettext(
            "%(number)d is assigned to %(person)s.", "%(number)d are assigned to %(person)s.", done
        )
        messages.success(request, told % {"number": done, "person": person})
    narrowed = request.POST.get("narrowed", "")
    one = "back" in request.POST and places
    return HttpResponseRedirect(address(places[0], narrowed) if one else home(narrowed))


def _chosen(places: Iterable[Place]) -> Iterable[Assessment | Finding]:
    for place in places:
        row = NOUNS[place.noun]._default_manager.filter(pk=place.pk).first()
        if row is not None:
            yield row
