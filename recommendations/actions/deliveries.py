"""Messages to webhooks: made from events, claimed, and written down. Nothing is lost, whatever dies.

The outbox is the feed of events itself: `enqueue` follows it from its own place and makes one Delivery for each
webhook that an event concerns, in the transaction that moves the place on. A claim is a lease with an end, as for
checks (runs.py); a message whose sender died is sent again, with the same identifier.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from recommendations.actions import events, webhooks
from recommendations.actions.refusals import Refused, one_transaction
from recommendations.models import Delivery, DeliveryAttempt, FeedPlace, User, Webhook
from recommendations.queries import changes
from recommendations.queries import deliveries as queries
from recommendations.rules import deliveries as rules
from recommendations.vocabulary import TEST_MESSAGE, DeliveryState, MessageType, WebhookState

READER = "webhooks"
"""The name of our place in the feed."""

CLAIM_LOCK = 0x70727764
"""The advisory lock under which claims are made (any number that nothing else uses)."""

GONE = 410
"""The receiver says that it does not want to be told any more."""


@dataclass(frozen=True)
class Attempt:
    """What came of sending a message once. `failure` is "" where the receiver took it."""

    http_status: int | None = None
    elapsed_ms: int = 0
    failure: str = ""
    response: str = ""
    retry_after: float | None = None
    withheld: bool = False


def enqueue(*, now: datetime, limit: int = 500) -> int:
    """Make the messages for the next events, at most `limit` of them; how many events there were.

    0 also where another worker is at it.
    """
    FeedPlace.objects.get_or_create(reader=READER)
    with one_transaction():
        place = FeedPlace.objects.select_for_update(skip_locked=True).filter(reader=READER).first()
        if place is None:
            return 0
        stretch = queries.ahead((place.transaction, place.event), limit=limit)
        if stretch.events:
            _make(stretch, now=now)
        if (place.transaction, place.event) != stretch.to:
            place.transaction, place.event = stretch.to
            place.save()
    return len(stretch.events)


def _make(stretch: queries.Stretch, *, now: datetime) -> None:
    about = queries.subjects(stretch.events)
    # What is hidden is told as hidden, and what is public as anything else: what is no longer so, not at all.
    told = {
        event.pk: event
        for event in stretch.events
        if (event.recommendation_code in about) != (event.verb == MessageType.HIDDEN)
    }
    pairs = queries.concerned(list(told.values())) if told else []
    if not pairs:
        return
    root, key = settings.TRACKER_URL, changes.key()
    payloads = {
        number: queries.payload(told[number], about.get(told[number].recommendation_code), root=root, key=key)
        for number in {number for number, _webhook in pairs}
    }
    Delivery.objects.bulk_create(
        (
            Delivery(
                webhook_id=webhook,
                event=number,
                message=_new_message(),
                type=told[number].verb,
                recommendation_code=told[number].recommendation_code,
                payload=payloads[number],
                due_at=now,
                created_at=now,
            )
            for number, webhook in pairs
        ),
        batch_size=500,
        ignore_conflicts=True,  # delivery_once_per_event: should our place ever be set back, nobody is told twice
    )


_CLAIM = """
UPDATE recommendations_delivery d SET lease = %(lease)s, leased_until = %(until)s
 WHERE d.id IN (
       SELECT due.id
         FROM recommendations_webhook w
         JOIN recommendations_user u ON u.id = w.owner_id AND u.is_active AND u.role = ANY(%(roles)s)
        CROSS JOIN LATERAL (
              SELECT c.id, c.due_at FROM recommendations_delivery c
               WHERE c.webhook_id = w.id AND c.state = 'waiting' AND c.due_at <= %(now)s
                 AND (c.leased_until IS NULL OR c.leased_until <= %(now)s)
               ORDER BY c.due_at, c.id
               LIMIT greatest(0, CASE WHEN w.failing_since IS NULL THEN %(most)s ELSE 1 END
                     - (SELECT count(*) FROM recommendations_delivery f
                         WHERE f.webhook_id = w.id AND f.leased_until > %(now)s))) due
        WHERE w.state = 'active' AND (w.not_before IS NULL OR w.not_before <= %(now)s)
        ORDER BY due.due_at, due.id LIMIT %(limit)s)
