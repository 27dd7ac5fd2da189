"""Who asks, and what the token they hold opens.

A request is made by a session (with its CSRF token), by a token, or by nobody. What a person may do is
what their role may do; a token's scopes can only narrow that.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from recommendations import permissions
from recommendations.actions import tokens
from recommendations.models import Token, User
from recommendations.queries import tokens as queries

SCHEMES = ("bearer", "token")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`, or `Token KEY` as many clients of such APIs send it."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in SCHEMES:
            return None
        token = queries.of_key(key.strip())
        now = timezone.now()
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is not known here."))
        if token.revoked_at is not None:
            raise exceptions.AuthenticationFailed(_("This token was revoked."))
        if token.expires_at is not None and token.expires_at <= now:
            raise exceptions.AuthenticationFailed(_("This token has expired."))
        if not token.user.is_active:
            raise exceptions.AuthenticationFailed(_("The person whose token this is may not sign in."))
        tokens.note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def permit(request: Request, verb: str | None) -> None:
    """Refuse unless this request may do `verb`; None asks only that somebody is signed in."""
    if not isinstance(request.user, User):
        raise exceptions.NotAuthenticated(_("Send a token (Authorization: Bearer KEY) or sign in."))
    if verb is None:
        return
    if isinstance(request.auth, Token) and not permissions.allowed_by_scopes(request.auth.scopes, verb):
        raise exceptions.PermissionDenied(
            _("This token's scopes (%(held)s) do not include “%(verb)s”; the scope “%(scope)s” does.")
            % {"held": ", ".join(request.auth.scopes), "verb": verb, "scope": _scope_of(verb)}
        )
    if not request.user.may(verb):
        raise exceptions.PermissionDenied(
            _("The role of %(person)s does not include “%(verb)s”.")
            % {"person": request.user.username, "verb": verb}
        )


def caller(request: Request) -> str:
    """Who asks, as one word: the token, or the person with a session; "" for nobody."""
    if isinstance(request.auth, Token):
        return f"token:{request.auth.pk}"
    return f"person:{request.user.pk}" if isinstance(request.user, User) else ""


def reader(request: Request) -> Any:
    """As whom this request reads. A token without the scope to read internal rows reads as the public does.

    A write has passed `permit` before: what it works on is looked up as the person who writes.
    """
    if request.method not in SAFE_METHODS or not isinstance(request.auth, Token):
        return request.user
    if permissions.allowed_by_scopes(request.auth.scopes, "internal.read"):
        return request.user
    return AnonymousUser()


def _scope_of(verb: str) -> str:
    return next(str(scope.value) for scope, verbs in permissions.SCOPE_VERBS.items() if verb in verbs)  # type: ignore[attr-defined]
