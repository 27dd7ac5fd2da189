"""Imports that a worker does: 202, how far it has come, calling off. What is small is answered as ever."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from recommendations.models import Import, ImportWork, Recommendation
from recommendations.tasks import work_on_imports
from tests import factories
from tests.api.conftest import ROOT
from tests.api.test_imports import FILE, bring

pytestmark = pytest.mark.django_db(transaction=True)

LATER = {"headers": {"Prefer": "respond-async, wait=10"}}


@pytest.fixture(autouse=True)
def source():
    return factories.source(code="REP")


def bring_later(caller, content=FILE, **more):
    file = SimpleUploadedFile("rows.csv", content.encode())
    return caller.client.post(f"{ROOT}imports/", {"file": file, "format": "csv"}, **(LATER | more))


def test_a_file_is_taken_judged_and_applied_by_a_worker(manager):
    answer = bring_later(manager)
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    batch = answer.json()
    assert answer.headers["Location"] == batch["url"]
    assert int(answer.headers["Retry-After"]) > 0
    assert (batch["state"], batch["rows_new"]) == ("waiting", 0)
    progress = batch["progress"]
    assert (progress["task"], progress["phase"], progress["percent"], progress["ended_at"]) == (
        "examine",
        "waiting",
        0,
        None,
    )
    apply = {"dry_run": False, "import": batch["id"]}
    early = manager.post("imports/", apply)
    assert (early.status_code, early.json()["rule"]) == (409, "import_is_judged")

    work_on_imports()
    batch = manager.read(f"imports/{batch['id']}/")
    assert (batch["state"], batch["rows_new"], batch["progress"]["phase"]) == ("examined", 2, "done")
    assert (batch["progress"]["percent"], batch["progress"]["refused"]) == (100, None)
    assert len(manager.read(f"imports/{batch['id']}/rows/")["results"]) == 2

    answer = manager.post("imports/", apply, Prefer="respond-async")
    assert (answer.status_code, answer.json()["progress"]["task"]) == (202, "apply")
    assert not Recommendation.objects.exists()
    twice = manager.post("imports/", apply, Prefer="respond-async")
    assert (twice.status_code, twice.json()["rule"]) == (409, "import_work_asked_once")
    work_on_imports()
    assert manager.read(f"imports/{batch['id']}/")["state"] == "applied"
    assert Recommendation.objects.count() == 2


def test_what_is_large_is_left_to_a_worker_unasked(manager, settings):
    settings.IMPORT_AT_ONCE_ROWS = 2
    answer = bring(manager)
    assert answer.status_code == 202, answer.content
    assert "Preference-Applied" not in answer.headers
    work_on_imports()
    settings.IMPORT_AT_ONCE_ROWS = 1
    apply = {"dry_run": False, "import": answer.json()["id"]}
    assert manager.post("imports/", apply).status_code == 202


def test_what_cannot_be_read_is_told_with_rule_and_place(manager):
    batch = bring_later(manager, FILE + "REP-03,REP\n").json()
    work_on_imports()
    batch = manager.read(f"imports/{batch['id']}/")
    assert (batch["state"], batch["progress"]["phase"]) == ("failed", "failed")
    assert batch["progress"]["refused"] == {
        "rule": "row_length",
        "detail": "Line 4: The row has more or fewer cells than the header. (“2”)",
    }


def test_what_is_under_way_is_called_off(manager, editor):
    batch = bring_later(manager).json()
    address = f"imports/{batch['id']}/cancel/"
    assert editor.post(address).status_code == 403
    answer = manager.post(address)
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert work_on_imports() == 0
    again = manager.post(address)
    assert (again.status_code, again.json()["rule"]) == (409, "import_work_can_be_cancelled")


def test_one_key_is_one_import(manager):
    keyed = {"headers": LATER["headers"] | {"Idempotency-Key": "k1"}}
    first, second = bring_later(manager, **keyed), bring_later(manager, **keyed)
    assert (second.status_code, second.json()) == (202, first.json())
    assert second.headers["Location"] == first.headers["Location"]
    assert ImportWork.objects.count() == Import.objects.count() == 1


def test_a_list_with_work_costs_the_same_for_one_and_three(manager, django_assert_num_queries):
    for number in (1, 2):
        for _each in range(number):
            bring_later(manager)
        manager.read("imports/")
        with django_assert_num_queries(2):
            assert manager.read("imports/")["results"][0]["progress"]["asked_by"] == manager.user.username
