"""How the tests of the API ask: as a stranger, or as somebody of a role who holds a token."""

from typing import Any

import pytest
from django.test import Client

from recommendations.actions import tokens
from recommendations.api import limits
from recommendations.models import User
from recommendations.vocabulary import Scope
from tests import factories

ROOT = "/api/v1/"


class Caller:
    """Asks by addresses below /api/v1/; sends and reads JSON."""

    def __init__(self, user: User | None = None, key: str = "") -> None:
        self.user = user
        self.client = Client(headers={"Authorization": f"Bearer {key}"} if key else {})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(ROOT + path, headers=headers)

    def read(self, path: str) -> Any:
        """What the address answers, which must be a 200."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(ROOT + path, body or {}, content_type="application/json", headers=headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.patch(ROOT + path, body, content_type="application/json", headers=headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(ROOT + path)


def holding(user: User, *scopes: str, **fields: Any) -> Caller:
    """Somebody with a token of these scopes; of all scopes where none is named."""
    fields.setdefault("now", factories.NOW)
    _token, key = tokens.issue(user, name="test", scopes=scopes or Scope.values, by=user, **fields)
    return Caller(user, key)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    limits.LEAVES.clear()


@pytest.fixture
def stranger() -> Caller:
    return Caller()


@pytest.fixture
def editor(db: None) -> Caller:
    return holding(factories.user("editor"))


@pytest.fixture
def reviewer(db: None) -> Caller:
    return holding(factories.user("reviewer"))


@pytest.fixture
def manager(db: None) -> Caller:
    return holding(factories.user("manager"))
