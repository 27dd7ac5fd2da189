"""Webhooks: who is told of what. Sending is deliveries.py."""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.actions import events, notifications, sealing
from recommendations.actions.refusals import NotAllowed, Refused, one_transaction, require
from recommendations.fetching.addresses import BadAddress, check_literal, read_url
from recommendations.fetching.addresses import Refused as RefusedAddress
from recommendations.models import Institution, Notification, Recommendation, Source, Theme, User, Webhook
from recommendations.queries import changes as feed
from recommendations.rules import deliveries as rules
from recommendations.vocabulary import DeliveryState, MessageType, Topic, WebhookState

EDITABLE = ("url", "description", "types", "source", "theme", "addressee", "recommendation", "state")

MOST_WEBHOOKS = 20
"""Webhooks that one person may have at a time."""


def create(
    *,
    url: str,
    types: Collection[str],
    by: User,
    now: datetime,
    description: str = "",
    source: Source | None = None,
    theme: Theme | None = None,
    addressee: Institution | None = None,
    recommendation: Recommendation | None = None,
) -> tuple[Webhook, str]:
    """Have an address told of what becomes public from now on; the webhook with its secret, which is shown once.

    Raises Refused with the rule `webhook_address`, `webhook_types_known` or `webhook_not_too_many`.
    """
    require(by, "webhook.write")
    _check_address(url)
    _check_types(types)
    secret = new_secret()
    with one_transaction():
        User.objects.select_for_update().get(
            pk=by.pk
        )  # two requests at once must not both count the last place
        if Webhook.objects.filter(owner=by).exclude(state=WebhookState.WITHDRAWN).count() >= MOST_WEBHOOKS:
            raise Refused(
                "webhook_not_too_many",
                _("You have %(number)d webhooks already: withdraw one first.") % {"number": MOST_WEBHOOKS},
            )
        webhook = Webhook.objects.create(
            owner=by,
            url=url,
            description=description,
            types=list(dict.fromkeys(types)),
            source=source,
            theme=theme,
            addressee=addressee,
            recommendation=recommendation,
            since=feed.horizon(),
            secret=sealing.seal(secret),
            created_at=now,
        )
        events.record("webhook.created", webhook, by=by, now=now, after=told(webhook))
    return webhook, secret


def change(webhook: Webhook, *, by: User, now: datetime, **changes: Any) -> Webhook:
    """Change what is in `changes` (EDITABLE); `state` may become `active` or `paused`.

    Made active again, it is told of what happens from then on, and of what was waiting for it.
    """
    for field in changes:
        if field not in EDITABLE:
            raise Refused(
                "webhook_field_fixed", _("“%(field)s” cannot be changed.") % {"field": field}, field
            )
    if "url" in changes:
        _check_address(changes["url"])
    if "types" in changes:
        _check_types(changes["types"])
        changes["types"] = list(dict.fromkeys(changes["types"]))
    with one_transaction():
        webhook = _owned(webhook, by)
        before = told(webhook)
        was = {name: getattr(webhook, name) for name in changes if getattr(webhook, name) != changes[name]}
        if not was:
            return webhook
        for name in was:
            setattr(webhook, name, changes[name])
        if "state" in was:
            _switched(webhook)
        webhook.version += 1
        webhook.save()
        events.record("webhook.changed", webhook, by=by, now=now, before=before, after=told(webhook))
    return webhook


def withdraw(webhook: Webhook, *, by: User, now: datetime) -> Webhook:
    """End it: nothing more is sent to it. Its deliveries stay readable for a while."""
    with one_transaction():
        webhook = _owned(webhook, by)
        webhook.state, webhook.disabled_reason = WebhookState.WITHDRAWN, ""
        webhook.version += 1
        webhook.save()
        webhook.deliveries.filter(state=DeliveryState.WAITING).update(
            state=DeliveryState.FAILED,
            due_at=None,
            lease=None,
            leased_until=None,
            settled_at=now,
            failure=_("The webhook was withdrawn."),
        )
        events.record("webhook.withdrawn", webhook, by=by, now=now, before=told(webhook))
    return webhook


