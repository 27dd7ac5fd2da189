"""Signing in, and a person's own page about it: the second factor, and the sessions that are open."""

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import AuthenticationForm

from recommendations.actions import second_factors, users
from recommendations.actions.refusals import Refused
from recommendations.admin.forms import dress
from recommendations.models import User

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "7"}
"""Six digits, and the space that many telephones show in their middle."""


class SignInForm(AuthenticationForm):
    """Name and password, and the code of those who set up a second factor."""

    code = forms.CharField(
        label=gettext_lazy("Code from your telephone"),
        required=False,
        help_text=gettext_lazy("Only if you have set up a second factor."),
        widget=forms.TextInput(attrs=CODE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django only tells the browser how long a name may be, and a failure with a longer one could not be kept.
        name = self.fields["username"]
        assert isinstance(name, forms.CharField)
        name.validators.append(MaxLengthValidator(name.max_length or 0))
        dress(self.fields["code"].widget)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        person = self.get_user()
        if isinstance(person, User):
            try:
                second_factors.check(person, data.get("code", ""), now=timezone.now())
            except Refused as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return data


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), widget=forms.TextInput(attrs=CODE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"].widget)


def page(request: HttpRequest, each_context: dict[str, Any]) -> HttpResponse:
    """What one can do about one's own sign-in; each button is one action."""
    person, form, status = request.user, CodeForm(), 200
    assert isinstance(person, User)
    if request.method == "POST":
        form = CodeForm(request.POST)
        try:
            told = _act(request, person, form)
        except Refused as refusal:
            form.add_error("code" if refusal.field == "code" else None, refusal.message)
            status = 409
        else:
            if told:
                messages.success(request, told)
                return HttpResponseRedirect(reverse("admin:security"))
    begun = None
    if "begin" in request.POST or ("confirm" in request.POST and second_factors.is_begun(person)):
        begun = second_factors.begin(person) if second_factors.in_force(person) is None else None
    context = {
        **each_context,
        "title": _("Your sign-in"),
        "form": form,
        "set_up": second_factors.in_force(person),
        "begun": begun,
        "picture": _picture(begun.address) if begun else "",
        "key": _grouped(begun.secret) if begun else "",
    }
    return TemplateResponse(request, "admin/tracker/security.html", context, status=status)


def _act(request: HttpRequest, person: User, form: CodeForm) -> str:
    """Do what was asked; what to say of it, or "" where the page itself is the answer."""
    now = timezone.now()
    if "end" in request.POST:
        users.end_sessions(person, by=person, now=now)
        return _("All your sessions have ended: sign in again.")
    takes_a_code = (
        second_factors.is_begun(person) if "confirm" in request.POST else second_factors.in_force(person)
    )
    if "begin" in request.POST or not takes_a_code:
        form.errors.clear()  # of a code that nobody was asked for
    if "begin" in request.POST:
        return ""
    if "confirm" in request.POST and not takes_a_code:
        second_factors.confirm(person, "", now=now)  # which refuses it
    if not form.is_valid():
        return ""
    if "confirm" in request.POST:
        second_factors.confirm(person, form.cleaned_data["code"], now=now)
        return _("From now on your sign-in asks for a code.")
    if "remove" in request.POST:
        second_factors.remove(person, by=person, now=now, code=form.cleaned_data.get("code", ""))
        return _("Your sign-in asks for no code any more.")
    return ""


def _picture(address: str) -> SafeString:
    """The key for the camera of a telephone, as inline SVG; segno escapes nothing, for it holds no text."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn by a library, of modules and not of what was typed


def _grouped(key: str) -> str:
    """The key for typing, in groups of four."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
