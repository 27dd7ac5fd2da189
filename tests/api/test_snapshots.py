"""What the address of evidence returned, and what changed there."""

from datetime import timedelta

import pytest

from recommendations.actions import retention
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
            "dropped_at": None,
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


def test_a_text_that_is_no_longer_kept_is_said_to_be(stranger):
    row = factories.evidence()
    first, newest = (
        Snapshot.objects.create(
            document=row.document,
            taken_at=NOW - timedelta(days=days),
            text_hash=str(days) * 16,
            raw_hash="f" * 64,
            text="The rule is in force.",
        )
        for days in (400, 300)
    )
    administrator = factories.user("administrator")
    list(retention.drop("texts", before=NOW - timedelta(days=100), by=administrator, now=NOW))
    told = stranger.read(f"evidence/{row.pk}/snapshots/")["results"]
    assert [(each["id"], each["dropped_at"]) for each in told] == [
        (newest.pk, None),
        (first.pk, "2026-11-26T12:00:00Z"),
    ]
    answer = stranger.get(f"evidence/{row.pk}/diff/")
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        f"The text of snapshot {first.pk} is no longer kept.",
    )


def test_of_a_page_written_anew_only_a_quotation_is_shown(stranger):
    row = factories.evidence()
    for day, text in enumerate(
        [" ".join(f"old{n}" for n in range(9_000)), " ".join(f"new{n}" for n in range(9_000))]
    ):
        Snapshot.objects.create(
            document=row.document,
            taken_at=NOW + timedelta(days=day),
            text_hash=str(day) * 64,
            raw_hash="f" * 64,
            text=text,
        )
    told = stranger.read(f"evidence/{row.pk}/diff/")
    assert (told["added"], told["removed"], told["complete"]) == (9_000, 9_000, False)
    assert sum(len(each["text"]) for each in told["segments"]) <= 20_000
