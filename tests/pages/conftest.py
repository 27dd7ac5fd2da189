"""What the tests of the pages share: looking at a page as anyone would."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest


@pytest.fixture
def look(client: Any, db: None) -> Callable[..., str]:
    """`look(path, status=200)`: the page in one line, entities resolved."""

    def looking(path: str, status: int = 200) -> str:
        response = client.get(path)
        assert response.status_code == status, response.status_code
        return " ".join(unescape(response.text).split())

    return looking
