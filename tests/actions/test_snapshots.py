"""What is kept of an answer: the text once for each wording, the bytes only where the settings ask for them."""

import threading
import zlib
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from recommendations.actions import retention, snapshots
from recommendations.actions.snapshots import Seen
from recommendations.models import RawCopy, Snapshot
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PROSE = "The department reviews licences for the export of firearms under the rule of 2020. " * 200


def seen(document, text=PROSE, mark="a", **fields):
    return Seen(document.pk, mark * 64, fields.pop("raw_hash", "f" * 64), text, **fields)


def test_many_are_stored_at_once_in_as_many_statements_as_one(django_assert_num_queries):
    one, other = factories.document(), factories.document()
    with django_assert_num_queries(2):
        snapshots.store([seen(one)], now=NOW)
    with django_assert_num_queries(2):
        ids = snapshots.store(
            [seen(one, mark="b"), seen(other, mark="a"), seen(other, "Ünïcode\nwords", "c")], now=NOW
        )
    assert set(ids) == {(one.pk, "b" * 64), (other.pk, "a" * 64), (other.pk, "c" * 64)}
    assert Snapshot.objects.get(pk=ids[other.pk, "c" * 64]).text == "Ünïcode\nwords"
    assert Snapshot.objects.count() == 4


def test_nothing_to_keep_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert snapshots.store([], now=NOW) == {}


def test_the_same_text_is_stored_once_and_keeps_its_first_day():
    document = factories.document()
    first = snapshots.store([seen(document), seen(document)], now=NOW)
    again = snapshots.store([seen(document, raw_hash="e" * 64)], now=NOW + timedelta(days=3))
    assert first == again
    row = Snapshot.objects.get()
    assert (row.taken_at, row.raw_hash) == (NOW, "f" * 64)


def test_a_text_is_stored_compressed():
    document = factories.document()
    snapshots.store([seen(document)], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT octet_length(text), text FROM recommendations_snapshot")
        size, stored = cursor.fetchone()
    assert size < len(PROSE) / 10
    assert zlib.decompress(stored).decode() == PROSE
    assert Snapshot.objects.get().text == PROSE


def test_a_text_that_was_dropped_is_filled_in_when_it_is_seen_again():
    document, long_ago = factories.document(), NOW - timedelta(days=400)
    [pk] = snapshots.store([seen(document)], now=long_ago).values()
    snapshots.store([seen(document, mark="b")], now=NOW)
    administrator = factories.user("administrator")
    list(retention.drop("texts", before=NOW - timedelta(days=100), by=administrator, now=NOW))
    assert Snapshot.objects.get(pk=pk).text is None
    assert list(snapshots.store([seen(document)], now=NOW + timedelta(days=1)).values()) == [pk]
    row = Snapshot.objects.get(pk=pk)
    assert (row.text, row.dropped_at, row.taken_at) == (PROSE, None, long_ago)


@pytest.mark.parametrize(
    ("keep", "new_text", "limit", "kept"),
    [
        ("off", True, 100, False),
        ("changed", True, 100, True),
        ("changed", False, 100, False),
        ("all", False, 100, True),
        ("all", True, 3, False),
    ],
)
def test_bytes_are_kept_as_the_setting_says(keep, new_text, limit, kept):
    copy = snapshots.raw_copy(b"<html>", new_text=new_text, keep=keep, limit=limit)
    assert (copy is not None) == kept
    assert copy is None or zlib.decompress(copy) == b"<html>"


def test_bytes_belong_to_the_text_they_say_and_are_stored_once(django_assert_num_queries):
    document = factories.document()
    raw = zlib.compress(b"<p>one</p>")
    with django_assert_num_queries(3):
        snapshots.store([seen(document, raw=raw, size=10)], now=NOW)
    other = seen(document, None, raw=zlib.compress(b"<p>ONE</p>"), raw_hash="e" * 64, size=10)
    with django_assert_num_queries(2):
        snapshots.store([other, other], now=NOW + timedelta(days=1))
    snapshots.store([other], now=NOW + timedelta(days=2))
    copies = RawCopy.objects.order_by("seen_at")
    assert [(copy.unpacked(), copy.seen_at) for copy in copies] == [
        (b"<p>one</p>", NOW),
        (b"<p>ONE</p>", NOW + timedelta(days=1)),
    ]
    assert {copy.snapshot for copy in copies} == {Snapshot.objects.get()}


def test_bytes_without_a_known_text_are_not_kept():
    document = factories.document()
    stray = seen(document, None, raw=zlib.compress(b"x"))
    assert snapshots.store([stray], now=NOW) == {}
    assert not RawCopy.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_pages_neither_double_nor_block_each_other():
    documents = [factories.document() for _ in range(20)]
    barrier, told, failed = threading.Barrier(2), [], []

    def work(mine):
        try:
            with transaction.atomic():
                barrier.wait(5)
                told.append(snapshots.store([seen(document) for document in mine], now=NOW))
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[order]) for order in (documents, documents[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failed
    assert told[0] == told[1]
    assert Snapshot.objects.count() == 20
