"""Webhooks in the admin: one's own, each deed once through the action, the secret on one page only."""

import re

import pytest
from django.urls import reverse

from recommendations.actions import sealing, webhooks
from recommendations.models import Delivery, Webhook
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

FORM = {"url": "https://newsroom.example/hook", "description": "Newsroom", "types": ["assessment.published"]}


def place(step, row=None):
    noun = row._meta.model_name if row is not None else "webhook"
    return reverse(f"admin:recommendations_{noun}_{step}", args=[row.pk] if row is not None else [])


@pytest.fixture
def owner():
    return factories.user("viewer")


@pytest.fixture
def hook(owner):
    webhook, _secret = webhooks.create(
        url=FORM["url"], types=FORM["types"], description="Newsroom", by=owner, now=NOW
    )
    return webhook


def shown_secret(page):
    return re.search(r"whsec_[A-Za-z0-9+/=]+", page.content.decode()).group()


def test_it_is_made_and_its_secret_shown_once(client_of, owner):
    row = factories.recommendation()
    page = client_of(owner).post(place("add"), FORM | {"source": row.source_id})
    assert page.status_code == 200
    webhook = Webhook.objects.get()
    assert (webhook.owner, webhook.source, webhook.types) == (owner, row.source, ["assessment.published"])
    assert shown_secret(page) == sealing.unseal(webhook.secret)
    assert b"whsec_" not in client_of(owner).get(place("change", webhook)).content


def test_a_refusal_stands_at_its_field(client_of, owner):
    page = client_of(owner).post(place("add"), FORM | {"url": "https://10.0.0.1/hook"})
    assert "Nothing can be sent there: 10.0.0.1 is not a public address." in page.content.decode()
    assert not Webhook.objects.exists()


def test_each_deed_is_done(client_of, owner, hook):
    client = client_of(owner)
    client.post(place("test", hook))
    assert Delivery.objects.get().type == "webhook.test"
    page = client.get(place("change", hook)).content.decode()
    assert "webhook.test" in page
    for step, state in (("pause", "paused"), ("activate", "active"), ("withdraw", "withdrawn")):
        client.post(place(step, hook))
        hook.refresh_from_db()
        assert hook.state == state
    assert client.get(place("change", hook)).status_code == 302, "it is not there any more"


def test_it_is_changed_by_the_action(client_of, owner, hook):
    client_of(owner).post(
        place("change", hook), FORM | {"types": ["recommendation.closed"], "description": "Desk"}
    )
    hook.refresh_from_db()
    assert (hook.types, hook.description, hook.version) == (["recommendation.closed"], "Desk", 2)


def test_a_new_secret_is_shown_to_its_owner_and_to_nobody_else(client_of, owner, hook):
    page = client_of(owner).post(place("rotate", hook))
    hook.refresh_from_db()
    assert shown_secret(page) == sealing.unseal(hook.secret)
    administrator = client_of("administrator")
    assert administrator.get(place("change", hook)).status_code == 200
    assert administrator.post(place("rotate", hook)).status_code == 403


def test_other_peoples_webhooks_and_messages_are_not_there(client_of, owner, hook):
    client_of(owner).post(place("test", hook))
    delivery = Delivery.objects.get()
    other = client_of("manager")
    assert other.get(place("change", hook)).status_code == 302
    assert other.post(place("pause", hook)).status_code == 404
    assert other.post(place("rotate", hook)).status_code == 403
    assert other.get(place("change", delivery)).status_code == 302
    assert other.post(place("redeliver", delivery)).status_code == 404
    assert "newsroom" not in other.get(place("changelist")).content.decode().lower()
    assert client_of("administrator").get(place("change", delivery)).status_code == 200


def test_a_message_is_sent_again(client_of, owner, hook):
    client = client_of(owner)
    client.post(place("test", hook))
    Delivery.objects.update(state="failed", due_at=None, settled_at=NOW)
    delivery = Delivery.objects.get()
    assert b"webhook.test" in client.get(place("change", delivery)).content
    client.post(place("redeliver", delivery))
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_lists_cost_the_same_for_one_and_for_many(client_of, owner, hook, django_assert_num_queries):
    client = client_of(owner)
    client.get(place("changelist"))
    for _each in range(2):
        with django_assert_num_queries(5):
            client.get(place("changelist"))
        webhooks.create(url=FORM["url"], types=FORM["types"], by=owner, now=NOW)
