from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.actions import deliveries, webhooks
from recommendations.models import Delivery, Webhook
from tests import factories
from tests.tracker.test_metrics import numbers

pytestmark = pytest.mark.django_db


def test_webhooks_and_messages_as_they_stand(client):
    now, owner = timezone.now(), factories.user("viewer")
    hooks = []
    for _each in range(4):
        hook, _secret = webhooks.create(
            url="https://newsroom.example/hook", types=["assessment.published"], by=owner, now=now
        )
        deliveries.ping(hook, by=owner, now=now)
        hooks.append(hook)
    Webhook.objects.filter(pk=hooks[0].pk).update(failing_since=now)
    Webhook.objects.filter(pk=hooks[1].pk).update(state="disabled", disabled_reason="Gone.")
    Delivery.objects.filter(webhook=hooks[2]).update(due_at=now + timedelta(hours=1))
    Delivery.objects.filter(webhook=hooks[3]).update(state="failed", due_at=None, settled_at=now)

    told = numbers(client)

    def labelled(name, *states):
        return {state: told[f'{name}{{state="{state}"}}'] for state in states}

    assert labelled("tracker_webhooks", "active", "failing", "disabled") == {
        "active": 3,
        "failing": 1,
        "disabled": 1,
    }
    assert labelled("tracker_deliveries", "waiting", "due", "failed") == {"waiting": 3, "due": 1, "failed": 1}
