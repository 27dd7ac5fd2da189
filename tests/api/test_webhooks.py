"""Webhooks by the API: made, changed, rotated, withdrawn; a secret is shown once and found nowhere else."""

import json
from uuid import uuid4

import pytest

from recommendations.actions import deliveries, sealing, webhooks
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Delivery, Event, Notification, Webhook
from recommendations.rules import deliveries as rules
from recommendations.vocabulary import MessageType, Role
from tests import factories
from tests.api.conftest import Caller, holding
from tests.factories import NOW

pytestmark = pytest.mark.django_db

BODY = {"address": "https://newsroom.example/hook?key=k3y", "types": ["recommendation.status_changed"]}


@pytest.fixture
def owner():
    return holding(factories.user("viewer"))


def made(caller, **more):
    answer = caller.post("webhooks/", BODY | more)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_webhook_is_made_read_changed_and_withdrawn(owner):
    row = factories.recommendation()
    told = made(owner, source=row.source.code, description="Newsroom")
    secret = told.pop("secret")
    assert secret.startswith("whsec_")
    assert owner.read(f"webhooks/{told['id']}/") == told
    assert owner.read("webhooks/")["results"] == [told]
    assert (told["owner"], told["source"], told["theme"], told["state"]) == (
        owner.user.username,
        row.source.code,
        None,
        "active",
    )

    etag = owner.get(f"webhooks/{told['id']}/").headers["ETag"]
    change = {"state": "paused", "source": None, "address": "https://newsroom.example/other"}
    changed = owner.patch(f"webhooks/{told['id']}/", change, **{"If-Match": etag})
    assert changed.status_code == 200
    assert (changed.json()["state"], changed.json()["source"], changed.json()["address"]) == (
        "paused",
        None,
        "https://newsroom.example/other",
    )
    assert owner.patch(f"webhooks/{told['id']}/", change, **{"If-Match": etag}).status_code == 412
    assert owner.patch(f"webhooks/{told['id']}/", change).status_code == 428

    assert owner.delete(f"webhooks/{told['id']}/").status_code == 204
    assert owner.get(f"webhooks/{told['id']}/").status_code == 404
    assert owner.read("webhooks/")["results"] == []


def test_the_secret_is_in_no_answer_no_event_and_no_column(owner):
    told = made(owner)
    secret = told["secret"]
    rotated = owner.post(f"webhooks/{told['id']}/rotate-secret/").json()
    assert rotated["secret"] not in ("", secret)
    owner.post(f"webhooks/{told['id']}/test/")
    paths = ("webhooks/", f"webhooks/{told['id']}/", f"webhooks/{told['id']}/deliveries/")
    answers = "".join(json.dumps(owner.read(path)) for path in paths)
    events = "".join(f"{each.before} {each.after} {each.note}" for each in Event.objects.all())
    columns = "".join(str(list(model.objects.values())) for model in (Webhook, Delivery))
    for hidden in (secret, rotated["secret"]):
        bare = hidden.removeprefix("whsec_")
        assert bare not in answers + events + columns
    assert "k3y" not in events, "an address may hold a key: events name its host only"
    assert sealing.unseal(Webhook.objects.get().secret) == rotated["secret"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"types": ["recommendation.exploded"]}, "types"),
        ({"types": []}, "types"),
        ({"types": "all"}, "types"),
        ({"address": "not an address"}, "address"),
        ({"source": "NOWHERE"}, "source"),
        ({"theme": "nothing"}, "theme"),
        ({"addressee": "nobody"}, "addressee"),
        ({"recommendation": "X-1"}, "recommendation"),
        ({"colour": "red"}, "colour"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_is_not_known_is_refused_by_name(owner, change, field):
    answer = owner.post("webhooks/", BODY | change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "http://newsroom.example/hook",
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest",
        "https://user:password@newsroom.example/",
        "https://newsroom.example:22/",
    ],
)
def test_an_address_that_the_door_would_refuse_is_refused_when_it_is_given(owner, address):
    answer = owner.post("webhooks/", BODY | {"address": address})
    assert (answer.status_code, answer.json().get("rule")) in [(409, "webhook_address"), (400, None)]
    assert [error["field"] for error in answer.json()["errors"]] == ["address"]
    assert not Webhook.objects.exists()


