"""People and their roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesCheckboxFilter

from recommendations.actions import second_factors, users
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed
from recommendations.admin.forms import StaffForm, several
from recommendations.models import Recommendation, User

OWN = ("role", "is_active")
"""What nobody changes on their own row."""


def password(**options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=_("Password"), strip=False, widget=widget, **options)


class PersonForm(ModelForm):
    source_limits = several(
        Recommendation,
        "source",
        _("Only for these sources"),
        required=False,
        help_text=_("Empty: for all. With sources and themes chosen, what is of either counts."),
    )
    theme_limits = several(
        Recommendation.themes.through,
        "theme",
        _("Only for these themes"),
        required=False,
        help_text=_("With the themes below them. Reading is not limited."),
    )

    class Meta:
        model = User
        fields = ("username", "name", "email", "role", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["source_limits"] = self.instance.source_limits
        self.initial["theme_limits"] = self.instance.theme_limits

    def clean_source_limits(self) -> list[int]:
        return sorted(row.pk for row in self.cleaned_data["source_limits"])

    def clean_theme_limits(self) -> list[int]:
        return sorted(row.pk for row in self.cleaned_data["theme_limits"])


class NewPersonForm(ModelForm):
    password = password(
        required=False, help_text=_("At least 12 characters. Without one they cannot sign in.")
    )

    class Meta:
        model = User
        fields = ("username", "name", "email", "role")

    def clean_password(self) -> str | None:
        given = self.cleaned_data["password"]
        if given:
            validate_password(given, self.instance)
        return given or None


class PasswordForm(StaffForm):
    password = password(help_text=_("At least 12 characters. Tell it to them by another way than e-mail."))

    def clean_password(self) -> str:
        given = self.cleaned_data["password"]
        validate_password(given, self.row)
        return given


def has_second_factor(row: User, person: User) -> bool:
    """Of another: one's own is removed with a code, on one's own page."""
    return row.pk != person.pk and second_factors.in_force(row) is not None


@admin.register(User)
class UserAdmin(NounAdmin):
    few = True
    action = users
    adds = changes = True
    fixed = ("username",)
    form = PersonForm
    list_display = ("username", "name", "role", "is_active", "last_login")
    list_filter = (("role", ChoicesCheckboxFilter), ("is_active", BooleanRadioFilter))
    search_fields = ("username", "name")
    ordering = ("username",)
    deeds = (
        Deed(
            name="set-password",
            label=_("Set a password"),
            verb="user.write",
            form=PasswordForm,
            act=users.set_password,
            done=_("The password is set."),
            icon="password",
        ),
        Deed(
            name="end-sessions",
            label=_("End all sessions"),
            verb="user.write",
            question=_("They have to sign in again everywhere."),
            form=StaffForm,
            act=users.end_sessions,
            done=_("All their sessions have ended."),
            icon="logout",
        ),
        Deed(
            name="remove-second-factor",
            label=_("Remove the second factor"),
            verb="user.write",
            question=_("For who has lost their telephone. Make sure that it is they who ask."),
            form=StaffForm,
            act=second_factors.remove,
            done=_("Their sign-in asks for no code any more."),
            possible=has_second_factor,
            icon="phonelink_erase",
            danger=True,
        ),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewPersonForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return (*NewPersonForm.Meta.fields, "password")
        own = obj.pk == request.user.pk
        return PersonForm.Meta.fields if own else (*PersonForm.Meta.fields, *users.LIMITS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = OWN if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)
