"""Exports: the numbers of the list, the moment they say, and nothing that a spreadsheet would run."""

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from jsonschema import Draft202012Validator

from recommendations.actions import closures, themes
from recommendations.models import Figure, Recommendation
from tests import factories
from tests.api.conftest import holding
from tests.factories import NOW
from tests.mirrors import Mirror, public_records

pytestmark = pytest.mark.django_db
alone = pytest.mark.django_db(transaction=True)
"""For what ends a transaction of its own: with it the moment of a file is its own too."""

EXPORTS = "/api/v1/exports/"


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def export(path: str, client: Client | None = None) -> bytes:
    return content((client or Client()).get(EXPORTS + path))


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(path).splitlines()]


def listed(query: str, client: Client | None = None) -> list[dict[str, Any]]:
    found, address = [], f"/api/v1/recommendations/?ordering=code&limit=3{query}"
    while address:
        page = (client or Client()).get(address).json()
        found += page["results"]
        address = page["next"]
    return found


@pytest.fixture
def rows() -> list[Recommendation]:
    """Whole recommendations and a part, in several states, one of them internal."""
    source = factories.source(code="AAA", title='A "report", with\nlines')
    made = [factories.recommendation(source=source, code=f"AAA-{number}") for number in range(1, 6)]
    factories.recommendation(parent=made[0], code="AAA-1a")
    factories.recommendation(source=source, code="AAA-9", visibility="internal", title="Rumpelstiltskin")
    factories.published(made[0], status="implemented", effective_on=date(2014, 1, 1))
    factories.published(
        made[1], status="in_progress", effective_on=date(2013, 1, 1), now=NOW - timedelta(days=900)
    )
    factories.evidence(bears_on=made[2])
    return made


QUERIES = [
    "",
    "&level=all",
    "&status=implemented",
    "&stale=true",
    "&open=true&as_of=2013-06-01",
    "&q=recommendation",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_line_is_what_the_list_says(rows: list[Recommendation], query: str) -> None:
    shown = sorted(listed(query), key=lambda row: row["code"])
    for row in shown:
        row.pop("highlight", None)
    assert lines(f"recommendations.ndjson?{query}") == shown
    assert len(shown) > 0


def test_staff_export_what_they_see(rows: list[Recommendation]) -> None:
    viewer = holding(factories.user("viewer")).client
    assert b"Rumpelstiltskin" in export("recommendations.csv", viewer)
    for path in ("recommendations.csv", "recommendations.ndjson", "tracker.ndjson"):
        assert b"Rumpelstiltskin" not in export(path)
    assert b"Rumpelstiltskin" not in export("tracker.ndjson", viewer)


def table_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def test_csv_is_the_same_table_in_rfc_4180(rows: list[Recommendation]) -> None:
    answer = Client().get(EXPORTS + "recommendations.csv?level=all")
    text = content(answer)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="recommendations-2')
    table = table_of(text)
    shown = listed("&level=all")
    assert [row["code"] for row in table] == [row["code"] for row in shown]
    for row, told in zip(table, shown, strict=True):
        assert row["title"] == told["title"]
        assert row["status_label"] == told["status_label"]
        assert row["themes"] == ";".join(theme["code"] for theme in told["themes"])
        assert row["addressees"] == ";".join(body["code"] for body in told["addressees"])
        assert row["parts_count"] == str(told["parts_count"])
        assert row["evidence_count"] == str(told["evidence_count"])
        assert row["contested"] == str(told["contested"]).lower()
        assert row["issued_on"] == told["issued_on"]
        assert row["updated_at"] == told["updated_at"]
        assert row["source_title"] == 'A "report", with\nlines'
    assert text.endswith(b"\r\n")
    assert text.count(b"\r\n") == len(table) + 1
    assert not text.startswith(b"\xef\xbb\xbf")


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "'quoted", "＝1", "plain", "a=1"]


@pytest.mark.parametrize("title", DANGEROUS)
def test_no_cell_is_a_formula_and_all_can_be_read_back(title: str) -> None:
    factories.recommendation(title=title, summary=title)
    [row] = table_of(export("recommendations.csv"))
    if title in ("plain", "a=1"):
        assert row["title"] == title
    else:
        assert row["title"] == "'" + title
    assert row["title"].removeprefix("'") == title == row["summary"].removeprefix("'")


NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def sheet_of(book: bytes, number: int = 1) -> list[list[Any]]:
    """The cells of a sheet as a plain XML reader finds them."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    found = []
    for row in root.iterfind(".//m:row", NAMES):
        cells: list[Any] = []
        for cell in row.iterfind("m:c", NAMES):
            text, value = cell.find("m:is/m:t", NAMES), cell.find("m:v", NAMES)
            assert cell.find("m:f", NAMES) is None
            kind = cell.get("t")
            if text is not None:
                cells.append(text.text)
            elif value is None:
                cells.append("")
            else:
                cells.append(value.text == "1" if kind == "b" else float(value.text or 0))
        found.append(cells)
    return found


def test_a_spreadsheet_has_the_same_table_with_its_types(rows: list[Recommendation]) -> None:
    Recommendation.objects.filter(code="AAA-3").update(title="=HYPERLINK(1)\x0b_x0041_")
    header, *table = sheet_of(export("recommendations.xlsx"))
    shown = listed("")
    assert len(table) == len(shown)
    for cells, told in zip(table, shown, strict=True):
        row = dict(zip(header, cells, strict=True))
        assert row["code"] == told["code"]
        assert row["evidence_count"] == told["evidence_count"]
        assert row["stale"] is told["stale"]
        since = told["status_since"]
        days = (date.fromisoformat(since) - date(1899, 12, 30)).days if since else ""
        assert row["status_since"] == days
    assert dict(zip(header, table[2], strict=True))["title"] == "=HYPERLINK(1)_x000B__x005F_x0041_"
    about = dict(row[:2] for row in sheet_of(export("recommendations.xlsx?as_of=2014-01-01"), 2))
    assert about["As of"] == (date(2014, 1, 1) - date(1899, 12, 30)).days


def test_a_data_package_is_what_its_descriptor_says(rows: list[Recommendation]) -> None:
    factories.indicator(recommendations=rows[:1]).observations.create(
        period="2012", value="1.50", recorded_at=NOW
    )
    book = export("datapackage.zip")
    assert b"Rumpelstiltskin" not in book
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None
        package = json.loads(archive.read("datapackage.json"))
        tables = {each["name"]: table_of(archive.read(each["path"])) for each in package["resources"]}
        dictionary = table_of(archive.read("dictionary.csv"))
    listed_in = {(row["table"], row["column"]) for row in dictionary}
    assert all(row["form"] for row in dictionary if row["type"])
    assert {row["table"] for row in dictionary if not row["column"]} == tables.keys()
    assert [row["code"] for row in tables["recommendations"]] == [row["code"] for row in listed("&level=all")]
    assert not any("Rumpelstiltskin" in str(table) for table in tables.values())
    for each in package["resources"]:
        table, schema = tables[each["name"]], each["schema"]
        names = [field["name"] for field in schema["fields"]]
        assert all(field["description"] for field in schema["fields"])
        assert {(each["name"], name) for name in names} <= listed_in
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in table]
        assert len(set(keys)) == len(keys)
        for row in table:
            assert list(row) == names
            for field in schema["fields"]:
                value, rule = row[field["name"]], field.get("constraints", {})
                assert value or not rule.get("required")
                assert not value or READS[field["type"]](value) is not None
                assert not value or value in rule.get("enum", [value])
                assert not value or re.search(rule.get("pattern", ""), value)
            for other in schema["foreignKeys"]:
                assert row[other["fields"]] in {
                    each["code"] for each in tables[other["reference"]["resource"]]
                }
    assert {name for name, table in tables.items() if table} >= {
        "sources", "recommendations", "institutions", "themes", "addressees", "assessments", "citations",
        "evidence", "links", "indicators", "observations",
    }  # fmt: skip


READS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


PROFILE = {
    # The rules of Data Package and Table Schema (specification 1, frictionlessdata.io) that a program relies on.
    "type": "object",
    "required": ["name", "resources", "profile"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": {"type": "string", "pattern": "^([-a-z0-9._/])+$"},
        "title": {"type": "string"},
        "homepage": {"type": "string", "format": "uri"},
        "created": {"type": "string", "format": "date-time"},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "anyOf": [{"required": ["name"]}, {"required": ["path"]}]},
        },
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "schema", "profile"],
                "properties": {
                    "profile": {"const": "tabular-data-resource"},
                    "name": {"type": "string", "pattern": "^([-a-z0-9._/])+$"},
                    "path": {"type": "string", "pattern": r"^(?!/)(?!.*\.\.)"},
                    "schema": {
                        "type": "object",
                        "required": ["fields"],
                        "properties": {
                            "fields": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "object",
                                    "required": ["name", "type"],
                                    "properties": {
                                        "name": {"type": "string"},
                                        "type": {
                                            "enum": [
                                                "string",
                                                "integer",
                                                "number",
                                                "date",
                                                "datetime",
                                                "boolean",
                                            ]
                                        },
                                        "format": {"type": "string"},
                                        "description": {"type": "string", "pattern": r"^[A-Z].+\.$"},
                                        "constraints": {
                                            "type": "object",
                                            "properties": {
                                                "required": {"type": "boolean"},
                                                "pattern": {"type": "string", "format": "regex"},
                                                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
                                            },
                                        },
                                    },
                                },
                            },
                            "missingValues": {"type": "array", "items": {"type": "string"}},
                            "primaryKey": {"type": ["string", "array"]},
                            "foreignKeys": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["fields", "reference"],
                                    "properties": {
                                        "reference": {"type": "object", "required": ["resource", "fields"]}
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


def test_a_data_package_keeps_the_profile_and_has_what_records_have(rows: list[Recommendation]) -> None:
    now = NOW + timedelta(days=1)
    closures.close(
        rows[0],
        reason="superseded",
        note="Overtaken.",
        review_on=date(2030, 1, 1),
        by=factories.user("reviewer"),
        now=now,
    )
    Figure.objects.create(code="F-1", kind="stated", source=rows[0].source, measure="Deaths", value="12.50")
    with zipfile.ZipFile(io.BytesIO(export("datapackage.zip"))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        [closure] = table_of(archive.read("data/closures.csv"))
        [figure] = table_of(archive.read("data/figures.csv"))
    Draft202012Validator(PROFILE, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(package)
    assert len({each["name"] for each in package["resources"]}) == len(package["resources"])
    told = {record["code"]: record for record in lines("tracker.ndjson")[1:]}
    [recorded] = told["AAA-1"]["closures"]
    assert (closure["recommendation"], closure["review_on"]) == ("AAA-1", "2030-01-01")
    assert [closure[name] for name in ("id", "reason", "note")] == [
        str(recorded[name]) for name in ("id", "reason", "note")
    ]
    assert (figure["measure"], float(figure["value"])) == (told["F-1"]["measure"], told["F-1"]["value"])


def test_a_data_package_of_the_past_has_nothing_of_later(rows: list[Recommendation]) -> None:
    book = export("datapackage.zip?as_of=2013-06-01&source=AAA")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        verdicts = table_of(archive.read("data/assessments.csv"))
        package = json.loads(archive.read("datapackage.json"))
    assert [(row["recommendation"], row["effective_on"]) for row in verdicts] == [("AAA-2", "2013-01-01")]
    assert (package["as_of"], package["query"]) == ("2013-06-01", "as_of=2013-06-01&source=AAA")


@alone
def test_a_mirror_begins_with_an_export_and_goes_on_from_its_cursor(rows: list[Recommendation]) -> None:
    answer = Client().get(EXPORTS + "tracker.ndjson")
    mirror = Mirror(answer["Feed-Cursor"])
    header, *records = [json.loads(line) for line in content(answer).splitlines()]
    assert header == {"noun": "tracker", "format": 1}
    mirror.records = {(record["noun"], record["code"]): record for record in records}
    assert mirror.records == public_records()
    themes.create(code="new", name="New", by=factories.user("manager"), now=NOW)
    factories.published(rows[3], status="stalled", effective_on=date(2015, 1, 1))
    mirror.catch_up()
    for change in mirror.changes:
        assert change["verb"] in ("theme.created", "recommendation.status_changed", "assessment.published")
    assert mirror.records["recommendation", "AAA-4"]["status"] == "stalled"


@alone
def test_an_unchanged_tracker_is_not_sent_again(rows: list[Recommendation]) -> None:
    answer = Client().get(EXPORTS + "tracker.ndjson")
    content(answer)
    again = {"If-None-Match": answer["ETag"]}
    assert Client().get(EXPORTS + "tracker.ndjson", headers=again).status_code == 304
    themes.create(code="new", name="New", by=factories.user("manager"), now=NOW)
    content(Client().get(EXPORTS + "tracker.ndjson", headers=again))


@alone
@pytest.mark.parametrize(
    "path", ["recommendations.csv", "recommendations.ndjson", "recommendations.xlsx", "tracker.ndjson"]
)
def test_whoever_hangs_up_or_only_asks_gives_the_connection_back(
    rows: list[Recommendation], path: str
) -> None:
    answer = Client().get(EXPORTS + path)
    pieces = iter(answer.streaming_content)
    next(pieces)
    answer.close()
    assert not connection.in_atomic_block
    assert Recommendation.objects.count() == 7

    Client().get(EXPORTS + path).close()  # before the first piece
    assert not connection.in_atomic_block
    head = Client().head(EXPORTS + path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Disposition"].startswith("attachment")
    assert not connection.in_atomic_block


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        ("limit=5", ("limit", "unknown")),
        ("ordering=code", ("ordering", "unknown")),
        ("status=done", ("status", "invalid_choice")),
        ("as_of=2999-01-01", ("as_of", "future")),
        ("theme=nowhere", ("theme", "unknown")),
    ],
)
def test_what_is_not_understood_is_refused_by_name(query: str, blamed: tuple[str, str]) -> None:
    for path in ("recommendations.csv", "recommendations.ndjson", "recommendations.xlsx"):
        answer = Client().get(f"{EXPORTS}{path}?{query}")
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == blamed


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    cache.clear()
    settings.API_REQUESTS_PER_MINUTE = settings.API_REQUESTS_PER_MINUTE | {"address": 1_000_000}
