"""Which suggestions say more than what is published."""

import pytest

from recommendations.rules.suggestions import RANK, says_more
from recommendations.vocabulary import ASSESSABLE_STATUSES, Status


def test_every_status_has_its_rank():
    assert set(RANK) == set(Status)


@pytest.mark.parametrize("status", ASSESSABLE_STATUSES)
def test_the_same_says_nothing_more(status):
    assert not says_more(status, status)


@pytest.mark.parametrize("status", ASSESSABLE_STATUSES)
def test_anything_says_more_than_not_assessed(status):
    assert says_more(status, Status.NOT_ASSESSED)


@pytest.mark.parametrize(
    ("suggested", "published", "more"),
    [
        ("in_progress", "partially_implemented", False),
        ("stalled", "in_progress", True),
        ("in_progress", "stalled", True),
        ("stalled", "implemented", False),
        ("met_by_other_means", "implemented", True),
        ("reversed", "implemented", True),
        ("not_implemented", "in_progress", True),
        ("no_action", "in_progress", False),
        ("implemented", "not_implemented", True),
    ],
)
def test_weaker_says_nothing_more_unless_something_was_undone(suggested, published, more):
    assert says_more(suggested, published) is more
