"""What all lists have in common: pages both ways, the same number of statements however many rows, 304."""

import base64
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.actions import findings, relations
from recommendations.models import CheckRun, Observation, Snapshot
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def source_rows(number):
    for _ in range(number):
        factories.source()


def recommendation_rows(number):
    for _ in range(number):
        row = factories.recommendation(
            addressees=[factories.institution(), factories.institution()],
            themes=[factories.theme(), factories.theme()],
        )
        factories.recommendation(parent=row)
        factories.published(row, effective_on=date(2013, 1, 1))


def evidence_rows(number):
    row = factories.recommendation(code="R-1")
    for _ in range(number):
        seen = factories.evidence(
            bears_on=row, document=factories.document(publisher=factories.institution())
        )
        factories.proposed(row, cites=[factories.assessments.Cited(seen, "supports")])


def assessment_rows(number):
    row = factories.recommendation(code="R-1")
    for year in range(number):
        factories.published(row, effective_on=date(2012 + year, 1, 1))


def everything(number):
    """One recommendation with so many of all that its page shows."""
    row = factories.recommendation(code="R-1")
    for year in range(number):
        part = factories.recommendation(parent=row)
        factories.published(row, effective_on=date(2012 + year, 1, 1))
        factories.published(part)
        measure = factories.indicator(recommendations=[row, part])
        Observation.objects.create(indicator=measure, period="2020", value=1, recorded_at=NOW)
        other, manager = factories.recommendation(), factories.user("manager")
        relations.add(row, other=other, kind="same_aim", by=manager, now=NOW)
        relations.add(other, other=row, kind="supports", by=manager, now=NOW)


def indicator_rows(number):
    for _ in range(number):
        measure = factories.indicator(
            recommendations=[factories.recommendation(), factories.recommendation()]
        )
        Observation.objects.create(indicator=measure, period="2020", value=1, recorded_at=NOW)


def observation_rows(number):
    measure = factories.indicator(code="I1")
    for year in range(number):
        Observation.objects.create(indicator=measure, period=str(year), value=year, recorded_at=NOW)


def check_rows(number):
    for _ in range(number):
        factories.check(requested_by=factories.user("editor"), requested_at=NOW)


def run_rows(number):
    check = factories.check(pk=1)
    for day in range(number):
        CheckRun.objects.create(
            status_check=check,
            due_at=NOW.replace(day=day + 1),
            started_at=NOW,
            finished_at=NOW,
            outcome="unchanged",
            requested_by=factories.user("editor"),
        )


def finding_rows(number):
    for each in range(number):
        finding = findings.bring(
            kind="evidence_changed",
            rule="text_changed",
            rule_version="1",
            title="Changed",
            fingerprint=str(each),
            evidence=factories.evidence(),
            recommendation=factories.recommendation(),
            by="check:1",
            now=NOW,
        )
        finding.assessments.add(factories.proposed(factories.recommendation()))


def snapshot_rows(number):
    row = factories.evidence(pk=1)
    for each in range(number):
        Snapshot.objects.create(
            document=row.document, taken_at=NOW, text_hash=str(each) * 64, raw_hash="f" * 64, text="x"
        )


def institution_rows(number):
    for _ in range(number):
        factories.institution(parent=factories.institution(), merged_into=factories.institution())


def theme_rows(number):
    for _ in range(number):
        factories.theme(parent=factories.theme())


TO_SIGN_IN = 1
"""The token with its person. (That it was used is written down by the first request, before we count.)"""

LISTS: list[tuple[str, Any, int]] = [
    # address, what makes its rows, statements
    ("sources/", source_rows, 1),
    ("recommendations/", recommendation_rows, 1),
    ("recommendations/?level=all&include=count", recommendation_rows, 2),
    ("recommendations/?as_of=2020-01-01", recommendation_rows, 1),
    ("recommendations/?as_of=2020-01-01&status=in_progress&stale=false", recommendation_rows, 3),
    ("recommendations/?q=recommendation", recommendation_rows, 3),
    ("recommendations/R-1/assessments/", assessment_rows, 6),
    ("recommendations/R-1/timeline/", everything, 10),
    ("recommendations/R-1/", everything, 2),
    ("assessments/", assessment_rows, 3),
    ("evidence/", evidence_rows, 2),
    ("evidence/1/snapshots/", snapshot_rows, 2),
    ("institutions/", institution_rows, 1),
    ("themes/", theme_rows, 1),
    ("indicators/", indicator_rows, 3),
    ("indicators/I1/observations/", observation_rows, 4),
    ("recommendations/?expand=parts,evidence,responses,assessments", recommendation_rows, 8),
    ("compare/?from=2012-01-01&to=2020-01-01", recommendation_rows, 1),
    ("overview/?group_by=addressee", recommendation_rows, 1),
    ("overview/?group_by=theme&as_of=2020-01-01", recommendation_rows, 1),
    ("checks/", check_rows, 1),
    ("checks/1/runs/", run_rows, 2),
    ("findings/", finding_rows, 2),
]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "make", "statements"), LISTS, ids=[each[0] for each in LISTS])
def test_a_list_costs_the_same_for_one_row_and_for_three(editor, address, make, statements, number):
    make(number)
    editor.read("me/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = editor.read(address)
    assert told.get("results", True), "nothing was counted"
    assert len(asked) == statements + TO_SIGN_IN, "\n".join(each["sql"][:200] for each in asked)


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
