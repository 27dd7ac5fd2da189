"""Keys to the API: who one is, and what a leaked key cannot do."""

from datetime import timedelta

import pytest

from recommendations.actions import tokens
from recommendations.models import Token
from tests import factories
from tests.api.conftest import Caller, holding
from tests.factories import NOW

pytestmark = pytest.mark.django_db


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
