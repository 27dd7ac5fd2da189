from collections.abc import Iterator

import pytest

from tests.contract import serving


@pytest.fixture(scope="session")
def tracker() -> Iterator[serving.Tracker]:
    """One running tracker with the seed data for all of these tests."""
    with serving.tracker() as running:
        yield running


@pytest.fixture(scope="session")
def thrown_away() -> Iterator[serving.Tracker]:
    """Another one, for what changes things at random."""
    with serving.tracker() as running:
        yield running
