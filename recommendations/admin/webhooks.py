"""Webhooks and the messages to them. Everybody has their own; the secret is shown once, on the page that answers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesCheckboxFilter
from unfold.decorators import display

from recommendations.actions import deliveries, webhooks
from recommendations.actions.refusals import NotAllowed
from recommendations.admin.base import NounAdmin
from recommendations.admin.deeds import Deed, address
from recommendations.admin.forms import StaffForm
from recommendations.models import Delivery, User, Webhook
from recommendations.queries import deliveries as queries
from recommendations.vocabulary import DeliveryState, MessageType, WebhookState

SHOWN = 20
"""Messages shown on a webhook's page."""

FILTERS = ("source", "theme", "addressee", "recommendation")


def pause(webhook: Webhook, *, by: User, now: Any) -> Webhook:
    return webhooks.change(webhook, by=by, now=now, state=WebhookState.PAUSED)


def activate(webhook: Webhook, *, by: User, now: Any) -> Webhook:
    return webhooks.change(webhook, by=by, now=now, state=WebhookState.ACTIVE)


def is_active(row: Webhook, person: User) -> bool:
    return row.state == WebhookState.ACTIVE


def is_off(row: Webhook, person: User) -> bool:
    return row.state in (WebhookState.PAUSED, WebhookState.DISABLED)


def is_own(row: Webhook, person: User) -> bool:
    return row.owner_id == person.pk


ROTATE = Deed(
    name="rotate",
    label=gettext_lazy("New secret"),
    verb="webhook.write",
    question=gettext_lazy("Messages carry both signatures for 24 hours; then the present secret is void."),
    form=StaffForm,
    act=webhooks.rotate_secret,
    done="",
    possible=is_own,
    icon="key",
)


class WebhookForm(ModelForm):
    url = forms.URLField(label=gettext_lazy("Address"), max_length=2000, assume_scheme="https")
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Told of"),
        choices=MessageType.choices,
        initial=[MessageType.STATUS_CHANGED],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Webhook
        fields = ("url", "description", "types", *FILTERS)


@admin.register(Webhook)
class WebhookAdmin(NounAdmin):
    few = True
    action = webhooks
    adds = changes = True
    form = WebhookForm
    fields = WebhookForm.Meta.fields
    autocomplete_fields = FILTERS
    lead = "admin/tracker/webhook.html"
    list_display = ("__str__", "owner", "types_told", "state", "failing_since", "delivered_at", "created_at")
    list_filter = (("state", ChoicesCheckboxFilter),)
    search_fields = ("description", "=owner__username")
    ordering = ("-id",)
    deeds = (
        Deed(
            name="test",
            label=gettext_lazy("Send a test"),
            verb="webhook.write",
            question=gettext_lazy("A message of the type “webhook.test” is sent by the way of all others."),
            form=StaffForm,
            act=deliveries.ping,
            done=gettext_lazy("A test is on its way; it stands in the list of messages."),
            possible=is_active,
            icon="send",
        ),
        ROTATE,
        Deed(
            name="pause",
            label=gettext_lazy("Pause"),
            verb="webhook.write",
            question=gettext_lazy("Of what happens meanwhile it is not told."),
            form=StaffForm,
            act=pause,
            done=gettext_lazy("The webhook is paused."),
            possible=is_active,
            icon="pause",
        ),
        Deed(
            name="activate",
            label=gettext_lazy("Switch on"),
            verb="webhook.write",
            question=gettext_lazy(
                "What was waiting for it is sent, and it is told of what happens from now on."
            ),
            form=StaffForm,
            act=activate,
            done=gettext_lazy("The webhook is active."),
            possible=is_off,
            icon="resume",
        ),
        Deed(
            name="withdraw",
            label=gettext_lazy("Withdraw"),
            verb="webhook.write",
            question=gettext_lazy("Nothing more is sent to it. This cannot be undone."),
            form=StaffForm,
            act=webhooks.withdraw,
            done=gettext_lazy("The webhook is withdrawn."),
            icon="delete",
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """One's own; everybody's only for who may manage them."""
        person = request.user
        return queries.webhooks(person) if isinstance(person, User) else Webhook.objects.none()

    @display(description=gettext_lazy("told of"))
    def types_told(self, webhook: Webhook) -> str:
        return ", ".join(str(MessageType(each).label) for each in webhook.types)

    def create(self, data: dict[str, Any], *, by: User, now: Any) -> Webhook:
        webhook, secret = webhooks.create(**data, by=by, now=now)
        webhook.shown = secret  # type: ignore[attr-defined]  # only for the answer to this very request
        return webhook

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._secret(request, obj, request.made.shown)  # type: ignore[attr-defined]

    def deed_view(self, deed: Deed, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new secret is shown on the page that answers; no redirect, no cookie and no session holds it."""
        if deed is not ROTATE or request.method != "POST":
            return super().deed_view(deed, request, object_id)
        webhook = self.get_object(request, object_id)
        person = request.user
        if webhook is None or not isinstance(person, User):
            raise PermissionDenied
        try:
            webhook, secret = webhooks.rotate_secret(webhook, by=person, now=timezone.now())
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal
        return self._secret(request, webhook, secret)

    def _secret(self, request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Secret of the webhook"),
            "subtitle": str(webhook),
            "secret": secret,
            "back": address(webhook),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/tracker/webhook_secret.html", context)

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"messages_sent": queries.of(row).defer("payload").order_by("-id")[:SHOWN]}


@admin.register(Delivery)
class DeliveryAdmin(NounAdmin):
    list_display = (
        "type",
        "webhook",
        "recommendation_code",
        "state",
        "attempts",
        "http_status",
        "due_at",
        "tried_at",
        "created_at",
    )
    list_filter = (("state", ChoicesCheckboxFilter),)
    list_select_related = ("webhook",)
    search_fields = ("=message", "=recommendation_code")
    ordering = ("-id",)
    lead = "admin/tracker/delivery.html"
    deeds = (
        Deed(
            name="redeliver",
            label=gettext_lazy("Send again"),
            verb="webhook.write",
            question=gettext_lazy("The same message is sent with the same identifier."),
            form=StaffForm,
            act=deliveries.redeliver,
            done=gettext_lazy("It is sent again."),
            possible=lambda row, person: row.state != DeliveryState.WITHHELD,
            icon="replay",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Messages to one's own webhooks; to everybody's only for who may manage them."""
        person = request.user
        rows: QuerySet[Delivery] = super().get_queryset(request).select_related("webhook__owner")
        return rows.filter(webhook__in=queries.webhooks(person)) if isinstance(person, User) else rows.none()

    def lead_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"attempts_made": row.history.all()}
