"""Keys to the API: who one is, and what a leaked key cannot do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.actions import tokens
from recommendations.models import Event, Token, Webhook
from tests import factories
from tests.api.conftest import Caller, holding
from tests.factories import NOW

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=36_500)


def test_a_token_is_made_used_and_revoked(editor):
    made = editor.post(
        "tokens/", {"name": "mirror", "scopes": ["read"], "expires_at": "2999-01-01T00:00:00Z"}
    )
    told = made.json()
    key = told.pop("key")
    assert (made.status_code, told["scopes"], told["prefix"], key.startswith(told["prefix"])) == (
        201,
        ["read"],
        key[:10],
        True,
    )
    assert "key" not in editor.read(f"tokens/{told['id']}/")
    caller = Caller(key=key)
    assert caller.read("me/")["verbs"] == ["internal.read"]
    assert editor.delete(f"tokens/{told['id']}/").status_code == 204
    assert caller.get("me/").status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer"])
def test_both_schemes_are_understood(scheme):
    user = factories.user("editor")
    _token, key = tokens.issue(user, name="mine", scopes=["read"], by=user, now=NOW)
    assert Caller().get("me/", Authorization=f"{scheme} {key}").json()["username"] == user.username


@pytest.mark.parametrize("made", ["unknown", "expired", "revoked", "inactive"])
def test_a_key_that_no_longer_opens_is_a_401_everywhere(made):
    user = factories.user("editor")
    expires_at = NOW - timedelta(days=1) if made == "expired" else None
    token, key = tokens.issue(
        user, name="mine", scopes=["read"], by=user, now=NOW - timedelta(days=30), expires_at=expires_at
    )
    if made == "unknown":
        key = "prt_nonsense"
    if made == "revoked":
        tokens.revoke(token, by=user, now=NOW)
    if made == "inactive":
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    for path in ("me/", "sources/"):
        answer = Caller(key=key).get(path)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


def test_a_token_makes_none_that_opens_more_or_lasts_longer():
    caller = holding(factories.user("manager"), "read", "manage", expires_at=NOW + timedelta(days=36_500))
    assert caller.post("tokens/", {"name": "more", "scopes": ["read", "review"]}).status_code == 403
    assert caller.post("tokens/", {"name": "longer", "scopes": ["read"]}).status_code == 403
    answer = caller.post(
        "tokens/", {"name": "less", "scopes": ["read"], "expires_at": "2030-01-01T00:00:00Z"}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("scope", ["read", "propose", "review"])
def test_a_leaked_token_neither_revokes_nor_makes_nor_lists_tokens(scope):
    caller = holding(factories.user("administrator"), scope)
    sibling, _key = tokens.issue(caller.user, name="other", scopes=["read"], by=caller.user, now=NOW)
    answers = [
        caller.get("tokens/"),
        caller.get(f"tokens/{sibling.pk}/"),
        caller.delete(f"tokens/{sibling.pk}/"),
        caller.post("tokens/", {"name": "more", "scopes": [scope]}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    sibling.refresh_from_db()
    assert sibling.revoked_at is None
    assert caller.read("me/")["token"]["name"] == "test"


def test_a_session_does_with_its_own_tokens_what_it_likes(client):
    user = factories.user("viewer")
    client.force_login(user)
    made = client.post(
        "/api/v1/tokens/", {"name": "mine", "scopes": ["read"]}, content_type="application/json"
    )
    assert made.status_code == 201
    assert [each["name"] for each in client.get("/api/v1/tokens/").json()["results"]] == ["mine"]
    assert client.delete(f"/api/v1/tokens/{made.json()['id']}/").status_code == 204


def test_a_token_is_replaced_and_the_old_one_ends_at_once_or_after_an_overlap(editor):
    for overlap, status in ((0, 401), (3600, 200)):
        old, key = tokens.issue(
            editor.user, name="mirror", scopes=["read"], by=editor.user, now=NOW, expires_at=NOW + YEARS
        )
        made = editor.post(f"tokens/{old.pk}/rotate/", {"overlap": overlap})
        told = made.json()
        assert (made.status_code, told["name"], told["scopes"]) == (201, "mirror", ["read"])
        assert told["expires_at"] == editor.read(f"tokens/{told['id']}/")["expires_at"]
        assert Caller(key=told["key"]).get("me/").status_code == 200
        assert Caller(key=key).get("me/").status_code == status
    old.refresh_from_db()
    assert old.expires_at - timezone.now() < timedelta(hours=1)
    assert Event.objects.filter(verb="token.rotated").count() == 2


def test_what_has_ended_is_not_replaced_and_nothing_wider_is_made(editor):
    old, _key = tokens.issue(editor.user, name="old", scopes=["read"], by=editor.user, now=NOW)
    tokens.revoke(old, by=editor.user, now=NOW)
    assert editor.post(f"tokens/{old.pk}/rotate/").json()["rule"] == "token_in_force"
    wide = Token.objects.get(user=editor.user, name="test")
    narrow = holding(editor.user, "manage")
    assert narrow.post(f"tokens/{wide.pk}/rotate/").status_code == 403
    assert editor.post(f"tokens/{wide.pk}/rotate/", {"overlap": 90_000}).status_code == 400


def test_one_is_told_of_what_ends_soon_and_of_webhooks_that_fail(editor):
    assert editor.read("me/")["notices"] == []
    now = timezone.now()
    for days in (13, 15):
        tokens.issue(
            editor.user,
            name=f"{days}",
            scopes=["read"],
            by=editor.user,
            now=now,
            expires_at=now + timedelta(days),
        )
    body = {"address": "https://newsroom.example/hook", "types": ["assessment.published"]}
    hooks = [editor.post("webhooks/", body | {"description": name}).json() for name in ("off", "ill", "well")]
    Webhook.objects.filter(pk=hooks[0]["id"]).update(state="disabled", disabled_reason="Gone.")
    Webhook.objects.filter(pk=hooks[1]["id"]).update(failing_since=NOW)
    told = editor.read("me/")["notices"]
    assert [(each["code"], each["url"].partition("/api/v1/")[2]) for each in told] == [
        ("webhook_failing", f"webhooks/{hooks[1]['id']}/"),
        ("webhook_disabled", f"webhooks/{hooks[0]['id']}/"),
        ("token_expires_soon", f"tokens/{Token.objects.get(name='13').pk}/"),
    ]
    assert told[1]["detail"] == "The webhook “off” was switched off: Gone."
    now, soon = timezone.now(), timezone.now() + timedelta(days=1)
    narrow = holding(editor.user, "read", now=now, expires_at=soon)  # of itself, and of no other
    assert [each["code"] for each in narrow.read("me/")["notices"]] == ["token_expires_soon"]


def test_other_peoples_tokens_are_not_there(editor, reviewer):
    token = Token.objects.get(user=reviewer.user)
    assert editor.get(f"tokens/{token.pk}/").status_code == 404
    assert editor.delete(f"tokens/{token.pk}/").status_code == 404
    assert [each["id"] for each in editor.read("tokens/")["results"]] == [
        Token.objects.get(user=editor.user).pk
    ]


def test_who_am_i(reviewer):
    told = reviewer.read("me/")
    assert (told["username"], told["role"], told["token"]["name"]) == (
        reviewer.user.username,
        "reviewer",
        "test",
    )
    assert "assessment.publish" in told["verbs"]
    assert "check.write" not in told["verbs"]


def test_a_session_is_somebody_too(client):
    client.force_login(factories.user("viewer"))
    assert client.get("/api/v1/me/").json()["token"] is None
