"""What a person should know of what is theirs: a key that ends soon, a webhook that was switched off or fails."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from recommendations.models import Token, User, Webhook
from recommendations.vocabulary import WebhookState

ENDS_SOON = timedelta(days=14)


@dataclass(frozen=True)
class Notice:
    """One thing to know: a word for a program, a sentence for a person, and the row it is about."""

    code: str
    detail: str
    row: Token | Webhook


def of(user: User, *, now: datetime) -> list[Notice]:
    """What is to be told to `user`, the most urgent kind first: two statements."""
    return [*_webhooks(user), *_tokens(user, now)]


def _webhooks(user: User) -> list[Notice]:
    told = []
    for row in Webhook.objects.filter(owner=user, state__in=[WebhookState.DISABLED, WebhookState.ACTIVE]):
        if row.state == WebhookState.DISABLED:
            said = _("The webhook “%(name)s” was switched off: %(reason)s")
            told.append(Notice("webhook_disabled", said % {"name": row, "reason": row.disabled_reason}, row))
        elif row.failing_since is not None:
            said = _("The webhook “%(name)s” has taken nothing since %(since)s.")
            since = row.failing_since.strftime("%Y-%m-%d %H:%M UTC")
            told.append(Notice("webhook_failing", said % {"name": row, "since": since}, row))
    return told


def _tokens(user: User, now: datetime) -> list[Notice]:
    ending = Token.objects.filter(
        user=user, revoked_at__isnull=True, expires_at__gt=now, expires_at__lte=now + ENDS_SOON
    )
    said = _("The token “%(name)s” expires on %(day)s: rotate it in time.")
    return [
        Notice("token_expires_soon", said % {"name": row.name, "day": f"{row.expires_at:%Y-%m-%d}"}, row)
        for row in ending.order_by("expires_at", "pk")
    ]
