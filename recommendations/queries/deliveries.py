"""Which webhooks an event concerns, and what they are told. Only what the public may see is ever told."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from recommendations import permissions
from recommendations.models import Delivery, Event, Recommendation, User, Webhook
from recommendations.queries import changes
from recommendations.vocabulary import TEST_MESSAGE, DeliveryState, MessageType, WebhookState

OWNING_ROLES = [role for role in permissions.ORDER if permissions.allowed(role, "webhook.write")]
"""Whose webhooks are served: with the role, its holder's webhooks rest."""


@dataclass(frozen=True)
class Stretch:
    """Events between two places of the feed, in its order; `to` is the place after them."""

    events: list[Event]
    to: tuple[int, int]


def ahead(after: tuple[int, int], *, limit: int) -> Stretch:
    """Up to `limit` events behind the place `after` (transaction, event) that a webhook could be told of.

    None from before all webhooks; and only what lies below the horizon of the feed: nothing can still come before
    it. A stretch that is not full ends at the horizon.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recommendations_feed_horizon(),"
            " (SELECT min(since) FROM recommendations_webhook WHERE state = 'active')"
        )
        settled, since = cursor.fetchone()
    if since is None:
        return Stretch([], max(after, (settled, 0)))
    after = max(after, (since, 0))
    found = list(
        Event.objects.filter(public=True, verb__in=MessageType.values, transaction__lt=settled)
        .filter(Q(transaction__gt=after[0]) | Q(transaction=after[0], pk__gt=after[1]))
        .filter(transaction__gte=after[0])  # said apart, for the index
        .order_by("transaction", "pk")[:limit]
    )
    if len(found) == limit:
        return Stretch(found, (found[-1].transaction, found[-1].pk))
    return Stretch(found, max(after, (settled, 0)))


def subjects(events: Iterable[Event]) -> dict[str, Recommendation]:
    """The recommendations that these events are about, by code; those that the public may not see are left out."""
    codes = {event.recommendation_code for event in events}
    rows = Recommendation.objects.published().select_related("source", "parent").filter(code__in=codes)
    return {row.code: row for row in rows}


_CONCERNED = """
SELECT e.id, w.id
  FROM recommendations_event e
  JOIN recommendations_recommendation r ON r.code = e.recommendation_code
  JOIN recommendations_webhook w
    ON w.state = 'active' AND e.verb = ANY(w.types) AND e.transaction >= w.since
   AND (w.source_id IS NULL OR w.source_id = r.source_id)
   AND (w.recommendation_id IS NULL OR w.recommendation_id IN (r.id, r.parent_id))
   AND (w.theme_id IS NULL OR EXISTS (
        SELECT 1 FROM recommendations_theme t
         WHERE w.theme_id IN (t.id, t.parent_id) AND CASE WHEN e.verb = %(hidden)s
               THEN e.before -> 'themes' ? t.code
               ELSE EXISTS (SELECT 1 FROM recommendations_recommendation_themes filed
                             WHERE filed.recommendation_id = r.id AND filed.theme_id = t.id) END))
   AND (w.addressee_id IS NULL OR EXISTS (
        SELECT 1 FROM recommendations_institution asked
          JOIN recommendations_institution wanted ON wanted.id = w.addressee_id
           AND coalesce(asked.merged_into_id, asked.id) = coalesce(wanted.merged_into_id, wanted.id)
         WHERE CASE WHEN e.verb = %(hidden)s
               THEN e.before -> 'addressees' ? asked.code
               ELSE EXISTS (SELECT 1 FROM recommendations_addressee a
                             WHERE a.recommendation_id = r.id AND a.institution_id = asked.id) END))
  JOIN recommendations_user u ON u.id = w.owner_id AND u.is_active AND u.role = ANY(%(roles)s)
 WHERE e.id = ANY(%(events)s)
 ORDER BY e.transaction, e.id, w.id
