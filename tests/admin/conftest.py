"""People at the admin's door, one for each role."""

from collections.abc import Callable

import pytest
from django.test import Client

from recommendations.models import User
from tests import factories


@pytest.fixture
def client_of(db) -> Callable[[User | str], Client]:
    """A signed-in client of a person, or of a new person with that role."""

    def signed_in(person: User | str) -> Client:
        client = Client()
        client.force_login(person if isinstance(person, User) else factories.user(person))
        return client

    return signed_in
