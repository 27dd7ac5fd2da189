"""What has not changed costs nearly nothing, and nothing that has changed is ever called unchanged."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from rest_framework.request import Request

from recommendations.api import revisions
from tests import factories, hidden
from tests.api.many import everything, observation_rows
from tests.factories import NOW
from tests.mirrors import end_a_later_transaction

pytestmark = pytest.mark.django_db

OF_RECORD = [
    "recommendations/",
    "recommendations/?as_of=2020-01-01&status=in_progress",
    "recommendations/?q=recommendation",
    "recommendations/R-1/",
    "recommendations/R-1/timeline/",
    "recommendations/R-1/assessments/",
    "sources/",
    "overview/?group_by=addressee",
    "overview/?as_of=2020-01-01",
    "institutions/",
    "themes/",
    "indicators/",
    "indicators/I1/observations/",
]


@pytest.mark.parametrize("address", OF_RECORD)
def test_an_unchanged_answer_costs_one_statement(stranger, address):
    everything(1)
    observation_rows(1)
    etag = stranger.get(address).headers["ETag"]
    with CaptureQueriesContext(connection) as asked:
        again = stranger.get(address, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert [re.findall(r"recommendations_\w+", each["sql"]) for each in asked] == [
        ["recommendations_revision"]
    ]
    factories.published(factories.recommendation())
    assert stranger.get(address, **{"If-None-Match": etag}).status_code in (200, 304)


@pytest.mark.parametrize("address", OF_RECORD)
def test_every_table_an_answer_is_made_of_moves_the_revision(stranger, address):
    everything(1)
    observation_rows(1)
    with CaptureQueriesContext(connection) as asked:
        stranger.read(address)
    named = {name for each in asked for name in re.findall(r"recommendations_\w+", each["sql"])}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = c.oid AND p.proname = 'recommendations_revise') FROM pg_class c"
            " WHERE c.relkind = 'r' AND c.relname = ANY(%s)",
            [list(named)],
        )
        tables = dict(cursor.fetchall())
    # These follow the recommendations, whose table moves the revision; people are named to staff alone.
    derived = {
        "recommendations_revision",
        "recommendations_tally",
        "recommendations_verification",
        "recommendations_user",
    }
    assert {table for table, moves in tables.items() if not moves} <= derived
    assert len(tables) > 2, "nothing was read"


def test_a_change_elsewhere_makes_another_key_and_the_same_answer(stranger):
    row = factories.recommendation(code="R-1")
    first = stranger.get("recommendations/R-1/")
    factories.recommendation()
    again = stranger.get("recommendations/R-1/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    row.themes.update(name="Renamed")
    assert stranger.get("recommendations/R-1/", **{"If-None-Match": again.headers["ETag"]}).status_code == 200


def test_a_process_that_has_answered_nothing_yet_knows_what_has_not_changed(stranger):
    factories.recommendation()
    etag = stranger.get("recommendations/").headers["ETag"]
    caches["validators"].clear()
    assert stranger.get("recommendations/", **{"If-None-Match": etag}).status_code == 304
    with CaptureQueriesContext(connection) as asked:
        assert stranger.get("recommendations/", **{"If-None-Match": etag}).status_code == 304
    assert len(asked) == 1


def test_what_only_staff_sees_moves_no_etag(stranger):
    """Proposals, findings, internal rows and links: the public gets the same ETag, and the same 304."""
    row = factories.recommendation(code="R-1")
    factories.published(row)
    observation_rows(1)
    end_a_later_transaction()
    etags = {
        address: stranger.get(address).headers["ETag"] for address in (*OF_RECORD, "evidence/", "changes/")
    }
    row.refresh_from_db()
    hidden.around(row)
    for address, etag in etags.items():
        again = stranger.get(address, **{"If-None-Match": etag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag), address


def test_a_key_is_of_one_day_one_language_and_one_address():
    def key(address="/api/v1/recommendations/", now=NOW, language="en"):
        with override(language):
            return revisions.key(Request(RequestFactory().get(address)), now=now)

    assert key() == key() == key(now=NOW.replace(hour=23))
    others = [key("/api/v1/recommendations/?open=true"), key(now=NOW + timedelta(days=1)), key(language="es")]
    assert len({key(), *others}) == 4
