"""Bringing in a file through the API: a dry run first, its rows, then all of it or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.models import Event, Import, Recommendation
from tests import factories
from tests.api.conftest import ROOT

pytestmark = pytest.mark.django_db

FILE = "code,source,title,summary\nREP-01,REP,First,Do the first.\nREP-02,REP,Second,Do the second.\n"


@pytest.fixture(autouse=True)
def source():
    return factories.source(code="REP")


def bring(caller, content=FILE, *, name="rows.csv", **fields):
    fields.setdefault("format", "csv")
    file = SimpleUploadedFile(name, content.encode())
    return caller.client.post(f"{ROOT}imports/", {"file": file} | fields)


def test_a_dry_run_then_its_rows_then_all_of_it(manager):
    told = bring(manager)
    assert told.status_code == 201, told.content
    batch = told.json()
    assert told.headers["Location"] == batch["url"]
    assert {
        name: batch[name] for name in ("state", "rows_new", "rows_changed", "rows_refused", "filename")
    } == {
        "state": "examined",
        "rows_new": 2,
        "rows_changed": 0,
        "rows_refused": 0,
        "filename": "rows.csv",
    }
    assert not Recommendation.objects.exists()
    rows = manager.read(f"imports/{batch['id']}/rows/")["results"]
    assert [(row["line"], row["code"], row["outcome"]) for row in rows] == [
        (2, "REP-01", "new"),
        (3, "REP-02", "new"),
    ]
    answer = manager.post("imports/", {"dry_run": False, "import": batch["id"]})
    assert (answer.status_code, answer.json()["state"]) == (200, "applied")
    assert Recommendation.objects.count() == 2


def test_the_file_may_come_along_when_it_is_applied_and_must_be_the_same(manager):
    batch = bring(manager).json()
    form = {"dry_run": "false", "import": batch["id"]}
    other = manager.client.post(f"{ROOT}imports/", form | {"file": SimpleUploadedFile("f", b"code\nX\n")})
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other_file")
    same = manager.client.post(f"{ROOT}imports/", form | {"file": SimpleUploadedFile("f", FILE.encode())})
    assert same.status_code == 200, same.content


def test_what_is_exported_comes_back_as_it_is(manager, stranger):
    source = factories.source(code="OLD", title='A "report", with\nlines')
    theme = factories.theme(code="drugs")
    row = factories.recommendation(source=source, code="OLD-1", title="=1+1", themes=[theme])
    factories.recommendation(parent=row, code="OLD-1a", title="'quoted", summary="-1\n\nR&amp;D, too")
    factories.published(row)
    for format in ("csv", "ndjson"):
        file = b"".join(
            stranger.client.get(f"{ROOT}exports/recommendations.{format}?level=all").streaming_content
        ).decode()
        told = bring(manager, file, name=f"rows.{format}", format=format)
        assert told.status_code == 201, told.content
        rows = {name: told.json()[f"rows_{name}"] for name in ("new", "changed", "unchanged", "refused")}
        assert rows == {"new": 0, "changed": 0, "unchanged": 2, "refused": 0}, format


def test_a_refused_row_is_told_with_row_column_value_and_rule_and_stops_all(manager):
    batch = bring(manager, FILE + "REP-03,NOPE,Third,Do.\n").json()
    [row] = manager.read(f"imports/{batch['id']}/rows/?outcome=refused")["results"]
    assert row["line"] == 4
    assert row["problems"] == [
        {
            "column": "source",
            "value": "NOPE",
            "rule": "source_unknown",
            "detail": "There is no source of this code.",
        }
    ]
    answer = manager.post("imports/", {"dry_run": False, "import": batch["id"]})
    assert (answer.status_code, answer.json()["rule"]) == (409, "import_has_refused_rows")
    assert not Recommendation.objects.exists()


def test_a_change_is_shown_field_by_field(manager):
    batch = bring(manager).json()
    manager.post("imports/", {"dry_run": False, "import": batch["id"]})
    again = bring(manager, "code,title\nREP-01,Anew\n").json()
    [row] = manager.read(f"imports/{again['id']}/rows/")["results"]
    assert row["changes"] == [{"column": "title", "before": "First", "after": "Anew"}]


def test_the_same_bytes_again_change_nothing(manager):
    first = bring(manager).json()
    manager.post("imports/", {"dry_run": False, "import": first["id"]})
    events = Event.objects.count()
    again = bring(manager).json()
    assert (again["rows_unchanged"], again["repeats"]) == (2, first["id"])
    answer = manager.post("imports/", {"dry_run": False, "import": again["id"]})
    assert (answer.status_code, answer.json()["state"]) == (200, "examined")
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("content", "fields", "field", "code"),
    [
        ("code,colour\nREP-1,red\n", {}, "file", "header_unknown"),
        ("", {}, "file", "empty"),
        (FILE, {"format": "xls"}, "format", "invalid_choice"),
        (FILE, {"source": "NOPE"}, "source", "unknown"),
        (FILE, {"colour": "red"}, "colour", "unknown"),
        (FILE, {"as_of": "yesterday"}, "as_of", "invalid"),
        (FILE, {"dry_run": "perhaps"}, "dry_run", "invalid"),
        (FILE, {"dry_run": "false"}, "import", "required"),
        (FILE, {"import": "1"}, "import", "unknown"),
    ],
)
def test_what_is_wrong_with_the_request_is_named(manager, content, fields, field, code):
    answer = bring(manager, content, **fields)
    assert (answer.status_code, [(each["field"], each["code"]) for each in answer.json()["errors"]]) == (
        400,
        [(field, code)],
    )
    assert not Import.objects.exists()


def test_the_place_in_the_file_is_told(manager):
    told = bring(manager, FILE + "REP-03,REP\n").json()
    assert told["errors"][0]["detail"] == "Line 4: The row has more or fewer cells than the header. (“2”)"


def test_a_file_that_is_too_large_or_has_too_many_rows_is_refused(manager, settings):
    settings.IMPORT_ROWS = 1
    assert bring(manager).json()["errors"][0]["code"] == "too_many_rows"
    settings.IMPORT_BYTES = 100
    assert bring(manager).status_code == 413
    assert not Import.objects.exists()


def test_a_dry_run_sent_twice_with_one_key_is_one_import(manager):
    headers = {"headers": {"Idempotency-Key": "k1"}}
    file = {"file": SimpleUploadedFile("f", FILE.encode()), "format": "csv"}
    first = manager.client.post(f"{ROOT}imports/", file, **headers)
    file["file"].seek(0)
    assert manager.client.post(f"{ROOT}imports/", file, **headers).json() == first.json()
    assert Import.objects.count() == 1


def test_imports_are_for_staff(stranger, manager):
    batch = bring(manager).json()
    for address in ("imports/", f"imports/{batch['id']}/", f"imports/{batch['id']}/rows/"):
        assert stranger.get(address).status_code == 401
