"""Keys to the API. Everybody makes their own; the key is shown once, on the page that answers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from recommendations.actions import tokens
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed, address
from recommendations.admin.forms import StaffForm
from recommendations.models import Token, User
from recommendations.vocabulary import Scope


class TokenForm(ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it may do at most; its owner's role limits it further."),
    )

    class Meta:
        model = Token
        fields = ("name", "scopes", "expires_at")


@admin.register(Token)
class TokenAdmin(NounAdmin):
    few = True
    adds = True
    form = TokenForm
    list_display = (
        "name",
        "user",
        "prefix",
        "scopes_told",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_select_related = ("user",)
    search_fields = ("name", "=prefix", "=user__username")
    ordering = ("-created_at", "-id")
    deeds = (
        Deed(
            name="revoke",
            label=_("Revoke"),
            verb="internal.read",
            question=_("It ends at once and cannot be made valid again."),
            form=StaffForm,
            act=tokens.revoke,
            done=_("The token is revoked."),
            possible=lambda row, person: row.revoked_at is None,
            icon="block",
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """One's own tokens; those of others only for who may manage them."""
        rows = super().get_queryset(request)
        person = request.user
        return (
            rows if isinstance(person, User) and person.may("token.manage") else rows.filter(user=person.pk)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_staff

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is not None:
            return (
                "user",
                "name",
                "prefix",
                "scopes_told",
                "created_at",
                "expires_at",
                "last_used_at",
                "revoked_at",
            )
        return ("name", "scopes", "expires_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj is not None else ()

    @display(description=_("scopes"))
    def scopes_told(self, token: Token) -> str:
        return ", ".join(str(Scope(scope).label) for scope in token.scopes)

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Token:
        token, key = tokens.issue(by, by=by, now=now, **data)
        token.key = key  # type: ignore[attr-defined]  # only for the answer to this very request
        return token

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The page that shows the key; no redirect, no cookie and no session holds it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Token made"),
            "subtitle": str(obj),
            "key": request.made.key,  # type: ignore[attr-defined]
            "back": address(obj),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/tracker/token.html", context)
