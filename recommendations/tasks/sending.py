"""Telling webhooks. Many messages are on their way at once, and each is written down as it ends.

No transaction is open while somebody's receiver thinks.
"""

import asyncio
import logging
import random
import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime

from asgiref.sync import async_to_sync, sync_to_async
from celery import shared_task
from django.conf import settings
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Signer

from recommendations.actions import allowances, answers, deliveries, sealing
from recommendations.actions.deliveries import Attempt, Tried
from recommendations.fetching.answers import Answer, Failure, Limits, Message
from recommendations.fetching.characters import storable
from recommendations.fetching.http import Door
from recommendations.models import Delivery, Webhook
from recommendations.queries import deliveries as queries
from recommendations.rules import deliveries as rules

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Messages on their way in one worker. Receivers that hang hold one each, for as long as an answer may take."""

SEND_SECONDS = 60.0
"""After this long no more are claimed, and the task ends with those on their way."""

TOGETHER_SECONDS = 0.02
"""What comes back within this after another is written down with it."""

LOOK_AGAIN_SECONDS = 0.5
"""How often what has become due is looked for while others are on their way."""


@shared_task(ignore_result=True)
def deliver() -> int:
    """Make messages of the events that have come, and send what is due; how many attempts were written down."""
    return send_due()


@shared_task(ignore_result=True)
def prune() -> int:
    """Forget messages, kept answers and counts of requests whose time is over."""
    now = timezone.now()
    last_minute = int(now.timestamp()) // 60 - 1
    return deliveries.prune(now=now) + answers.prune(now=now) + allowances.prune(minute=last_minute)


def limits() -> Limits:
    """A receiver has fifteen seconds, to take a message and answer."""
    return replace(settings.TRACKER_DOOR, connect_seconds=5.0, read_seconds=15.0, total_seconds=15.0)


def send_due() -> int:
    return async_to_sync(_send_due)()


async def _send_due() -> int:
    async with Door(limits()) as door:
        sender = _Sender(door)
        try:
            return await sender.run()
        finally:
            await sender.stop()


@dataclass
class _Sender:
    door: Door
    lease: uuid.UUID = field(default_factory=uuid.uuid4)
    on_their_way: "set[asyncio.Task[Tried]]" = field(default_factory=set)

    async def run(self) -> int:
        written, until = 0, time.monotonic() + SEND_SECONDS
        while True:
            found = await self._take() if time.monotonic() < until else 0
            if not self.on_their_way:
                if not found:
                    return written
                continue
            ended = await self._ended()
            if ended:
                written += await sync_to_async(deliveries.record)(ended, now=timezone.now())

    async def stop(self) -> None:
        for each in self.on_their_way:
            each.cancel()
        await asyncio.gather(*self.on_their_way, return_exceptions=True)

    async def _ended(self) -> list[Tried]:
        """What has come back; what comes a moment after the first is waited for, to be written down with it."""
        done, _rest = await asyncio.wait(
            self.on_their_way, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if done:
            await asyncio.sleep(TOGETHER_SECONDS)
        ended = {each for each in self.on_their_way if each.done()}
        self.on_their_way -= ended
        return [each.result() for each in ended]

    async def _take(self) -> int:
        """Make messages of one stretch of events, and begin to send what is due; how much there was of both."""
        made = await sync_to_async(deliveries.enqueue)(now=timezone.now())
        room = AT_ONCE - len(self.on_their_way)
        if not room:
            return made
        taken, true = await sync_to_async(self._claim)(room)
        for delivery in taken:
            sending = self._send(delivery, delivery.pk in true)
            self.on_their_way.add(asyncio.create_task(sending))
        return made + len(taken)

    def _claim(self, room: int) -> tuple[list[Delivery], set[int]]:
        taken = deliveries.claim(lease=self.lease, now=timezone.now(), limit=room)
        return taken, queries.still_true(taken) if taken else set()

    async def _send(self, delivery: Delivery, true: bool) -> Tried:
        attempt = await attempt_of(self.door, delivery) if true else Attempt(withheld=True)
        jitter = random.random()  # noqa: S311 - spreads attempts in time; nothing depends on it being secret
        return Tried(delivery, attempt, jitter)


async def attempt_of(door: Door, delivery: Delivery) -> Attempt:
    """Send it once. Whatever happens comes back as an Attempt."""
    try:
        message = signed(delivery, now=timezone.now())
    except sealing.Unreadable:
        return Attempt(failure="the secret was sealed under a key that is gone: rotate it")
    except Exception as error:  # One message that cannot be made must not stop those behind it.
        log.exception("delivery %s could not be made", delivery.pk)
        return Attempt(failure=f"the message could not be made: {type(error).__name__}")
    return _attempt(await door.post(message))


def signed(delivery: Delivery, *, now: datetime) -> Message:
    """The message with the headers of the Standard Webhooks specification; signed twice after a rotation."""
    signatures = " ".join(
        Signer(secret).sign(delivery.message, now, delivery.payload)
        for secret in _secrets(delivery.webhook, now)
    )
    return Message(
        delivery.webhook.url,
        delivery.payload.encode(),
        key=delivery.pk,
        headers={
            "webhook-id": delivery.message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signatures,
        },
    )


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    sealed = [webhook.secret]
    if webhook.previous_until is not None and webhook.previous_until > now:
        sealed.append(webhook.previous_secret)
    return [sealing.unseal(each) for each in sealed]


def _attempt(result: Answer | Failure) -> Attempt:
    if isinstance(result, Failure):
        return Attempt(elapsed_ms=result.elapsed_ms, failure=result.detail)
    if rules.is_delivered(result.status):
        failure = ""
    elif result.status in range(300, 400):
        failure = f"it answered {result.status}: a redirect is not followed"
    else:
        failure = f"it answered {result.status}"
    said = (result.body or b"")[: 4 * rules.KEPT_RESPONSE].decode("utf-8", "replace")
    return Attempt(
        http_status=result.status,
        elapsed_ms=result.elapsed_ms,
        failure=failure,
        response=storable(said)[: rules.KEPT_RESPONSE],
        retry_after=result.retry_after,
    )
