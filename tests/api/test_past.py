"""Every address that takes `as_of` and `known_at` says what history says, worked out anew (tests/histories.py).

Over the seeds and over histories made at random, at days before, between and after everything that happened.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest

from recommendations.models import Source
from recommendations.rules.assessments import median_age_days
from recommendations.rules.moments import Moment
from tests import histories
from tests.factories import NOW
from tests.histories import DAYS, MOMENTS, Histories

pytestmark = pytest.mark.django_db

TIMES = (
    Moment(date(1990, 1, 1), NOW),
    Moment(DAYS[1], MOMENTS[2]),
    Moment(DAYS[4], MOMENTS[5]),
    Moment(DAYS[6], NOW),
    Moment(date(2019, 6, 30), MOMENTS[-1]),
    Moment(date(2026, 11, 20), NOW),
)


def asked(at: Moment) -> str:
    return f"as_of={at.as_of}&known_at={at.known_at:%Y-%m-%dT%H:%M:%SZ}"


def pages(caller: Any, path: str) -> list[dict[str, Any]]:
    """The results of all pages of a list."""
    found, page = [], caller.read(path)
    while True:
        found += page["results"]
        if page["next"] is None:
            return found
        page = caller.client.get(page["next"]).json()


def state(row: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """Of a row of an answer what history says too, in the same form."""
    told = {name: row[name] for name in then}
    if "last_verified_at" in told and told["last_verified_at"]:
        told["last_verified_at"] = datetime.fromisoformat(told["last_verified_at"])
    return told


def exported(stranger: Any, path: str) -> bytes:
    answer = stranger.get(f"exports/{path}")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def lists_details_and_exports(stranger, history, at):
    then = history.then(at)
    told = {row["code"]: row for row in pages(stranger, f"recommendations/?level=all&limit=500&{asked(at)}")}
    assert {code: state(row, then[code]) for code, row in told.items()} == then
    lines = exported(stranger, f"recommendations.ndjson?level=all&{asked(at)}").splitlines()
    assert [json.loads(line) for line in lines] == sorted(told.values(), key=lambda row: row["code"])
    table = rows_of(exported(stranger, f"recommendations.csv?level=all&{asked(at)}"))
    assert {row["code"]: as_told(row) for row in table} == {
        code: {name: row[name] for name in as_told(table[0])} for code, row in told.items()
    }
    for row in [each for each in history.rows if each.code in then][::9]:
        detail = stranger.read(f"recommendations/{row.code}/?{asked(at)}")
        assert {name: detail[name] for name in told[row.code]} == told[row.code]
        office = [each.pk for each in history.standing(row.pk, at) if each.verdict_by == "office"]
        assert (detail["headline"] or {"id": None})["id"] == (office[-1] if office else None)
        assert {each["id"] for each in detail["evidence"]} == history.evidence(row, at)
    gone = next((row for row in history.rows if row.code not in then), None)
    assert gone is None or stranger.get(f"recommendations/{gone.code}/?{asked(at)}").status_code == 404


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def as_told(row: dict[str, str]) -> dict[str, Any]:
    """The cells of a row of CSV as the list writes them."""
    return {
        "status": row["status"],
        "status_since": row["status_since"] or None,
        "confidence": row["confidence"] or None,
        "response": row["response"],
        "closure": {
            "state": row["closure_state"],
            "reason": row["closure_reason"] or None,
            "review_on": row["closure_review_on"] or None,
        },
        "contested": row["contested"] == "true",
        "overdue": row["overdue"] == "true",
        "stale": row["stale"] == "true",
        "due_on": row["due_on"] or None,
        "last_verified_at": row["last_verified_at"] or None,
        "parts_count": int(row["parts_count"]),
        "evidence_count": int(row["evidence_count"]),
    }


def tally(rows: list[dict[str, Any]], at: Moment) -> dict[str, Any]:
    counts = Counter(row["status"] for row in rows)
    return {
        "total": len(rows),
        "counts": dict(counts),
        "median_age_days": median_age_days((row["last_verified_at"] for row in rows), at.known_at),
    }


def counted(told: dict[str, Any]) -> dict[str, Any]:
    counts = {status: number for status, number in told["counts"].items() if number}
    return {"total": told["total"], "counts": counts, "median_age_days": told["median_age_days"]}


def the_overview_and_every_scorecard(stranger, history, at):
    then = history.then(at)
    source_of = {row.code: row.source.code for row in history.rows}
    parts = {row.code for row in history.rows if row.parent_id}
    overview = stranger.read(f"overview/?group_by=source&level=all&limit=500&{asked(at)}")
    assert counted(overview["total"]) == tally(list(then.values()), at)
    by_source = {
        code: [row for name, row in then.items() if source_of[name] == code]
        for code in Source.objects.filter(published_on__lte=at.as_of).values_list("code", flat=True)
    }
    assert {each["code"]: counted(each) for each in overview["results"]} == {
        code: tally(rows, at) for code, rows in by_source.items() if rows
    }
    for code in by_source:
        card = stranger.read(f"sources/{code}/scorecard/?{asked(at)}")
        whole = [row for name, row in then.items() if source_of[name] == code and name not in parts]
        rest = [row for name, row in then.items() if source_of[name] == code and name in parts]
        assert (counted(card), counted(card["parts"])) == (tally(whole, at), tally(rest, at))
        assert {mark: card[mark] for mark in ("contested", "overdue", "stale")} == {
            mark: sum(row[mark] for row in whole) for mark in ("contested", "overdue", "stale")
        }


FACTS = ("status", "confidence", "response", "closure", "contested", "due_on")
STANDING = (*FACTS, "status_since")


def comparing_two_days(stranger, history, first, until):
    since = Moment(first, until.known_at)
    before, after = history.then(since), history.then(until)
    path = (
        f"compare/?from={since.as_of}&to={until.as_of}&limit=500&known_at={until.known_at:%Y-%m-%dT%H:%M:%SZ}"
    )
    told = {row["code"]: row for row in pages(stranger, path)}
    different = {
        code
        for code, row in after.items()
        if any(row[name] != before.get(code, {}).get(name) for name in FACTS)
    }
    assert different <= told.keys() <= after.keys()
    for code, row in told.items():
        was, now = before.get(code), after[code]
        assert row["after"] | {name: now[name] for name in STANDING} == row["after"]
        assert row["before"] == (was and row["before"] | {name: was[name] for name in STANDING})
        assert row["changed"] == [name for name in FACTS if was is None or was[name] != now[name]]


def a_data_package_holds_what_had_been_said_by_then(stranger, history, at):
    there = {row.pk: row.code for row in history.rows if row.source.published_on <= at.as_of}
    with zipfile.ZipFile(io.BytesIO(exported(stranger, f"datapackage.zip?{asked(at)}"))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        tables = {each["name"]: rows_of(archive.read(each["path"])) for each in package["resources"]}
    assert [
        (each["name"], field["name"])
        for each in package["resources"]
        for field in each["schema"]["fields"]
        if field.get("constraints", {}).get("required")
        and not all(row[field["name"]] for row in tables[each["name"]])
    ] == [], "said to be never empty"
    assert {row["code"] for row in tables["recommendations"]} == set(there.values())
    assert {int(row["id"]) for row in tables["assessments"]} == {
        each.pk
        for pk in there
        for each in history.verdicts[pk]
        if each.published_at and each.published_at <= at.known_at and each.effective_on <= at.as_of
    }
    assert all(
        not row["retracted_at"] or datetime.fromisoformat(row["retracted_at"]) <= at.known_at
        for row in tables["assessments"]
    )
    end = datetime.combine(at.as_of, datetime.max.time(), UTC)
    for name, moment in (("deadlines", "recorded_at"), ("closures", "closed_at")):
        ledger = history.dates if name == "deadlines" else history.closed
        assert {int(row["id"]) for row in tables[name]} == {
            each.pk for pk in there for each in ledger[pk] if getattr(each, moment) <= min(at.known_at, end)
        }
    assert all(
        not row["reopened_at"] or datetime.fromisoformat(row["reopened_at"]) <= min(at.known_at, end)
        for row in tables["closures"]
    )
    assert {(row["recommendation"], row["evidence"]) for row in tables["links"]} == {
        (there[pk], link.evidence.code)
        for pk in there
        for link in history.links[pk]
        if link.evidence.occurred_on <= at.as_of
        and max(link.recorded_at, link.evidence.recorded_at) <= at.known_at
    }
    assert {row["other"] for row in tables["relations"]} <= set(there.values())


@pytest.mark.parametrize(
    ("make", "times"), [(histories.of_the_seeds, TIMES[1::2]), (histories.made_at_random, TIMES)]
)
def test_every_moment_is_told_as_history_has_it(stranger, make, times):
    """All in one test, and of the seeds half the moments: they take long to load and to read."""
    make()
    history = Histories.read()
    for at in times:
        lists_details_and_exports(stranger, history, at)
        the_overview_and_every_scorecard(stranger, history, at)
        a_data_package_holds_what_had_been_said_by_then(stranger, history, at)
    for first, last in pairwise(times):
        comparing_two_days(stranger, history, first.as_of, last)
    assert len({state["status"] for at in times for state in history.then(at).values()}) > 3


def test_the_random_ones_have_all_kinds(db):
    histories.made_at_random()
    history = Histories.read()
    states = [state for at in TIMES for state in history.then(at).values()]
    for mark in ("contested", "overdue", "stale"):
        assert {state[mark] for state in states} == {True, False}, mark
    assert {state["closure"]["state"] for state in states} == {"open", "closed"}
    assert {state["response"] for state in states} == {"none", "accepted"}
