"""Nothing internal leaks: every public address with every parameter answers alike, whether or not there is anything to
hide.

The walk is made twice over the same public rows: with rows of every noun hidden around them, and without. Each answer
must be the same to the byte, and cost the same number of statements: what is hidden is then neither told nor counted,
neither found nor refused in other words, and cannot be told from what never was. Addresses and parameters come from
the tables of URLs and from what each address says that it takes (addresses.py); one that is not in the plan fails.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.actions import findings, tokens
from tests import addresses, factories, hidden, hidden_work
from tests.addresses import Places
from tests.api.conftest import Caller, holding
from tests.factories import NOW
from tests.mirrors import end_a_later_transaction

pytestmark = pytest.mark.django_db

MOST_PAGES = 30
"""Of one list, read a row at a time."""


def text(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in sorted(archive.namelist()))
    # A fresh key in each form against forgery.
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", content.decode(errors="replace"))


def asked(client: Client, address: str) -> tuple[Any, ...]:
    """Status, every header, what it tells, and how many statements it took."""
    cache.clear()
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(address)
        said = text(answer)
    return answer.status_code, dict(answer.headers), said, len(statements)


def walk(client: Client, places: Places, *, whole: bool) -> dict[str, tuple[Any, ...]]:
    """Every address and what it is asked, with what comes of it; lists to their end, a row at a time.

    Less than the whole are the bare addresses, without the admin's, and of each kind of row one that is there and one
    that is hidden. A page is asked with what it has been seen to look for: what it never looks at changes nothing.
    """
    told: dict[str, tuple[Any, ...]] = {}
    for route, callback in addresses.routes():
        if route.startswith("admin/") and not whole:
            continue
        every = list(addresses.questions(route, callback, places))
        looked_at: set[str] = set()
        for place, is_tried in addresses.filled(route, places):
            if not (whole or is_tried):
                continue
            for question in every if whole and is_tried else every[:1]:
                if addresses.says_what_it_takes(callback) or addresses.may_matter(question, looked_at):
                    address = f"/{place}" + (f"?{urlencode(question, doseq=True)}" if question else "")
                    with addresses.noting(looked_at):
                        told[address] = asked(client, address)
                    if "limit" in question:
                        told |= onwards(client, told[address][2])
    return told


def onwards(client: Client, page: str) -> dict[str, tuple[Any, ...]]:
    """The pages that follow."""
    told: dict[str, tuple[Any, ...]] = {}
    for _page in range(MOST_PAGES):
        following = orjson.loads(page).get("next")
        if not following:
            return told
        parts = urlsplit(following)
        address = f"{parts.path}?{parts.query}"
        told[address] = asked(client, address)
        page = told[address][2]
    return pytest.fail(f"{address}: there are more than {MOST_PAGES} pages, and so far few rows")


@pytest.fixture
def row():
    source = factories.source(code="OPEN")
    row = factories.recommendation(
        code="OPEN-01",
        source=source,
        addressees=[factories.institution(code="open-body")],
        themes=[factories.theme(code="open-theme")],
    )
    factories.recommendation(parent=row, code="OPEN-01b")
    seen, unseen = factories.evidence(bears_on=row), hidden.evidence(row)
    cites = [factories.Cited(seen, "supports"), factories.Cited(unseen, "supports", hidden.WORD)]
    factories.published(row, effective_on=date(2013, 1, 1), cites=cites)
    factories.indicator(code="OPEN-I1", recommendations=[row])
    row.refresh_from_db()
    end_a_later_transaction()
    return row


def key_of(user: Any, **fields: Any) -> str:
    _token, key = tokens.issue(user, name="t", by=user, now=fields.pop("now", NOW), **fields)
    return key


def callers() -> dict[str, Client]:
    """All who must see no more than the public does."""
    nobody = factories.user("")
    editor = factories.user("editor")
    signed_in = Client()
    signed_in.force_login(nobody)
    bearer = {
        "a person without a role": key_of(nobody, scopes=["read", "propose", "review", "manage"]),
        "a token that may not read": key_of(editor, scopes=["propose"]),
        "an expired token": key_of(editor, scopes=["read"], expires_at=NOW, now=NOW - timedelta(days=1)),
        "a key that nobody made": "x" * 43,
    }
    clients = {who: Client(headers={"Authorization": f"Bearer {key}"}) for who, key in bearer.items()}
    return clients | {"a session without a role": signed_in}


def difference(address: str, one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """Where two answers part, with some words around it."""
    if one[2] == other[2]:
        headers = {
            name: (one[1].get(name), other[1].get(name))
            for name in one[1] | other[1]
            if one[1].get(name) != other[1].get(name)
        }
        return f"{address}: {one[0]} in {one[3]} statements, {other[0]} in {other[3]} {headers or ''}"
    pairs = enumerate(zip(one[2], other[2], strict=False))
    place = next((place for place, (a, b) in pairs if a != b), min(len(one[2]), len(other[2])))
    start = max(0, place - 60)
    parts = (f"{each[0]} ...{each[2][start : place + 90]!r}" for each in (one, other))
    return f"{address}: {' and '.join(parts)}"


@contextmanager
def hiding(row: Any) -> Iterator[Places]:
    """Rows are hidden around `row`, and gone again."""
    public = hidden_work.keys()
    mark = transaction.savepoint()
    hidden.around(row)
    hidden_work.around(row)
    yield Places(
        public,
        {noun: [key for key in held if key not in public[noun]] for noun, held in hidden_work.keys().items()},
    )
    transaction.savepoint_rollback(mark)


def compared(row: Any, callers: dict[str, Client], *, whole: bool) -> int:
    """The walk with hidden rows and without, by each caller; how many answers were compared."""
    with time_machine.travel(NOW, tick=False):
        with hiding(row) as places:
            shown = {who: walk(client, places, whole=whole) for who, client in callers.items()}
        for who, client in callers.items():
            without = walk(client, places, whole=whole)
            differing = [address for address in shown[who] if shown[who][address] != without.get(address)]
            assert not differing, f"{who}: {len(differing)} differ\n" + "\n".join(
                difference(address, shown[who][address], without.get(address, (0, {}, "", 0)))
                for address in differing[:5]
            )
            # What is hidden in both, such as internal evidence that a public verdict rests on.
            telling = [
                address
                for address, (_status, _headers, said, _cost) in without.items()
                if hidden.WORD in said.lower() and hidden.WORD not in address.lower()
            ]
            assert not telling, f"{who}: {len(telling)} tell of what is hidden: {telling[:5]}"
    return sum(map(len, shown.values()))


def test_there_is_something_to_hide_of_every_noun(row):
    before = hidden_work.counted()
    with time_machine.travel(NOW, tick=False), hiding(row) as places:
        after = hidden_work.counted()
        with_the_word = hidden_work.with_the_word()
    assert {noun for noun in after if after[noun] <= before[noun]} == set(hidden_work.NO_ROW_ADDED)
    assert after.keys() - with_the_word == set(hidden_work.NO_ROW_ADDED) | hidden_work.HOLDS_NO_WORD
    assert all(places.hidden.values())


def test_a_stranger_finds_no_trace_anywhere(row):
    assert compared(row, {"a stranger": Client()}, whole=True) > 1_000


def test_neither_does_anybody_who_may_not_read(row):
    assert compared(row, callers(), whole=False) > 500


def test_the_walk_would_notice(row):
    """The same walk by somebody who may read what is internal differs, in lists, details, counts and searches."""
    client = Client(headers={"Authorization": f"Bearer {key_of(factories.user('viewer'), scopes=['read'])}"})
    with time_machine.travel(NOW, tick=False):
        with hiding(row) as places:
            seen = walk(client, places, whole=False)
        after = walk(client, places, whole=False)
    differing = {address for address in seen if seen[address] != after[address]}
    nouns = ("sources", "recommendations", "assessments", "evidence", "checks", "findings")
    lists = {f"/api/v1/{noun}/" for noun in nouns}
    details = {f"/api/v1/{noun}/{places.hidden[noun][-1]}/" for noun in nouns}
    assert lists | details | {"/api/v1/overview/"} <= differing


def test_a_doubt_about_internal_evidence_is_not_told():
    stranger, editor = Caller(), holding(factories.user("editor"))
    row = factories.recommendation()
    unseen = factories.evidence(bears_on=row, visibility="internal")
    seen = factories.evidence(bears_on=row)
    verdict = factories.published(
        row, cites=[factories.assessments.Cited(each, "supports") for each in (unseen, seen)]
    )

    def doubted(caller):
        return caller.read(f"assessments/{verdict.pk}/")["basis_changed"]

    def doubt(evidence):
        findings.bring(
            kind="evidence_changed",
            rule="text_changed",
            rule_version="1",
            title="Changed",
            fingerprint=evidence.code,
            evidence=evidence,
            by="check:1",
            now=NOW,
        )

    doubt(unseen)
    assert (doubted(stranger), doubted(editor)) == (False, True)
    doubt(seen)
    assert (doubted(stranger), doubted(editor)) == (True, True)


@pytest.mark.parametrize("visibility", [["internal"], ["internal", "public"], []])
def test_evidence_is_public_with_what_it_bears_on(visibility):
    row = factories.evidence()
    for each in visibility:
        row.links.create(recommendation=factories.recommendation(visibility=each), stance="supports")
    shown = Caller().get(f"evidence/{row.pk}/").status_code == 200
    assert shown == (visibility != ["internal"])
