"""`tokens/` and `me/`: one's own keys to the API, and who one is to it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations import permissions
from recommendations.actions import tokens as actions
from recommendations.api.fields import Address
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Text
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Token
from recommendations.queries import limits, notices
from recommendations.queries.notices import Notice
from recommendations.vocabulary import Role, Scope


class TokenRow(serializers.Serializer[Any]):
    """A key to the API. The key itself is shown once, when it is made."""

    id = serializers.IntegerField()
    url = Address("tokens/{pk}/")
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="What the key begins with.")
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class NewToken(TokenRow):
    """A token with its key. Keep it: it cannot be had again."""

    key = serializers.CharField()


class TokenBody(Body):
    name = Text(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices), allow_empty=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class RotateBody(Body):
    overlap = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=86_400,
        help_text="Seconds for which the old key may still be used: at most a day.",
    )


class NoticeRow(serializers.Serializer[Any]):
    """Something to know of what is yours."""

    code = serializers.ChoiceField(["webhook_disabled", "webhook_failing", "token_expires_soon"])
    detail = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="What it is about.")

    def get_url(self, notice: Notice) -> str:
        noun = "tokens" if isinstance(notice.row, Token) else "webhooks"
        return f"{self.context['root']}{noun}/{notice.row.pk}/"


class LimitRow(serializers.Serializer[Any]):
    """What the verbs that change something are limited to: what is of one of these sources, or under a theme."""

    sources = serializers.ListField(child=serializers.CharField())
    themes = serializers.ListField(child=serializers.CharField())


class MeRow(serializers.Serializer[Any]):
    """Who you are to this API, and what you may do with what you sent."""

    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    verbs = serializers.ListField(child=serializers.CharField())
    limits = LimitRow(help_text="The sources and themes that the role is limited to; empty lists: to none.")
    token = TokenRow(allow_null=True, help_text="The token of this request; null for a session.")
    notices = NoticeRow(
        many=True, help_text="A webhook that fails or was switched off, a token that ends within 14 days."
    )


class Tokens(Resource):
    """One's own tokens. A session may do all with them, a token only with the scope `manage`: a leaked key that was
    made for less can neither revoke the others, nor make new ones, nor learn which there are."""

    for_people = True

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if isinstance(request.auth, Token) and Scope.MANAGE not in request.auth.scopes:
            raise exceptions.PermissionDenied(
                _("This token's scopes (%(held)s) do not include “manage”: it sees and makes no tokens.")
                % {"held": ", ".join(request.auth.scopes)}
            )


class TokenList(Tokens):
    queries = {"GET": PageQuery}
    is_list = True

    @extend_schema(summary="One's own tokens, the newest first", responses=page_of(TokenRow))
    def get(self, request: Request) -> Response:
        rows = Token.objects.filter(user=self.person)
        page = paged(
            rows, (Key("created_at", descending=True), Key("id", descending=True)), self.asked, request
        )
        return Response(page.answer(TokenRow(page.rows, many=True, context=self.context()).data))

    @extend_schema(
        summary="Make a token",
        request=TokenBody,
        responses={201: NewToken},
        examples=[
            OpenApiExample(
                "For a mirror that only reads",
                request_only=True,
                value={"name": "mirror", "scopes": ["read"], "expires_at": "2027-12-31T00:00:00Z"},
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """The answer has the `key`, once. Made with a token (of the scope `manage`, as all here), it can open no more
        and last no longer than that one."""
        sent = self.sent(TokenBody)
        if isinstance(request.auth, Token):
            _no_more_than(request.auth, sent["scopes"], sent["expires_at"])
        token, key = actions.issue(self.person, **sent, by=self.person, now=self.now)
        told = {**TokenRow(token, context=self.context()).data, "key": key}
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class TokenDetail(Tokens):
    @extend_schema(summary="One of one's own tokens", responses=TokenRow)
    def get(self, request: Request, pk: int) -> Response:
        token = self.find(Token.objects.filter(user=self.person), pk=pk)
        return Response(TokenRow(token, context=self.context()).data)

    @extend_schema(summary="Revoke a token", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        token = self.find(Token.objects.filter(user=self.person), pk=pk)
        actions.revoke(token, by=self.person, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenRotation(Tokens):
    deeds = ("rotate",)

    @extend_schema(summary="Replace a token by a new one", request=RotateBody, responses={201: NewToken})
    def post(self, request: Request, pk: int) -> Response:
        """The new one has the same name, scopes and end; the old one ends at once, or after `overlap`.

        Refused (409, `token_in_force`) where the old one has ended already.
        """
        token = self.find(Token.objects.filter(user=self.person), pk=pk)
        if isinstance(request.auth, Token):
            _no_more_than(request.auth, token.scopes, token.expires_at)
        overlap = timedelta(seconds=self.sent(RotateBody)["overlap"])
        made, key = actions.rotate(token, by=self.person, now=self.now, overlap=overlap)
        told = {**TokenRow(made, context=self.context()).data, "key": key}
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class Me(Resource):
    for_people = True

    @extend_schema(summary="Who am I?", responses=MeRow)
    def get(self, request: Request) -> Response:
        token = request.auth if isinstance(request.auth, Token) else None
        verbs = permissions.verbs_of(self.person.role)
        if token is not None:
            verbs = frozenset(verb for verb in verbs if permissions.allowed_by_scopes(token.scopes, verb))
        person = self.person
        told = {
            "username": person.username,
            "name": person.name,
            "role": person.role,
            "verbs": sorted(verbs),
            "limits": limits.told(person),
            "token": token,
            "notices": _for(token, notices.of(person, now=self.now)),
        }
        return Response(MeRow(told, context=self.context()).data)


def _for(token: Token | None, told: list[Notice]) -> list[Notice]:
    """What this request may learn: a token made for less is told of itself, and not which others there are."""
    if token is None or Scope.MANAGE in token.scopes:
        return told
    return [notice for notice in told if isinstance(notice.row, Token) and notice.row.pk == token.pk]


def _no_more_than(own: Token, scopes: list[str], expires_at: datetime | None) -> None:
    """A token may make tokens that are narrower and end sooner, so that a leaked one opens nothing more."""
    more = sorted(set(scopes) - set(own.scopes))
    if more:
        raise exceptions.PermissionDenied(
            _("This token's scopes do not include %(more)s: it cannot give them.") % {"more": ", ".join(more)}
        )
    if own.expires_at is not None and (expires_at is None or expires_at > own.expires_at):
        raise exceptions.PermissionDenied(
            _("This token expires sooner: it cannot make one that outlives it.")
        )