"""


def concerned(events: Collection[Event]) -> list[tuple[int, int]]:
    """Pairs (event, webhook): who is to be told of which. The filters mean what they mean in the list.

    Of what is hidden those are told who would have been while it was public: by the themes and addressees it had then.
    """
    asked: dict[str, Any] = {
        "events": [event.pk for event in events],
        "roles": OWNING_ROLES,
        "hidden": MessageType.HIDDEN.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, asked)
        return cursor.fetchall()


def payload(event: Event, about: Recommendation | None, *, root: str, key: UUID) -> str:
    """The message as it is signed and sent; `root` is the tracker's public address, `key` that of the change feed.

    Without the actor, who is nobody's business outside, and without notes. `before` and `after` are what the change
    feed tells of them, and `cursor` is the place in it: after it comes what happened next. `about` is None where the
    public sees it no longer: then the code, which they knew, is all that is said of it, as in the feed.
    """
    shown = changes.SHOWN[event.object_type]
    before, after = (
        {name: value for name, value in values.items() if name in shown} if values and about else None
        for values in (event.before, event.after)
    )
    api, code = f"{root}/api/v1", event.recommendation_code
    data: dict[str, Any] = {
        "event": event.pk,
        "code": code,
        "title": about.title if about else None,
        "url": f"{api}/recommendations/{code}/",
        "source": about.source.code if about else None,
        "parent": about.parent.code if about and about.parent else None,
        "before": before,
        "after": after,
        "deleted": about is None,
        "cursor": changes.Cursor(event.transaction, event.pk).text(key),
    }
    if event.object_type == "assessment":
        data |= {
            "assessment": int(event.object_id),
            "assessment_url": f"{api}/assessments/{event.object_id}/",
        }
    return _json(event.verb, event.at, data)


def test_payload(webhook: Webhook, *, now: datetime) -> str:
    return _json(TEST_MESSAGE, now, {"webhook": webhook.pk})


def still_true(messages: Collection[Delivery]) -> set[int]:
    """Those that may be sent now: of what the public sees, and of what is hidden as long as it is. A test always."""
    codes = {each.recommendation_code for each in messages}
    public = {"", *Recommendation.objects.published().filter(code__in=codes).values_list("code", flat=True)}
    return {
        each.pk
        for each in messages
        if (each.recommendation_code in public) != (each.type == MessageType.HIDDEN)
    }


def webhooks(user: User) -> QuerySet[Webhook]:
    """A person's own webhooks that were not withdrawn; everybody's for who manages them. One statement."""
    rows = Webhook.objects.exclude(state=WebhookState.WITHDRAWN)
    rows = rows.select_related("owner", "source", "theme", "addressee", "recommendation")
    return rows if user.may("webhook.manage") else rows.filter(owner=user)


def of(webhook: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook)


@dataclass(frozen=True)
class Health:
    """Messages and webhooks as an operator counts them. `failing`: webhooks whose last attempt failed."""

    waiting: int
    due: int
    failed: int
    active: int
    failing: int
    disabled: int


def health(*, now: datetime) -> Health:
    """Two statements. `failed` counts the messages given up that are still kept."""
    active = Q(webhook__state=WebhookState.ACTIVE)
    messages = Delivery.objects.exclude(state=DeliveryState.DELIVERED).aggregate(
        waiting=Count("pk", filter=Q(state=DeliveryState.WAITING)),
        due=Count("pk", filter=active & Q(state=DeliveryState.WAITING, due_at__lte=now)),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
    )
    hooks = Webhook.objects.aggregate(
        active=Count("pk", filter=Q(state=WebhookState.ACTIVE)),
        failing=Count("pk", filter=Q(state=WebhookState.ACTIVE, failing_since__isnull=False)),
        disabled=Count("pk", filter=Q(state=WebhookState.DISABLED)),
    )
    return Health(**messages, **hooks)


def _json(type_: str, at: datetime, data: dict[str, Any]) -> str:
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps(
        {"type": type_, "timestamp": stamp, "data": data}, ensure_ascii=False, separators=(",", ":")
    )
