"""`webhooks/`: addresses that are told of what becomes public, and every message to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import deliveries
from recommendations.actions import webhooks as actions
from recommendations.actions.refusals import Refused
from recommendations.api.fields import Address
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Choices
from recommendations.api.resources import Resource, lock
from recommendations.api.schema import page_of
from recommendations.models import Delivery, Institution, Recommendation, Source, Theme, Webhook
from recommendations.queries import deliveries as queries
from recommendations.queries.visibility import visible
from recommendations.vocabulary import TEST_MESSAGE, DeliveryState, MessageType, WebhookState

FILTERS = ("source", "theme", "addressee", "recommendation")
SWITCH = [(each.value, each.label) for each in (WebhookState.ACTIVE, WebhookState.PAUSED)]
NEWEST_FIRST = (Key("id", descending=True),)
WRITE = {"GET": "webhook.write", "POST": "webhook.write", "PATCH": "webhook.write", "DELETE": "webhook.write"}


class WebhookRow(serializers.Serializer[Any]):
    """An address that is told of what becomes public. Its secret is shown once, when it is made or rotated."""

    id = serializers.IntegerField()
    url = Address("webhooks/{pk}/")
    owner = serializers.CharField(source="owner.username")
    address = serializers.CharField(source="url", help_text="Where messages go, by POST.")
    description = serializers.CharField()
    types = serializers.ListField(child=serializers.ChoiceField(MessageType.choices))
    source = serializers.CharField(source="source.code", default=None, allow_null=True)  # type: ignore[assignment] # no attribute: a field
    theme = serializers.CharField(source="theme.code", default=None, allow_null=True)
    addressee = serializers.CharField(source="addressee.code", default=None, allow_null=True)
    recommendation = serializers.CharField(source="recommendation.code", default=None, allow_null=True)
    state = serializers.ChoiceField(WebhookState.choices)
    disabled_reason = serializers.CharField(help_text="Why it was switched off; may be empty.")
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing was taken; null while all is well."
    )
    delivered_at = serializers.DateTimeField(allow_null=True, help_text="When a message was last taken.")
    previous_secret_until = serializers.DateTimeField(
        source="previous_until", allow_null=True, help_text="Until when the secret before signs as well."
    )
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class NewSecret(WebhookRow):
    """A webhook with its secret. Keep it: it cannot be had again."""

    secret = serializers.CharField(
        help_text="What messages are signed with: give it to a library of standardwebhooks.com."
    )


class AttemptRow(serializers.Serializer[Any]):
    """One time that a message was sent."""

    at = serializers.DateTimeField(help_text="When its answer had come, or was waited for no longer.")
    http_status = serializers.IntegerField(
        allow_null=True, help_text="What was answered; null if nothing was."
    )
    elapsed_ms = serializers.IntegerField()
    failure = serializers.CharField(help_text="What went wrong; empty where it was taken.")
    next_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was to be tried again; null where that was the last time."
    )


class DeliveryRow(serializers.Serializer[Any]):
    """One message: what is sent, how often that was tried, and what came of it."""

    id = serializers.IntegerField()
    url = serializers.SerializerMethodField(help_text="The address of this message.")
    message = serializers.CharField(help_text="The `webhook-id` that the receiver sees, at every attempt.")
    type = serializers.ChoiceField([*MessageType.values, TEST_MESSAGE])
    recommendation = serializers.CharField(source="recommendation_code", help_text="Empty for a test.")
    state = serializers.ChoiceField(DeliveryState.choices)
    attempts = serializers.IntegerField(
        help_text="How often it was tried; counted anew when it is redelivered."
    )
    history = AttemptRow(source="history.all", many=True, help_text="Every attempt, the first one first.")
    due_at = serializers.DateTimeField(allow_null=True, help_text="When it is tried next.")
    tried_at = serializers.DateTimeField(allow_null=True)
    http_status = serializers.IntegerField(allow_null=True)
    elapsed_ms = serializers.IntegerField(allow_null=True)
    failure = serializers.CharField(
        help_text="What went wrong at the last attempt; empty where it was taken."
    )
    response = serializers.CharField(help_text="The first words that the receiver answered; may be empty.")
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, row: Delivery) -> str:
        return f"{self.context['root']}webhooks/{row.webhook_id}/deliveries/{row.pk}/"


class WholeDelivery(DeliveryRow):
    payload = serializers.CharField(help_text="The body, as it is signed and sent.")


class DeliveryQuery(PageQuery):
    state = Choices(DeliveryState.choices)
    type = Choices([*MessageType.choices, (TEST_MESSAGE, TEST_MESSAGE)])


class Subject(Body):
    """What a webhook is told about; each narrows, null leaves all in."""

    source = serializers.CharField(required=False, allow_null=True, max_length=100, help_text="Code.")  # type: ignore[assignment] # no attribute: a field
    theme = serializers.CharField(
        required=False, allow_null=True, max_length=100, help_text="Code; with the themes below it."
    )
    addressee = serializers.CharField(
        required=False, allow_null=True, max_length=100, help_text="Code of an institution."
    )
    recommendation = serializers.CharField(
        required=False, allow_null=True, max_length=100, help_text="Code; with its parts."
    )

    def validate_source(self, code: str | None) -> Source | None:
        return _named(Source, code, self.context["reader"])

    def validate_theme(self, code: str | None) -> Theme | None:
        return _named(Theme, code, self.context["reader"])

    def validate_addressee(self, code: str | None) -> Institution | None:
        return _named(Institution, code, self.context["reader"])

    def validate_recommendation(self, code: str | None) -> Recommendation | None:
        return _named(Recommendation, code, self.context["reader"])


class WebhookBody(Subject):
    address = serializers.URLField(max_length=2000, help_text="Begins with https://, and is public.")
    types = serializers.ListField(
        child=serializers.ChoiceField(MessageType.choices), allow_empty=False, max_length=50
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=200)


class WebhookChange(Subject):
    """What is to be changed; what is left out stays."""

    address = serializers.URLField(required=False, max_length=2000)
    types = serializers.ListField(
        child=serializers.ChoiceField(MessageType.choices), required=False, allow_empty=False, max_length=50
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=200)
    state = serializers.ChoiceField(SWITCH, required=False)


def _named(model: Any, code: str | None, reader: Any) -> Any:
    if code is None:
        return None
    row = visible(model.objects.all(), reader).filter(code=code).first()
    if row is None:
        _unknown(code)
    return row


def _unknown(code: str) -> NoReturn:
    raise serializers.ValidationError(_("“%(code)s” is not known here.") % {"code": code}, code="unknown")


class Webhooks(Resource):
    """One's own webhooks; everybody's for an administrator. Whose they are not, for them they are not there."""

    verbs = WRITE
    deed_of_delete = "withdraw"

    def webhook(self, pk: int) -> Webhook:
        found: Webhook = self.find(queries.webhooks(self.person), pk=pk)
        return found

    def told(self, webhook: Webhook, secret: str = "") -> Any:
        row = WebhookRow(self.webhook(webhook.pk), context=self.context()).data
        return {**row, "secret": secret} if secret else row


class WebhookList(Webhooks):
    queries = {"GET": PageQuery}
    is_list = True

    @extend_schema(summary="One's own webhooks, the newest first", responses=page_of(WebhookRow))
    def get(self, request: Request) -> Response:
        page = paged(queries.webhooks(self.person), NEWEST_FIRST, self.asked, request)
        return Response(page.answer(WebhookRow(page.rows, many=True, context=self.context()).data))

    @extend_schema(
        summary="Be told of what becomes public",
        request=WebhookBody,
        responses={201: NewSecret},
        examples=[
            OpenApiExample(
                "Every change of status in one source",
                request_only=True,
                value={
                    "address": "https://newsroom.example/hooks/tracker",
                    "types": ["recommendation.status_changed"],
                    "source": "CFR60",
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Messages are signed as the Standard Webhooks specification says; the secret is shown here and never again.

        You are told of what is published from now on. For what came before, and to be sure of having missed
        nothing, follow `changes/`. Order is not promised, and a message may come twice: `webhook-id` is the same.
        """
        sent = self.sent(WebhookBody)
        sent["url"] = sent.pop("address")
        with _blaming_address():
            webhook, secret = actions.create(**sent, by=self.person, now=self.now)
        told = self.told(webhook, secret)
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class WebhookDetail(Webhooks):
    @extend_schema(summary="One webhook", responses=WebhookRow)
    def get(self, request: Request, pk: int) -> Response:
        return Response(WebhookRow(self.webhook(pk), context=self.context()).data)

    @extend_schema(
        summary="Change, pause or switch on a webhook", request=WebhookChange, responses=WebhookRow
    )
    def patch(self, request: Request, pk: int) -> Response:
        """`state: active` also switches on one that was switched off because its receiver failed.

        What was waiting for it is then sent; of what happened while it was off it is not told.
        """
        with transaction.atomic():
            webhook = self.webhook(pk)
            lock(webhook)
            self.must_match(self.told(webhook))
            sent = self.sent(WebhookChange)
            if "address" in sent:
                sent["url"] = sent.pop("address")
            with _blaming_address():
                actions.change(webhook, **sent, by=self.person, now=self.now)
        return Response(self.told(webhook))

    @extend_schema(summary="Withdraw a webhook", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.withdraw(self.webhook(pk), by=self.person, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


@contextmanager
def _blaming_address() -> Iterator[None]:
    """The model calls it `url`, which here is the webhook's own: a refusal names what the caller sent."""
    try:
        yield
    except Refused as refused:
        refused.field = "address" if refused.field == "url" else refused.field
        raise


class RotateSecret(Webhooks):
    deeds = ("rotate_secret",)

    @extend_schema(summary="A new secret", request=None, responses=NewSecret)
    def post(self, request: Request, pk: int) -> Response:
        """For 24 hours messages carry two signatures, by the new secret and by the one before."""
        webhook, secret = actions.rotate_secret(self.webhook(pk), by=self.person, now=self.now)
        return Response(self.told(webhook, secret))


class Ping(Webhooks):
    deeds = ("test",)

    @extend_schema(summary="Send a test message", request=None, responses={202: WholeDelivery})
    def post(self, request: Request, pk: int) -> Response:
        """A message of the type `webhook.test`, by the way of all others; its own address tells what came of it."""
        delivery = deliveries.ping(self.webhook(pk), by=self.person, now=self.now)
        told = WholeDelivery(delivery, context=self.context()).data
        return Response(told, status=status.HTTP_202_ACCEPTED, headers={"Location": told["url"]})


class DeliveryList(Webhooks):
    queries = {"GET": DeliveryQuery}
    is_list = True

    @extend_schema(
        summary="Messages to one webhook of the last 30 days, the newest first",
        responses=page_of(DeliveryRow),
    )
    def get(self, request: Request, pk: int) -> Response:
        rows = queries.of(self.webhook(pk)).defer("payload").prefetch_related("history")
        rows = rows.filter(
            **{f"{name}__in": self.asked[name] for name in ("state", "type") if name in self.asked}
        )
        page = paged(rows, NEWEST_FIRST, self.asked, request)
        return Response(page.answer(DeliveryRow(page.rows, many=True, context=self.context()).data))


class DeliveryDetail(Webhooks):
    @extend_schema(summary="One message, with what is sent", responses=WholeDelivery)
    def get(self, request: Request, pk: int, delivery: int) -> Response:
        row = self.find(queries.of(self.webhook(pk)), pk=delivery)
        return Response(WholeDelivery(row, context=self.context()).data)


class Redeliver(Webhooks):
    deeds = ("redeliver",)

    @extend_schema(summary="Send a message again", request=None, responses={202: WholeDelivery})
    def post(self, request: Request, pk: int, delivery: int) -> Response:
        """The same message with the same `webhook-id`; one that waits for its next attempt is sent now."""
        row = self.find(queries.of(self.webhook(pk)).select_related("webhook"), pk=delivery)
        row = deliveries.redeliver(row, by=self.person, now=self.now)
        told = WholeDelivery(row, context=self.context()).data
        return Response(told, status=status.HTTP_202_ACCEPTED)
