"""Files of what the list of recommendations shows, sent while they are written."""

import csv
import io
import json

import pytest
from django.urls import reverse

from recommendations.exchange import spreadsheets
from recommendations.models import Recommendation
from tests import factories

LIST = "admin:recommendations_recommendation_changelist"


def export(ending):
    return reverse("admin:recommendations_export", args=[ending])


def body(answer):
    return b"".join(answer.streaming_content)


@pytest.fixture
def rows(db):
    found = [factories.recommendation() for _each in range(3)]
    factories.published(found[0], status="stalled")
    Recommendation.objects.filter(pk=found[2].pk).update(visibility="internal")
    return found


def test_a_file_holds_what_the_list_is_narrowed_to(client_of, rows):
    client = client_of("viewer")
    answer = client.get(export("csv"), {"status__exact": "stalled", "o": "-2"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.csv"')
    assert [row["code"] for row in csv.DictReader(io.StringIO(body(answer).decode()))] == [rows[0].code]
    lines = body(client.get(export("ndjson"))).decode().splitlines()
    assert [json.loads(line)["code"] for line in lines] == sorted(row.code for row in rows)


def test_a_search_narrows_a_file_too(client_of, rows):
    answer = client_of("viewer").get(export("ndjson"), {"q": rows[1].code})
    assert [json.loads(line)["code"] for line in body(answer).decode().splitlines()] == [rows[1].code]


def test_a_spreadsheet_is_a_spreadsheet(client_of, rows):
    assert body(client_of("viewer").get(export("xlsx"))).startswith(b"PK")


def test_the_list_leads_to_files_of_what_it_shows(client_of, rows):
    page = client_of("viewer").get(reverse(LIST), {"status__exact": "stalled", "p": "1"}).text
    for ending in ("csv", "xlsx", "ndjson"):
        assert f'href="{export(ending)}?status__exact=stalled"' in page
    assert "your browser shows that it goes on" in page


def test_what_cannot_be_exported_is_refused(client_of, client, rows):
    viewer = client_of("viewer")
    assert viewer.get(export("pdf")).status_code == 404
    assert viewer.get(export("csv"), {"bogus": "1"}).status_code == 400
    assert "/login/" in client.get(export("csv")).url
    assert "/login/" in client_of("").get(export("csv")).url


def test_more_rows_than_a_sheet_holds_are_refused_on_the_list(client_of, rows, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    page = client_of("viewer").get(export("xlsx"), follow=True)
    assert page.redirect_chain == [(f"{reverse(LIST)}?", 302)]
    assert "more rows than a sheet holds" in page.text
