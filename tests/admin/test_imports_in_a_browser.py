"""A large file in a real browser: brought, left, returned to, applied; with a script and without; pages that fit."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections

from recommendations.actions import import_works
from recommendations.models import Import, ImportWork, Recommendation
from recommendations.tasks import work_on_imports
from tests import factories
from tests.admin.test_in_a_browser import UNNAMED
from tests.test_accessibility import SERIOUS

ADD = "/admin/recommendations/import/add/"
LIST = "/admin/recommendations/import/"
FILE = "code,source,title,summary\nREP-01,REP,First,Do the first.\nREP-02,REP,Second,Do the second.\n"


@pytest.fixture(autouse=True)
def source(transactional_db, settings):
    settings.IMPORT_AT_ONCE_ROWS = 0
    return factories.source(code="REP")


def elsewhere(work):
    """In a thread of its own: Playwright's loop is running in this one."""

    def done():
        try:
            work()
        finally:
            connections.close_all()

    worker = threading.Thread(target=done)
    worker.start()
    worker.join(30)


def comes_to(phase, done, total):
    """As a worker writes down how far it has come."""
    row = ImportWork.objects.select_related("batch").get()
    row.lease = row.lease or "00000000-0000-0000-0000-000000000001"
    import_works.ImportWork.objects.filter(pk=row.pk).update(
        lease=row.lease, leased_until=row.asked_at + import_works.LEASE, started_at=row.asked_at
    )
    assert import_works.keep(row, (phase, done, total), now=row.asked_at)


def bring(page, content=FILE):
    page.goto(ADD)
    page.locator("#id_file").set_input_files(
        {"name": "rows.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.locator("#id_format").select_option("csv")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Judge: Waiting for a worker, 0 %").wait_for()


def test_a_file_is_brought_left_returned_to_and_applied(sign_in, people):
    page = sign_in("manager")
    bring(page)
    elsewhere(lambda: comes_to("reading", 50, 100))
    page.get_by_text("Judge: Reading the file, 27 %").wait_for()
    assert page.get_by_role("progressbar").get_attribute("value") == "27"
    assert page.get_by_role("link", name="Apply").count() == 0
    page.goto("/admin/")
    elsewhere(lambda: ImportWork.objects.update(lease=None, leased_until=None))
    elsewhere(work_on_imports)
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("link", name="rows.csv").click()
    page.get_by_text("2 new, 0 changed, 0 unchanged, 0 refused").wait_for()
    page.get_by_role("link", name="Apply").click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("Apply: Waiting for a worker, 0 %").wait_for()
    elsewhere(work_on_imports)
    page.get_by_text("Apply: Done").wait_for()
    assert Recommendation.objects.count() == 2
    assert page.complaints == []


def test_without_a_script_the_page_reloads_by_itself_until_that_is_stopped(sign_in, people, live_server):
    scripted = sign_in("manager")
    bring(scripted)
    signed_in = scripted.context
    context = signed_in.browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=signed_in.storage_state()
    )
    page = context.new_page()
    page.goto(scripted.url)
    page.get_by_role("link", name="This page reloads by itself every 10 seconds. Stop that.").click()
    assert page.get_by_role("link", name="Let this page reload by itself").count() == 1
    page.get_by_role("link", name="Let this page reload by itself").click()
    elsewhere(work_on_imports)
    page.get_by_text("Judge: Done").wait_for(timeout=15_000)  # nobody has clicked
    context.close()


def test_it_is_called_off_by_keyboard(sign_in, people):
    page = sign_in("manager")
    bring(page)
    page.get_by_role("link", name="Cancel").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    page.get_by_text("It is called off.").wait_for()
    assert Import.objects.get().state == "cancelled"
    assert page.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_fit_name_their_fields_and_are_accessible(sign_in, people, width, scheme, tmp_path):
    page = sign_in("manager", width, scheme)
    bring(page)

    def right(name):
        page.wait_for_load_state("networkidle")
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = Axe().run(page).response["violations"]
        broken = [each["id"] for each in found if each["impact"] in SERIOUS]
        assert (wide, page.evaluate(UNNAMED), broken, page.complaints) == (0, [], [], []), name

    right("waiting")
    elsewhere(lambda: comes_to("judging", 3, 6))
    page.get_by_text("Judge: Judging the rows, 71 %").wait_for()
    right("judging")
    page.goto(LIST)
    right("list")
    elsewhere(lambda: ImportWork.objects.update(lease=None, leased_until=None))
    elsewhere(work_on_imports)
    page.goto(f"{LIST}{Import.objects.get().pk}/change/")
    right("judged")
    page.get_by_role("link", name="Apply").click()
    right("question")
