"""Bringing in a file in the admin: upload, look at each row, apply; the button is there only when it can be used."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.models import Import, Recommendation
from tests import factories

FILE = "code,source,title,summary\nREP-01,REP,First,Do the first.\n"


@pytest.fixture
def manager(client_of):
    factories.source(code="REP")
    return client_of("manager")


def bring(client, content, **fields):
    form = {
        "file": SimpleUploadedFile("rows.csv", content.encode()),
        "format": "csv",
        "source": "",
        "as_of": "",
    }
    return client.post(reverse("admin:recommendations_import_add"), form | fields, follow=True)


def address(step="change"):
    return reverse(f"admin:recommendations_import_{step}", args=[Import.objects.get().pk])


def test_a_file_is_looked_at_and_then_applied(manager):
    page = bring(manager, FILE).text
    assert "1 new, 0 changed, 0 unchanged, 0 refused" in page
    assert "REP-01" in page
    assert address("apply") in page
    assert not Recommendation.objects.exists()
    assert manager.post(address("apply"), follow=True).status_code == 200
    assert Recommendation.objects.get().title == "First"
    assert address("apply") not in manager.get(address()).text


def test_a_refused_row_stands_with_its_reason_and_there_is_no_button(manager):
    page = bring(manager, FILE + "REP-02,NOPE,Second,Do.\n").text
    assert "There is no source of this code." in page
    assert "NOPE" in page
    assert address("apply") not in page
    assert manager.post(address("apply")).status_code == 409
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code,colour\nA,red\n", "There is no such column in this format."),
        ("", "There is no row in the file."),
    ],
)
def test_another_file_is_refused_at_its_field(manager, content, said):
    page = bring(manager, content)
    assert page.status_code == 200
    assert said in page.text
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused(manager, settings):
    settings.IMPORT_BYTES = 10
    assert "larger than may be imported" in bring(manager, FILE).text
