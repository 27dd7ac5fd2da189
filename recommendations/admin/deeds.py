"""What a person may do with one row besides editing it: a button, a page that asks, and one action.

The button is there only for those whose role has the verb, and only while the row is in a state that
allows it. The page behind it does not rely on that: the action decides, and its refusal is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.admin.forms import NoteForm, StaffForm
from recommendations.models import User
from recommendations.queries.limits import concerned, covers


def always(row: Any, person: User) -> bool:
    return True


@dataclass(frozen=True)
class Deed:
    """One thing to do with a row. `act(row, by=, now=, **fields of the form)` calls the action.

    `name` is the last step of its address, `question` what its page asks, `done` what is said afterwards. What
    `decides` stands on the page of the queue as well (deciding.py), where `key` brings it. Of a `whole` deed the action
    asks that everything that the row concerns is within a person's limits.
    """

    name: str
    label: Any
    verb: str
    act: Callable[..., Any]
    done: Any
    question: Any = ""
    form: type[StaffForm] = NoteForm
    possible: Callable[[Any, User], bool] = always
    icon: str = "edit"
    danger: bool = False
    main: bool = False
    template: str = "admin/tracker/deed.html"
    leads_to: Callable[[Any], Any] | None = None
    decides: bool = False
    key: str = ""
    whole: bool = False

    def may(self, person: Any) -> bool:
        return isinstance(person, User) and person.may(self.verb)

    def offered(self, row: Any, person: Any) -> bool:
        """Whether the button is shown."""
        within = self.may(person) and covers(person, concerned(row) if self.whole else row)
        return within and self.possible(row, person)


def address(row: Any, step: str = "change") -> str:
    """The address of a row in the admin."""
    return reverse(f"admin:recommendations_{row._meta.model_name}_{step}", args=[row.pk])


def page(deed: Deed, row: Any, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask on GET, act on POST. A refusal comes back as an error of the form, with status 409."""
    if not deed.may(request.user):
        raise PermissionDenied
    person = request.user
    assert isinstance(person, User)
    if request.method != "POST":
        if not deed.possible(row, person):
            messages.warning(request, _("This is not possible now."))
            return HttpResponseRedirect(address(row))
        return _render(deed, row, deed.form(row=row, person=person), request, context)
    button = next((name for name in deed.form.helps if name in request.POST), None)
    if button is not None:
        form = deed.form.helped(button, request.POST, row=row, person=person, now=timezone.now())
        return _render(deed, row, form, request, context)
    tried = attempt(deed, row, request)
    if tried.done:
        return HttpResponseRedirect(address(deed.leads_to(tried.result) if deed.leads_to else row))
    return _render(deed, row, tried.form, request, context, tried.status)


@dataclass(frozen=True)
class Attempt:
    """What came of trying a deed: its result, or the form with what is wrong and the status to answer with."""

    form: StaffForm
    done: bool = False
    result: Any = None
    status: int = 200


def attempt(
    deed: Deed, row: Any, request: HttpRequest, prefix: str | None = None, about: Any = ""
) -> Attempt:
    """Do what was sent, and say so to the person; a refusal is blamed on the form, with status 409.

    `prefix` keeps several forms on one page apart; `about` is what the deed was done to, for who is told of it on the
    page of something else.
    """
    person = request.user
    assert isinstance(person, User)
    form = deed.form(request.POST, row=row, person=person, prefix=prefix)
    if not form.is_valid():
        return Attempt(form)
    try:
        result = deed.act(row, by=person, now=timezone.now(), **form.cleaned_data)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        blame(form, refusal)
        return Attempt(form, status=409)
    messages.success(request, format_html("{}: {}", about, deed.done) if about else deed.done)
    return Attempt(form, done=True, result=result)


def blame(form: Any, refusal: Refused) -> None:
    """Put a refusal where the person can act on it: at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _render(
    deed: Deed,
    row: Any,
    form: StaffForm,
    request: HttpRequest,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    told = {
        **context,
        "title": deed.label,
        "subtitle": str(row),
        "deed": deed,
        "row": row,
        "original": row,
        "form": form,
        "media": form.media,
        "back": address(row),
        "opts": row._meta,
    }
    return TemplateResponse(request, deed.template, told, status=status)
