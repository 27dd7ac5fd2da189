"""The judge of the faults, on accounts of what was seen that are good, and broken in each way it knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.judging import Seen, most_at_once, problems

DAY = datetime(2026, 11, 27, tzinfo=UTC)
FIRST, SECOND = (1, DAY), (2, DAY)
LATER = (1, DAY + timedelta(days=1))
GOOD = Seen(
    due={FIRST, SECOND},
    runs=[FIRST, SECOND],
    early=[],
    moved=[SECOND, FIRST],
    leased=[],
    unsettled=[],
    at_once={"127.1.0.1": 2},
)


def test_nothing_is_wrong_where_each_due_time_has_one_run() -> None:
    assert problems(GOOD, limit=2) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"runs": [FIRST], "moved": [FIRST]}, ["1 due times without a run"]),
        ({"runs": [FIRST, FIRST, SECOND]}, ["1 due times with more than one run"]),
        (
            {"runs": [FIRST, SECOND, LATER], "early": [LATER]},
            ["1 runs for a due time that had not come", "1 runs whose"],
        ),
        ({"moved": [FIRST, SECOND, LATER]}, ["1 due times left behind without a run"]),
        ({"moved": [FIRST, FIRST, SECOND]}, ["1 due times left behind twice"]),
        ({"moved": [FIRST]}, ["1 runs whose due time stayed"]),
        ({"leased": [2]}, ["1 leases that nobody holds"]),
        ({"unsettled": [1, 2]}, ["2 checks that will not come due again"]),
        (
            {"at_once": {"127.1.0.1": 3, "127.1.0.2": 2}},
            ["1 hosts asked by more than 2 at once: 127.1.0.1 (3)"],
        ),
    ],
)
def test_each_broken_promise_is_told(change: dict[str, object], said: list[str]) -> None:
    found = problems(replace(GOOD, **change), limit=2)
    assert len(found) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(found, said, strict=True))


def test_requests_at_once_are_counted_where_they_overlap() -> None:
    assert most_at_once([(0.0, 1.0), (0.5, 2.0), (1.5, 2.5)]) == 2
    assert most_at_once([(0.0, 2.0), (0.5, 2.0), (1.5, 2.5)]) == 3
    assert most_at_once([(0.0, 1.05), (1.0, 2.0)]) == 1, "the first connection was only ending"
    assert most_at_once([]) == 0
