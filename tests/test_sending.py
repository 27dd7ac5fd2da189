"""Messages on their way, to receivers of our own that verify, fail, hang, redirect and die: nothing is lost."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Receiver
from standardwebhooks.webhooks import WebhookVerificationError

from recommendations.actions import assessments, deliveries, recommendations, sources, webhooks
from recommendations.models import Delivery, Event, FeedPlace, Recommendation, Source, Webhook
from recommendations.rules import deliveries as rules
from recommendations.tasks.sending import deliver, prune, send_due
from recommendations.vocabulary import MessageType
from tests import factories
from tests.fakeweb import FakeWeb

pytestmark = pytest.mark.django_db(transaction=True)

CHANGED = MessageType.STATUS_CHANGED


@pytest.fixture
def web(settings):
    settings.TRACKER_DOOR = replace(settings.TRACKER_DOOR, allow_loopback=True)
    settings.TRACKER_URL = "https://tracker.example"
    with FakeWeb() as served:
        yield served


def hooked(url, *types, by=None, **about):
    owner = by or factories.user("viewer")
    return webhooks.create(url=url, types=types or [CHANGED], by=owner, now=timezone.now(), **about)


def received(web, path):
    return [(each.headers["webhook-id"], json.loads(each.body)) for each in web.asked(path)]


def due_again():
    """As if the pauses were over."""
    Webhook.objects.update(not_before=None)
    Delivery.objects.filter(state="waiting").update(due_at=timezone.now(), lease=None, leased_until=None)


def test_a_change_of_status_arrives_signed_with_before_and_after(web, client):
    _webhook, secret = hooked(web.page("/hook"))
    row = factories.recommendation()
    verdict = factories.published(row, status="implemented", now=timezone.now())

    assert deliver() == 1

    (arrived,) = web.asked("/hook")
    told = Receiver(secret).verify(arrived.body, arrived.headers)
    event = Event.objects.get(verb=CHANGED)
    assert told == {
        "type": "recommendation.status_changed",
        "timestamp": event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "event": event.pk,
            "code": row.code,
            "title": row.title,
            "url": f"https://tracker.example/api/v1/recommendations/{row.code}/",
            "source": row.source.code,
            "parent": None,
            "deleted": False,
            "before": {
                "status": "not_assessed",
                "status_since": None,
                "confidence": "",
                "contested": False,
            },
            "after": {
                "status": "implemented",
                "status_since": verdict.effective_on.isoformat(),
                "confidence": "medium",
                "contested": False,
            },
            "cursor": told["data"]["cursor"],
        },
    }
    later = client.get("/api/v1/changes/", {"after": told["data"]["cursor"]}).json()["results"]
    assert [each["verb"] for each in later] == ["assessment.published"], "from here on the feed goes on"
    with pytest.raises(WebhookVerificationError):
        Receiver(secret).verify(arrived.body.replace(b"implemented", b"reversed"), arrived.headers)
    sent = Delivery.objects.get()
    assert (sent.state, sent.attempts, sent.http_status, sent.message) == (
        "delivered",
        1,
        200,
        arrived.headers["webhook-id"],
    )
    assert deliver() == 0
    assert len(web.asked("/hook")) == 1


def test_nothing_from_before_it_was_made_and_nothing_while_it_rests(web):
    row = factories.recommendation()
    factories.published(row, now=timezone.now())
    webhook, _secret = hooked(web.page("/hook"))
    assert deliver() == 0
    webhooks.change(webhook, state="paused", by=webhook.owner, now=timezone.now())
    factories.published(row, status="stalled", now=timezone.now())
    assert deliver() == 0
    webhooks.change(webhook, state="active", by=webhook.owner, now=timezone.now())
    factories.published(row, status="implemented", now=timezone.now())
    assert deliver() == 1
    assert [told["data"]["after"]["status"] for _id, told in received(web, "/hook")] == ["implemented"]


def test_what_nobody_is_to_be_told_of_is_not_read_at_all(web):
    factories.published(factories.recommendation(), now=timezone.now())
    assert deliveries.enqueue(now=timezone.now()) == 0
    place = FeedPlace.objects.get(reader="webhooks")
    assert place.transaction > Event.objects.latest("pk").transaction, "the place moves on without webhooks"
    hooked(web.page("/hook"))
    assert deliver() == 0
    factories.published(factories.recommendation(), now=timezone.now())
    assert deliver() == 1


def test_each_filter_means_what_it_means_in_the_list(web):
    theme = factories.theme()
    below = factories.theme(parent=theme)
    heir = factories.institution()
    merged = factories.institution(merged_into=heir)
    row = factories.recommendation(themes=[below], addressees=[merged])
    part = factories.recommendation(parent=row, themes=[], addressees=[])
    other = factories.recommendation()
    filters = {
        "/all": {},
        "/source": {"source": row.source},
        "/theme": {"theme": theme},
        "/addressee": {"addressee": heir},
        "/whole": {"recommendation": row},
        "/part": {"recommendation": part},
        "/both": {"source": other.source, "theme": theme},
    }
    for path, about in filters.items():
        hooked(web.page(path), **about)
    for each in (row, part, other):
        factories.published(each, now=timezone.now())
    deliver()
    told = {path: {message["data"]["code"] for _id, message in received(web, path)} for path in filters}
    assert told == {
        "/all": {row.code, part.code, other.code},
        "/source": {row.code, part.code},
        "/theme": {row.code},
        "/addressee": {row.code},
        "/whole": {row.code, part.code},
        "/part": {part.code},
        "/both": set(),
    }


def test_each_type_is_told_to_those_who_chose_it(web):
    hooked(web.page("/verdicts"), MessageType.PUBLISHED, MessageType.RETRACTED)
    hooked(web.page("/changes"), CHANGED)
    verdict = factories.published(factories.recommendation(), now=timezone.now())
    assessments.retract(verdict, by=factories.user("reviewer"), now=timezone.now(), note="Wrong.")
    deliver()
    assert Counter(told["type"] for _id, told in received(web, "/verdicts")) == {
        "assessment.published": 1,
        "assessment.retracted": 1,
    }
    assert {told["data"]["assessment"] for _id, told in received(web, "/verdicts")} == {verdict.pk}
    assert [told["data"]["after"]["status"] for _id, told in received(web, "/changes")] in (
        ["in_progress", "not_assessed"],
        ["not_assessed", "in_progress"],  # order is not promised
    )


def test_what_is_internal_is_told_to_nobody(web):
    hooked(web.page("/hook"), *MessageType.values)
    factories.published(
        factories.recommendation(source=factories.source(visibility="internal")), now=timezone.now()
    )
    factories.published(factories.recommendation(visibility="internal"), now=timezone.now())
    factories.proposed(factories.recommendation(), now=timezone.now())
    deliver()
    assert [told["type"] for _id, told in received(web, "/hook")] == []


def test_what_became_internal_before_it_was_sent_is_withheld(web):
    hooked(web.page("/hook", status=503))
    row = factories.recommendation()
    factories.published(row, now=timezone.now())
    assert deliver() == 1
    Source.objects.filter(pk=row.source_id).update(visibility="internal")
    due_again()
    assert deliver() == 1
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("withheld", 1)
    assert len(web.asked("/hook")) == 1


GONE = {"title": None, "source": None, "parent": None, "before": None, "after": None, "deleted": True}


@pytest.mark.parametrize("whole", ["by itself", "with its source", "with what it is a part of"])
def test_what_is_hidden_is_told_as_gone_and_without_a_word_of_it(web, whole):
    row = factories.recommendation(title="Rumpelstiltskin")
    about = (
        factories.recommendation(parent=row, title="Rumpelstiltskin")
        if whole.startswith("with what")
        else row
    )
    hooked(web.page("/hook"), MessageType.HIDDEN)
    hide(about.source if whole == "with its source" else row)
    deliver()
    told = {message["data"]["code"]: message for _id, message in received(web, "/hook")}
    data = told[about.code]["data"]
    assert told.keys() == {row.code, about.code}
    assert told[about.code]["type"] == "recommendation.hidden"
    assert data == GONE | {
        "event": data["event"],
        "code": about.code,
        "url": f"https://tracker.example/api/v1/recommendations/{about.code}/",
        "cursor": data["cursor"],
    }
    assert b"Rumpel" not in b"".join(each.body for each in web.asked("/hook"))


def hide(row, visibility="internal", **more):
    change = sources.change if isinstance(row, Source) else recommendations.change
    return change(row, visibility=visibility, by=factories.user("manager"), now=timezone.now(), **more)


def test_of_what_is_hidden_they_are_told_who_were_told_of_it_before(web):
    """By the themes and addressees that were public, and not by those that it is given while it is hidden."""
    old, new = factories.theme(), factories.theme()
    asked, secretly = factories.institution(), factories.institution()
    row = factories.recommendation(themes=[old], addressees=[asked])
    filters = {
        "/all": {},
        "/source": {"source": row.source},
        "/itself": {"recommendation": row},
        "/old theme": {"theme": old},
        "/new theme": {"theme": new},
        "/asked": {"addressee": asked},
        "/secretly asked": {"addressee": secretly},
        "/elsewhere": {"source": factories.source()},
    }
    for path, about in filters.items():
        hooked(web.page(path.replace(" ", "-")), MessageType.HIDDEN, **about)
    hide(row, themes=[new], addressees=[recommendations.Asked(secretly)])
    deliver()
    told = {path for path in filters if received(web, path.replace(" ", "-"))}
    assert told == {"/all", "/source", "/itself", "/old theme", "/asked"}


def test_what_is_public_again_before_it_is_told_is_not_called_gone(web):
    hooked(web.page("/hook", status=503), MessageType.HIDDEN)
    row = factories.recommendation()
    hide(row)
    assert deliver() == 1
    hide(row, "public")
    due_again()
    deliver()
    assert (Delivery.objects.get().state, len(web.asked("/hook"))) == ("withheld", 1)
    hide(row)
    hide(row, "public")
    deliver()
    assert Delivery.objects.count() == 1, (
        "what is over before it is looked at is told of no more than in the feed"
    )


def test_every_attempt_is_kept_with_what_came_of_it(web):
    webhook, _secret = hooked(web.page("/hook", status=500))
    factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    web.page("/hook", status=204)
    due_again()
    deliver()
    message = Delivery.objects.get()
    failed, taken = message.history.all()
    assert (failed.http_status, failed.failure, taken.http_status, taken.failure) == (
        500,
        "it answered 500",
        204,
        "",
    )
    assert timedelta(seconds=5) <= failed.next_at - failed.at <= timedelta(seconds=6)
    assert (taken.next_at, taken.at, message.attempts) == (None, message.tried_at, 2)
    deliveries.redeliver(message, by=webhook.owner, now=timezone.now())
    deliver()
    message.refresh_from_db()
    assert (message.attempts, message.history.count()) == (1, 3), "what came before a redelivery stays"


def test_a_receiver_that_fails_is_tried_again_and_loses_nothing(web):
    _webhook, secret = hooked(web.page("/hook", "Out of order.", status=500))
    rows = [factories.recommendation() for _each in range(3)]
    for row in rows:
        factories.published(row, now=timezone.now())
    for _attempt in range(3):
        due_again()
        deliver()
    assert {each.attempts for each in Delivery.objects.all()} <= {1, 2, 3}
    failed = Delivery.objects.first()
    assert (failed.http_status, failed.failure, failed.response, failed.state) == (
        500,
        "it answered 500",
        "Out of order.",
        "waiting",
    )
    assert Webhook.objects.get().failing_since is not None

    web.page("/hook", status=204)
    for _time in range(3):
        due_again()
        deliver()
    assert list(Delivery.objects.values_list("state", flat=True)) == ["delivered"] * 3
    assert Webhook.objects.get().failing_since is None
    ok = web.asked("/hook")[-3:]
    assert {Receiver(secret).verify(each.body, each.headers)["data"]["code"] for each in ok} == {
        row.code for row in rows
    }
    tries = Counter(each.headers["webhook-id"] for each in web.asked("/hook"))
    assert set(tries) == set(Delivery.objects.values_list("message", flat=True)), "the same identifiers again"


def test_one_message_at_a_time_to_a_receiver_that_fails(web):
    hooked(web.page("/hook", status=500))
    for _each in range(3):
        factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    before = len(web.asked("/hook"))
    due_again()
    lease = uuid4()
    assert len(deliveries.claim(lease=lease, now=timezone.now(), limit=10)) == 1
    assert deliveries.claim(lease=lease, now=timezone.now(), limit=10) == []
    assert len(web.asked("/hook")) == before


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(web, status):
    web.page("/elsewhere")
    hooked(web.redirect("/hook", "/elsewhere", status))
    factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    failed = Delivery.objects.get()
    assert (failed.state, failed.failure) == (
        "waiting",
        f"it answered {status}: a redirect is not followed",
    )
    assert web.asked("/elsewhere") == []


def test_gone_switches_the_webhook_off_with_an_event(web):
    webhook, _secret = hooked(web.page("/hook", status=410))
    factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.disabled_reason) == (
        "disabled",
        "Its receiver answered 410: it wants no more.",
    )
    assert Event.objects.get(verb="webhook.disabled").after["reason"] == webhook.disabled_reason
    due_again()
    assert deliver() == 0, "it is left alone"

    web.page("/hook")
    webhooks.change(webhook, state="active", by=webhook.owner, now=timezone.now())
    assert deliver() == 1, "what was waiting is sent"


def test_a_pause_that_a_receiver_asks_for_is_kept_for_all_its_messages_and_no_others(web):
    hooked(web.page("/busy", status=429, headers={"Retry-After": "600"}))
    hooked(web.page("/idle"))
    factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    assert (len(web.asked("/busy")), len(web.asked("/idle"))) == (1, 2)
    waiting = Delivery.objects.filter(state="waiting", attempts=1).get()
    assert waiting.due_at - waiting.tried_at == timedelta(seconds=600)
    assert waiting.webhook.not_before == waiting.due_at


def test_receivers_that_hang_cost_the_others_nothing(web, monkeypatch):
    monkeypatch.setattr("recommendations.tasks.sending.limits", lambda: _hasty(web))

    async def silent(_asked, _writer):
        await asyncio.sleep(30)

    owner = factories.user("viewer")
    for number in range(15):
        hooked(web.at(f"/silent/{number}", silent), by=owner)
    hooked(web.page("/quick"), by=owner)
    arrived: list[float] = []
    web.at("/quick", _noting(arrived))
    rows = [factories.recommendation() for _each in range(3)]
    for row in rows:
        factories.published(row, now=timezone.now())
    began = time.monotonic()
    deliver()
    assert len(arrived) == len(rows)
    assert max(arrived) - began < 2.0, "all of them before the first silence was over"
    assert {each.failure for each in Delivery.objects.exclude(state="delivered") if each.attempts} == {
        "the server did not answer in time"
    }


def _hasty(_web):
    from django.conf import settings

    return replace(settings.TRACKER_DOOR, read_seconds=3.0, total_seconds=3.0)


def _noting(moments):
    async def note(_asked, writer):
        moments.append(time.monotonic())
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    return note


def test_an_answer_that_comes_too_late_is_tried_again_with_the_same_identifier(web, monkeypatch):
    monkeypatch.setattr(
        "recommendations.tasks.sending.limits",
        lambda: replace(_hasty(web), read_seconds=0.3, total_seconds=0.3),
    )
    hooked(web.page("/hook", delay=0.8))
    factories.published(factories.recommendation(), now=timezone.now())
    deliver()
    assert Delivery.objects.get().failure == "the server did not answer in time"
    web.page("/hook")
    due_again()
    deliver()
    first, second = web.asked("/hook")
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert Delivery.objects.get().state == "delivered"


def test_after_a_rotation_both_secrets_verify_for_a_day(web):
    webhook, old = hooked(web.page("/hook"))
    _webhook, new = webhooks.rotate_secret(webhook, by=webhook.owner, now=timezone.now())
    deliveries.ping(webhook, by=webhook.owner, now=timezone.now())
    deliver()
    (arrived,) = web.asked("/hook")
    assert len(arrived.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        assert Receiver(secret).verify(arrived.body, arrived.headers)["type"] == "webhook.test"

    Webhook.objects.update(previous_until=timezone.now())
    deliveries.ping(webhook, by=webhook.owner, now=timezone.now())
    deliver()
    last = web.asked("/hook")[-1]
    Receiver(new).verify(last.body, last.headers)
    with pytest.raises(WebhookVerificationError):
        Receiver(old).verify(last.body, last.headers)


def test_messages_still_waiting_for_a_transaction_are_not_passed_over(web):
    """A transaction that began first and commits last: its event has the lower number and comes later."""
    hooked(web.page("/hook"))
    first, second = factories.recommendation(), factories.recommendation()
    written, go_on = threading.Event(), threading.Event()

    def slow():
        from django.db import transaction

        try:
            with transaction.atomic():
                factories.published(first, now=timezone.now())
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(20)
    factories.published(second, now=timezone.now())
    deliver()
    before = [told["data"]["code"] for _id, told in received(web, "/hook")]
    go_on.set()
    thread.join()
    deliver()
    after = [told["data"]["code"] for _id, told in received(web, "/hook")]
    assert set(before) <= {second.code}
    assert sorted(after) == sorted([first.code, second.code])


def test_two_workers_at_once_send_each_message_once(web):
    hooked(web.page("/one"))
    hooked(web.page("/two"))
    rows = [factories.recommendation() for _each in range(12)]
    for row in rows:
        factories.published(row, now=timezone.now())

    def work():
        try:
            send_due()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for path in ("/one", "/two"):
        assert sorted(told["data"]["code"] for _id, told in received(web, path)) == sorted(
            row.code for row in rows
        )
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


WORKER = """
import dataclasses, django
django.setup()
from django.conf import settings
from django.db import connections
connections["default"].settings_dict["NAME"] = {database!r}
settings.TRACKER_DOOR = dataclasses.replace(settings.TRACKER_DOOR, allow_loopback=True)
from recommendations.tasks.sending import send_due
send_due()
"""


def test_a_worker_that_is_killed_while_it_sends_loses_nothing(web):
    async def silent(_asked, _writer):
        await asyncio.sleep(60)

    _webhook, secret = hooked(web.at("/hook", silent))
    factories.published(factories.recommendation(), now=timezone.now())
    script = WORKER.format(database=connection.settings_dict["NAME"])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tracker.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", script], cwd=Path(__file__).parent.parent, env=environment
    )
    try:
        until = time.monotonic() + 30
        while not web.asked("/hook") and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    held = Delivery.objects.get()
    assert (held.state, held.attempts) == ("waiting", 0)
    assert held.leased_until > timezone.now()
    assert deliver() == 0, "it is under lease"

    web.page("/hook")
    Delivery.objects.update(leased_until=timezone.now())
    assert deliver() == 1
    first, second = web.asked("/hook")
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert Receiver(secret).verify(second.body, second.headers)["type"] == CHANGED


def test_a_secret_sealed_under_a_key_that_is_gone_says_so(web, settings):
    hooked(web.page("/hook"))
    factories.published(factories.recommendation(), now=timezone.now())
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    deliver()
    assert Delivery.objects.get().failure == "the secret was sealed under a key that is gone: rotate it"
    settings.SECRET_KEY_FALLBACKS = [key]
    due_again()
    deliver()
    assert Delivery.objects.get().state == "delivered"


def test_what_is_settled_is_forgotten_after_thirty_days(web):
    webhook, _secret = hooked(web.page("/hook"))
    for age in (31, 29):
        settled = deliveries.ping(webhook, by=webhook.owner, now=timezone.now())
        deliver()
        Delivery.objects.filter(pk=settled.pk).update(settled_at=timezone.now() - timedelta(days=age))
    waiting = deliveries.ping(webhook, by=webhook.owner, now=timezone.now())
    Delivery.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - rules.KEEP * 2)
    prune()
    assert sorted(Delivery.objects.values_list("pk", flat=True)) == sorted([settled.pk, waiting.pk])
    webhooks.change(webhook, state="paused", by=webhook.owner, now=timezone.now())
    prune()
    assert list(Delivery.objects.all()) == [settled]


def test_who_has_lost_their_role_is_told_nothing_more(web):
    webhook, _secret = hooked(web.page("/hook"))
    row = factories.recommendation()
    factories.published(row, now=timezone.now())
    type(webhook.owner).objects.filter(pk=webhook.owner_id).update(role="")
    deliver()
    assert web.asked("/hook") == []
    assert Recommendation.objects.get(pk=row.pk).status == "in_progress"