def test_an_address_that_is_refused_later_is_blamed_by_the_same_name(owner):
    place = f"webhooks/{made(owner)['id']}/"
    answer = owner.patch(place, {"address": "https://10.1.2.3/hook"}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "address")


def test_other_peoples_webhooks_are_not_there_but_for_an_administrator(owner):
    told = made(owner)
    other = holding(factories.user("manager"))
    address = f"webhooks/{told['id']}/"
    answers = [
        other.get(address),
        other.patch(address, {"state": "paused"}, **{"If-Match": "*"}),
        other.delete(address),
        other.post(f"{address}rotate-secret/"),
        other.post(f"{address}test/"),
        other.get(f"{address}deliveries/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert other.read("webhooks/")["results"] == []

    administrator = holding(factories.user("administrator"))
    assert [each["id"] for each in administrator.read("webhooks/")["results"]] == [told["id"]]
    assert administrator.post(f"{address}rotate-secret/").status_code == 403, "only its owner sees a secret"
    paused = administrator.patch(address, {"state": "paused"}, **{"If-Match": "*"})
    assert paused.json()["state"] == "paused"
    assert administrator.delete(address).status_code == 204


def test_a_person_has_so_many_webhooks_and_no_more(owner, monkeypatch):
    monkeypatch.setattr(webhooks, "MOST_WEBHOOKS", 2)
    first = made(owner)
    made(owner)
    assert owner.post("webhooks/", BODY).json()["rule"] == "webhook_not_too_many"
    owner.delete(f"webhooks/{first['id']}/")
    made(owner)


def test_a_test_message_waits_is_listed_and_can_be_asked_for_again(owner):
    told = made(owner)
    sent = owner.post(f"webhooks/{told['id']}/test/")
    assert sent.status_code == 202
    address = sent.headers["Location"].partition("/api/v1/")[2]
    whole = owner.read(address)
    assert (whole["type"], whole["state"], whole["attempts"]) == ("webhook.test", "waiting", 0)
    assert json.loads(whole["payload"])["type"] == "webhook.test"
    listed = owner.read(f"webhooks/{told['id']}/deliveries/?state=waiting&type=webhook.test")["results"]
    assert [each["id"] for each in listed] == [whole["id"]]
    assert "payload" not in listed[0]
    assert owner.read(f"webhooks/{told['id']}/deliveries/?state=failed")["results"] == []

    assert whole["history"] == []

    tried = {"at": NOW, "http_status": 500, "elapsed_ms": 12, "failure": "it answered 500", "next_at": NOW}
    Delivery.objects.get().history.create(**tried)
    Delivery.objects.get().history.create(
        **tried | {"http_status": None, "failure": "no answer", "next_at": None}
    )
    [listed] = owner.read(f"webhooks/{told['id']}/deliveries/")["results"]
    moment = NOW.isoformat().replace("+00:00", "Z")
    shown = tried | {"at": moment, "next_at": moment}
    assert (
        listed["history"]
        == owner.read(address)["history"]
        == [
            shown,
            shown | {"http_status": None, "failure": "no answer", "next_at": None},
        ]
    )
    Delivery.objects.update(state="failed", due_at=None, settled_at=NOW, attempts=10)
    again = owner.post(f"{address}redeliver/")
    assert (again.status_code, again.json()["state"], again.json()["attempts"]) == (202, "waiting", 0)
    assert again.json()["message"] == whole["message"]


def test_nothing_is_sent_to_a_webhook_that_rests(owner):
    told = made(owner)
    delivery = owner.post(f"webhooks/{told['id']}/test/").json()
    owner.patch(f"webhooks/{told['id']}/", {"state": "paused"}, **{"If-Match": "*"})
    for path in ("test/", f"deliveries/{delivery['id']}/redeliver/"):
        assert owner.post(f"webhooks/{told['id']}/{path}").json()["rule"] == "webhook_active"


def test_withdrawing_ends_what_was_waiting(owner):
    told = made(owner)
    owner.post(f"webhooks/{told['id']}/test/")
    owner.delete(f"webhooks/{told['id']}/")
    assert list(Delivery.objects.values_list("state", "failure")) == [
        ("failed", "The webhook was withdrawn.")
    ]
    with pytest.raises(Refused) as refusal:
        webhooks.change(Webhook.objects.get(), state="active", by=owner.user, now=NOW)
    assert refusal.value.rule == "webhook_withdrawn"


@pytest.mark.parametrize("role", Role)
def test_who_may_have_webhooks_by_action(role):
    by = factories.user(role)
    kwargs = {"url": BODY["address"], "types": [MessageType.CLOSED], "by": by, "now": NOW}
    if role == Role.NONE:
        with pytest.raises(NotAllowed):
            webhooks.create(**kwargs)
        return
    webhook, _secret = webhooks.create(**kwargs)
    stranger = factories.user("manager")
    for deed in (webhooks.withdraw, webhooks.rotate_secret, deliveries.ping):
        with pytest.raises(NotAllowed):
            deed(webhook, by=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        webhooks.change(webhook, description="Mine now", by=stranger, now=NOW)
    webhooks.withdraw(webhook, by=by, now=NOW)


def test_a_token_for_reading_makes_none():
    caller = holding(factories.user("administrator"), "read", "propose", "review")
    assert caller.post("webhooks/", BODY).status_code == 403
    assert caller.get("webhooks/").status_code == 403
    assert Caller().get("webhooks/").status_code == 401


class TestSchedule:
    """When a message is tried again: the pauses of the Standard Webhooks specification."""

    def test_pauses_grow_and_end(self):
        pauses = [rules.next_attempt(done, now=NOW, jitter=0) for done in range(1, 11)]
        assert [each and (each - NOW).total_seconds() for each in pauses] == [
            5,
            300,
            1800,
            7200,
            18000,
            36000,
            50400,
            72000,
            86400,
            None,
        ]

    def test_jitter_spreads_and_a_longer_pause_that_was_asked_for_is_kept(self):
        assert (rules.next_attempt(2, now=NOW, jitter=1) - NOW).total_seconds() == 360
        assert (rules.next_attempt(1, now=NOW, jitter=0, retry_after=60) - NOW).total_seconds() == 60
        assert (rules.next_attempt(2, now=NOW, jitter=0, retry_after=60) - NOW).total_seconds() == 300
        longest = rules.next_attempt(1, now=NOW, jitter=0, retry_after=10_000_000)
        assert longest - NOW == rules.LONGEST_PAUSE

    def test_a_webhook_is_lost_after_five_days_and_not_before(self):
        assert not rules.is_lost(None, now=NOW)
        assert not rules.is_lost(NOW - rules.DISABLE_AFTER * 0.99, now=NOW)
        assert rules.is_lost(NOW - rules.DISABLE_AFTER, now=NOW)


def test_a_receiver_that_takes_nothing_for_five_days_is_switched_off_and_its_owner_told(owner):
    told = made(owner)
    owner.post(f"webhooks/{told['id']}/test/")
    Webhook.objects.update(failing_since=NOW - rules.DISABLE_AFTER)
    Delivery.objects.update(due_at=NOW)
    (claimed,) = deliveries.claim(lease=uuid4(), now=NOW, limit=5)
    attempt = deliveries.Attempt(http_status=500, failure="it answered 500")
    assert deliveries.record([deliveries.Tried(claimed, attempt)], now=NOW) == 1
    assert deliveries.record([deliveries.Tried(claimed, attempt)], now=NOW) == 0, "the lease is spent"
    shown = owner.read(f"webhooks/{told['id']}/")
    assert (shown["state"], shown["disabled_reason"]) == (
        "disabled",
        "Its receiver has taken nothing for 5 days.",
    )
    assert Event.objects.filter(verb="webhook.disabled", object_id=str(told["id"])).count() == 1
    notice = Notification.objects.get()
    assert (notice.person, notice.title) == (
        owner.user,
        "Your webhook “newsroom.example” is switched off. Its receiver has taken nothing for 5 days.",
    )
    assert deliveries.claim(lease=uuid4(), now=NOW + rules.LEASE * 9, limit=5) == []
