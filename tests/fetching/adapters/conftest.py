import pytest

from tests.fakeweb import FakeWeb


@pytest.fixture
def web():
    with FakeWeb() as served:
        yield served
