"""Bringing in a file in the admin: upload, look at each row, apply; the button is there only when it can be used."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.models import Import, Notification, Recommendation
from recommendations.tasks import work_on_imports
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


@pytest.mark.django_db(transaction=True)
class TestLater:
    """A file that a worker judges and applies."""

    @pytest.fixture(autouse=True)
    def _one_row_is_many(self, settings):
        settings.IMPORT_AT_ONCE_ROWS = 0

    def test_the_page_says_how_far_it_has_come_and_then_what_the_worker_found(self, manager):
        page = bring(manager, FILE).text
        assert "Judge: Waiting for a worker, 0 %" in page
        assert f'data-progress="{address("progress")}"' in page
        assert 'http-equiv="refresh"' in page
        assert 'http-equiv="refresh"' not in manager.get(address(), {"still": ""}).text
        assert address("apply-later") not in page
        part = manager.get(address("progress")).text
        assert "data-over" not in part
        assert "<html" not in part
        work_on_imports()
        assert "data-over" in manager.get(address("progress")).text
        page = manager.get(address()).text
        assert "1 new, 0 changed, 0 unchanged, 0 refused" in page
        assert 'http-equiv="refresh"' not in page
        page = manager.post(address("apply-later"), follow=True).text
        assert "A worker applies the file." in page
        assert not Recommendation.objects.exists()
        work_on_imports()
        assert Recommendation.objects.get().title == "First"
        assert "Apply: Done" in manager.get(address()).text

    def test_the_list_says_how_far_each_is(self, manager):
        bring(manager, FILE)
        page = manager.get(reverse("admin:recommendations_import_changelist")).text
        assert "Waiting for a worker, 0 %" in page

    def test_what_failed_says_why_and_who_asked_is_told(self, manager):
        bring(manager, FILE + "REP-02\n")
        work_on_imports()
        sentence = "Line 3: The row has more or fewer cells than the header."
        assert sentence in manager.get(address()).text
        assert sentence in manager.get(reverse("admin:notifications")).text
        notice = Notification.objects.get()
        assert manager.get(reverse("admin:notification", args=[notice.pk])).url == address()

    def test_it_can_be_called_off(self, manager, client_of):
        page = bring(manager, FILE).text
        assert address("cancel") in page
        assert client_of("reviewer").post(address("cancel")).status_code == 403
        assert address("cancel") not in client_of("reviewer").get(address()).text
        assert "It is called off." in manager.post(address("cancel"), follow=True).text
        assert Import.objects.get().state == "cancelled"

    def test_others_come_first(self, manager):
        bring(manager, FILE)
        bring(manager, FILE + "REP-02,REP,T,S\n")
        last = Import.objects.latest("pk")
        page = manager.get(reverse("admin:recommendations_import_progress", args=[last.pk])).text
        assert "1 other file comes first." in page

    def test_only_staff_see_how_far_it_is(self, manager, client, client_of):
        bring(manager, FILE)
        assert "/login/" in client.get(address("progress")).url
        assert client_of("viewer").get(address("progress")).status_code == 200
        assert manager.get(reverse("admin:recommendations_import_progress", args=[99_999])).status_code == 404