RETURNING d.id
"""


def claim(*, lease: uuid.UUID, now: datetime, limit: int) -> list[Delivery]:
    """Take up to `limit` due messages under `lease`, the longest due first, with their webhooks.

    Of one webhook only a few are ever on their way, and a single one while it fails: a receiver that hangs, or
    has fallen far behind, holds up nobody but itself.
    """
    with one_transaction(), connection.cursor() as cursor:
        # Claims are made one after another: how many are in flight must not change while one counts.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
        cursor.execute(
            _CLAIM,
            {
                "lease": lease,
                "until": now + rules.LEASE,
                "now": now,
                "limit": limit,
                "most": rules.IN_FLIGHT,
                "roles": queries.OWNING_ROLES,
            },
        )
        taken = [number for (number,) in cursor.fetchall()]
    return list(Delivery.objects.filter(pk__in=taken).select_related("webhook").order_by("due_at", "pk"))


@dataclass(frozen=True)
class Tried:
    """A claimed message with what came of sending it; `jitter` (0 to 1) spreads the next attempts."""

    claimed: Delivery
    attempt: Attempt
    jitter: float = 0.0


def record(tried: Collection[Tried], *, now: datetime) -> int:
    """Write down attempts, in one transaction; how many. Left out are those whose lease no longer stands.

    Together, because the database's wait for its disk would else be most of what sending costs.
    """
    with one_transaction():
        # The webhooks first, in one order, as everyone locks who touches both.
        hooks = Webhook.objects.select_for_update().filter(pk__in={each.claimed.webhook_id for each in tried})
        webhooks_by_id = {webhook.pk: webhook for webhook in hooks.order_by("pk")}
        rows = Delivery.objects.select_for_update().filter(pk__in=[each.claimed.pk for each in tried])
        held = {row.pk: row for row in rows.defer("payload").order_by("pk")}
        written, history = [], []
        for each in tried:
            row = held.get(each.claimed.pk)
            if row is not None and row.lease is not None and row.lease == each.claimed.lease:
                _note(webhooks_by_id[row.webhook_id], row, each, now=now)
                written.append(row)
                if not each.attempt.withheld:
                    history.append(_kept(row))
        for row in written:
            row.save()
        DeliveryAttempt.objects.bulk_create(history)
        for number in {row.webhook_id for row in written}:
            webhooks_by_id[number].save()
    return len(written)


def _note(webhook: Webhook, delivery: Delivery, tried: Tried, *, now: datetime) -> None:
    attempt = tried.attempt
    delivery.lease = delivery.leased_until = None
    if attempt.withheld:
        _settle(delivery, DeliveryState.WITHHELD, now)
        return
    delivery.attempts += 1
    delivery.tried_at, delivery.elapsed_ms = now, attempt.elapsed_ms
    delivery.http_status, delivery.failure = attempt.http_status, attempt.failure[:300]
    delivery.response = attempt.response[: rules.KEPT_RESPONSE]
    if attempt.failure:
        _failed(webhook, delivery, attempt, now=now, jitter=tried.jitter)
    else:
        _settle(delivery, DeliveryState.DELIVERED, now)
        webhook.failing_since, webhook.delivered_at = None, now


def _kept(delivery: Delivery) -> DeliveryAttempt:
    """The attempt that a message has just been through, as its history keeps it."""
    assert delivery.tried_at is not None
    return DeliveryAttempt(
        delivery=delivery,
        at=delivery.tried_at,
        http_status=delivery.http_status,
        elapsed_ms=delivery.elapsed_ms or 0,
        failure=delivery.failure,
        next_at=delivery.due_at,
    )


def _failed(webhook: Webhook, delivery: Delivery, attempt: Attempt, *, now: datetime, jitter: float) -> None:
    again = rules.next_attempt(delivery.attempts, now=now, jitter=jitter, retry_after=attempt.retry_after)
    if again is None:
        _settle(delivery, DeliveryState.FAILED, now)
    else:
        delivery.due_at = again
    webhook.failing_since = webhook.failing_since or now
    if attempt.retry_after is not None:
        webhook.not_before = again or now
    if webhook.state != WebhookState.ACTIVE:
        return
    if attempt.http_status == GONE:
        webhooks.disable(webhook, reason=_("Its receiver answered 410: it wants no more."), now=now)
    elif rules.is_lost(webhook.failing_since, now=now):
        reason = _("Its receiver has taken nothing for %(days)d days.") % {"days": rules.DISABLE_AFTER.days}
        webhooks.disable(webhook, reason=reason, now=now)


def _settle(delivery: Delivery, state: str, now: datetime) -> None:
    delivery.state, delivery.settled_at, delivery.due_at = state, now, None


def ping(webhook: Webhook, *, by: User, now: datetime) -> Delivery:
    """Send a message of the type `webhook.test`, to see whether the receiver works."""
    with one_transaction():
        webhook = _active(webhook, by)
        delivery = Delivery.objects.create(
            webhook=webhook,
            message=_new_message(),
            type=TEST_MESSAGE,
            payload=queries.test_payload(webhook, now=now),
            due_at=now,
            created_at=now,
        )
        events.record("webhook.tested", webhook, by=by, now=now, after={"message": delivery.message})
    return delivery


def redeliver(delivery: Delivery, *, by: User, now: datetime) -> Delivery:
    """Send a message again, the same with the same identifier; one that waits for its next attempt is sent now.

    Refused (`delivery_on_its_way`) while it is being sent.
    """
    with one_transaction():
        _active(delivery.webhook, by)
        delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        if delivery.leased_until is not None and delivery.leased_until > now:
            raise Refused("delivery_on_its_way", _("This message is being sent at this moment."))
        delivery.state, delivery.settled_at, delivery.due_at = DeliveryState.WAITING, None, now
        delivery.attempts = 0
        delivery.save()
        events.record("delivery.requested", delivery, by=by, now=now, after={"message": delivery.message})
    return delivery


def prune(*, now: datetime) -> int:
    """Forget what was settled 30 days ago, and what has waited as long for a webhook that is off; how many."""
    before = now - rules.KEEP
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, created_at__lt=before)
    old = (
        Delivery.objects.filter(settled_at__lt=before),
        waiting.exclude(webhook__state=WebhookState.ACTIVE),
    )
    return sum(rows.delete()[1].get(Delivery._meta.label, 0) for rows in old)


def _active(webhook: Webhook, by: User) -> Webhook:
    webhooks.own(webhook, by)
    webhook = Webhook.objects.select_for_update(of=("self",)).select_related("owner").get(pk=webhook.pk)
    if webhook.state != WebhookState.ACTIVE:
        raise Refused(
            "webhook_active",
            _("This webhook is “%(state)s”: make it active first.") % {"state": webhook.get_state_display()},
        )
    return webhook


def _new_message() -> str:
    return f"msg_{uuid.uuid4().hex}"