def rotate_secret(webhook: Webhook, *, by: User, now: datetime) -> tuple[Webhook, str]:
    """A new secret, shown once. The one before signs as well for 24 hours, so that no message is refused meanwhile.

    Only the owner's: whoever else could see a secret could speak in our name to the owner's receiver.
    """
    secret = new_secret()
    with one_transaction():
        webhook = _owned(webhook, by)
        if webhook.owner_id != by.pk:
            raise NotAllowed("webhook_secret_for_its_owner", _("Only its owner is shown a webhook's secret."))
        webhook.previous_secret, webhook.previous_until = webhook.secret, now + rules.SECRET_OVERLAP
        webhook.secret = sealing.seal(secret)
        webhook.version += 1
        webhook.save()
        events.record("webhook.secret_rotated", webhook, by=by, now=now)
    return webhook, secret


def disable(webhook: Webhook, *, reason: str, now: datetime) -> None:
    """Switch a webhook off whose receiver fails or is gone, and tell its owner. Call it under its lock."""
    webhook.state, webhook.disabled_reason = WebhookState.DISABLED, reason
    webhook.version += 1
    events.record(
        "webhook.disabled", webhook, by="deliveries", now=now, after=told(webhook) | {"reason": reason}
    )
    notice = Notification(
        person_id=webhook.owner_id,
        topic=Topic.WEBHOOK,
        fingerprint=f"webhook:{webhook.pk}:{webhook.version}",
        title=_("Your webhook “%(name)s” is switched off. %(reason)s") % {"name": webhook, "reason": reason},
        noun="webhook",
        number=webhook.pk,
    )
    notifications.tell([notice], now)


def new_secret() -> str:
    """256 random bits, written as the Standard Webhooks specification has it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def told(webhook: Webhook) -> dict[str, Any]:
    """What an event says of a webhook: the host only, since addresses often hold a key."""
    filters = {
        name: getattr(webhook, name).code
        for name in ("source", "theme", "addressee", "recommendation")
        if getattr(webhook, name) is not None
    }
    return {
        "owner": webhook.owner.username,
        "host": urlsplit(webhook.url).hostname,
        "description": webhook.description,
        "types": webhook.types,
        "filters": filters,
        "state": webhook.state,
    }


def own(webhook: Webhook, by: User) -> None:
    """Refuse unless it is theirs, or they manage everybody's."""
    require(by, "webhook.write")
    if webhook.owner_id != by.pk and not by.may("webhook.manage"):
        raise NotAllowed("webhook_of_its_owner", _("This webhook is somebody else's."))


def _owned(webhook: Webhook, by: User) -> Webhook:
    """The webhook as it is now, locked, if `by` may change it and it was not withdrawn."""
    own(webhook, by)
    webhook = (
        Webhook.objects.select_for_update(of=("self",))
        .select_related("owner", "source", "theme", "addressee", "recommendation")
        .get(pk=webhook.pk)
    )
    if webhook.state == WebhookState.WITHDRAWN:
        raise Refused("webhook_withdrawn", _("This webhook was withdrawn."))
    return webhook


def _switched(webhook: Webhook) -> None:
    if webhook.state not in (WebhookState.ACTIVE, WebhookState.PAUSED):
        raise Refused("webhook_state_chosen", _("Choose “active” or “paused”."), "state")
    webhook.disabled_reason = ""
    if webhook.state == WebhookState.ACTIVE:
        webhook.failing_since = webhook.not_before = None
        webhook.since = feed.horizon()


def _check_address(url: str) -> None:
    """What can be judged without asking the network; the door judges again at every delivery."""
    limits = settings.TRACKER_DOOR
    try:
        address = read_url(url)
        check_literal(address, limits.ports, limits.allow_loopback)
    except (BadAddress, RefusedAddress) as error:
        raise Refused("webhook_address", _("Nothing can be sent there: %s.") % error, "url") from error
    if address.scheme != "https" and not limits.allow_loopback:
        raise Refused("webhook_address", _("Give an address that begins with https://."), "url")


def _check_types(types: Collection[str]) -> None:
    unknown = [each for each in types if each not in MessageType.values]
    if unknown or not types:
        raise Refused(
            "webhook_types_known", _("Choose one or more of: %s.") % ", ".join(MessageType.values), "types"
        )
