"""What all lists have in common: pages both ways, cursors that hold, 304. What each costs is in test_statements.py."""

import base64
import json
from typing import Any

import pytest

from tests import factories
from tests.api.many import (
    evidence_rows,
    finding_rows,
    institution_rows,
    observation_rows,
    recommendation_rows,
)

pytestmark = pytest.mark.django_db


PAGED = [
    ("recommendations/?ordering=due_on", recommendation_rows),
    ("recommendations/?ordering=-status_since&level=all", recommendation_rows),
    ("recommendations/?ordering=-issued_on", recommendation_rows),
    ("recommendations/?q=recommendation&level=all", recommendation_rows),
    ("evidence/?", evidence_rows),
    ("assessments/?", evidence_rows),
    ("institutions/?", institution_rows),
    ("findings/?", finding_rows),
    ("indicators/I1/observations/?", observation_rows),
]


@pytest.mark.parametrize(("address", "make"), PAGED, ids=[each[0] for each in PAGED])
def test_pages_go_through_all_rows_once_and_back_again(editor, address, make):
    make(5)
    whole = editor.read(f"{address}&limit=500")["results"]
    assert len(whole) >= 5

    def follow(link, path):
        pages = []
        while link:
            page = editor.client.get(link).json()
            pages.append(page["results"])
            link, last = page[path], page
        return pages, last

    forward, last = follow(f"/api/v1/{address}&limit=2", "next")
    assert [row for page in forward for row in page] == whole
    assert all(len(page) == 2 for page in forward[:-1])
    backward, first = follow(last["previous"], "previous")
    assert [row for page in reversed(backward) for row in page] == whole[: len(whole) - len(forward[-1])]
    assert first["previous"] is None


def test_rows_that_come_meanwhile_shift_nothing(stranger):
    for code in ("B", "D", "F"):
        factories.recommendation(code=code)
    first = stranger.read("recommendations/?limit=1")
    factories.recommendation(code="A")
    factories.recommendation(code="C")
    second = stranger.client.get(first["next"]).json()
    assert [each["code"] for each in second["results"]] == ["C"]
    assert [each["code"] for each in stranger.client.get(second["previous"]).json()["results"]] == ["B"]


def test_a_cursor_of_another_order_is_refused(stranger):
    recommendation_rows(2)
    link = stranger.read("recommendations/?limit=1")["next"]
    answer = stranger.client.get(f"{link}&ordering=-code")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


FORGED: list[tuple[str, str, Any]] = [
    # address, the order it is for, values that no row of it has
    ("sources/?", "published_on,id", [5, "x"]),
    ("sources/?", "published_on,id", [{"on": "2020-01-01"}, "abc"]),
    ("sources/?", "published_on,id", [{"on": "2020-01-01"}, 2**63]),
    ("sources/?", "published_on,id", [{"on": "2020-01-01"}, True]),
    ("sources/?", "published_on,id", [{"on": "nonsense"}, 1]),
    ("sources/?", "published_on,id", [{"on": 5}, 1]),
    ("sources/?", "published_on,id", [{}, 1]),
    ("sources/?", "published_on,id", [None, 1]),
    ("sources/?", "published_on,id", [{"on": "2020-01-01"}]),
    ("sources/?", "published_on,id", {"a": 1, "b": 2}),
    ("evidence/?", "-occurred_on,-id", ["abc", "x"]),
    ("evidence/?", "-occurred_on,-id", [{"at": "2020-01-01T00:00:00Z"}, 1]),
    ("assessments/?", "-effective_on,-published_at,-id", [{"on": "2020-01-01"}, {"on": "2020-01-01"}, 1]),
    (
        "assessments/?",
        "-effective_on,-published_at,-id",
        [{"on": "2020-01-01"}, {"at": "2020-01-01T00:00:00"}, 1],
    ),
    ("institutions/?", "name,id", ["x", float("inf")]),
    ("institutions/?", "name,id", ["x", 1.5]),
    ("institutions/?", "name,id", ["\x00", 1]),
    ("themes/?", "name,id", ["\ud800", 1]),
    ("recommendations/?", "code", ["\ud800"]),
    ("recommendations/?", "code", [5]),
    ("recommendations/?", "code", [{"on": "2020-01-01"}]),
    ("recommendations/?ordering=issued_on&", "issued_on,id", ["2020", 1]),
    ("recommendations/?ordering=updated_at&", "updated_at,id", [{"on": "2020-01-01"}, 1]),
    ("recommendations/?q=word&", "-relevance,code", ["abc", "x"]),
    ("recommendations/?q=word&", "-relevance,code", [float("inf"), "x"]),
    ("recommendations/?q=word&", "-relevance,code", [float("nan"), "x"]),
    ("recommendations/?q=word&", "-relevance,code", [10**400, "x"]),
]


@pytest.mark.parametrize(("address", "order", "values"), FORGED)
def test_a_forged_cursor_is_refused(stranger, address, order, values):
    forged = base64.urlsafe_b64encode(json.dumps([0, order, values]).encode()).decode().rstrip("=")
    answer = stranger.get(f"{address}cursor={forged}")
    assert answer.status_code == 400, answer.content
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("cursor", "cursor")]


def test_what_has_not_changed_costs_no_body(stranger):
    recommendation_rows(1)
    row = factories.recommendation(code="R-1")
    for address in ("recommendations/", "recommendations/R-1/", "sources/"):
        etag = stranger.get(address).headers["ETag"]
        again = stranger.get(address, **{"If-None-Match": etag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    factories.published(row)
    assert stranger.get("recommendations/", **{"If-None-Match": etag}).status_code == 200
