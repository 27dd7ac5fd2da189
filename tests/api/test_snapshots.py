"""What the address of evidence returned, and what changed there."""

from datetime import timedelta

import pytest

from recommendations.models import Snapshot
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen():
    row = factories.evidence()
    for day, text in enumerate(["The rule is in force.", "The rule was withdrawn.", "The rule was upheld."]):
        Snapshot.objects.create(
            document=row.document,
            taken_at=NOW + timedelta(days=day),
            text_hash=str(day) * 64,
            raw_hash="f" * 64,
            text=text,
            final_url="https://example.org/rule",
            size=100,
        )
    return row


def test_snapshots_are_listed_without_the_text_of_others(stranger, seen):
    told = stranger.read(f"evidence/{seen.pk}/snapshots/?limit=1")["results"]
    newest = Snapshot.objects.latest("taken_at")
    assert told == [
        {
            "id": newest.pk,
            "taken_at": "2026-11-28T12:00:00Z",
            "text_hash": "2" * 64,
            "raw_hash": "f" * 64,
            "final_url": "https://example.org/rule",
            "content_type": "",
            "size": 100,
        }
    ]


def test_the_difference_of_the_last_two_and_of_any_two(stranger, seen):
    first, second, third = Snapshot.objects.order_by("taken_at")
    told = stranger.read(f"evidence/{seen.pk}/diff/")
    assert (told["from"]["id"], told["to"]["id"], told["added"], told["removed"]) == (
        second.pk,
        third.pk,
        1,
        1,
    )
    assert [(each["kind"], each["text"]) for each in told["segments"]] == [
        ("same", "The rule was"),
        ("removed", "withdrawn."),
        ("added", "upheld."),
    ]
    told = stranger.read(f"evidence/{seen.pk}/diff/?from={first.pk}&to={second.pk}")
    assert (told["from"]["id"], told["to"]["id"]) == (first.pk, second.pk)


def test_snapshots_of_another_address_are_refused(stranger, seen):
    other = Snapshot.objects.create(
        document=factories.document(), taken_at=NOW, text_hash="a" * 64, raw_hash="b" * 64, text="Secret."
    )
    answer = stranger.get(f"evidence/{seen.pk}/diff/?from={other.pk}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "from")


def test_one_snapshot_is_nothing_to_compare(stranger):
    assert stranger.get(f"evidence/{factories.evidence().pk}/diff/").status_code == 404
