"""Checks in a real browser: a look that is awaited, looks at many, with a script and without, and pages that fit."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from recommendations.models import CheckRun, Refresh
from recommendations.tasks import look_at_due
from tests import factories
from tests.admin.test_deciding import url
from tests.admin.test_in_a_browser import UNNAMED
from tests.fakeweb import FakeWeb

LIST = "/admin/recommendations/statuscheck/"
PAGE = "<html><main><h1>The law</h1><p>The law is in force and nobody has amended it since.</p></main></html>"


@pytest.fixture
def checks(transactional_db, settings):
    """Three checks of pages of our own, not due for long."""
    settings.TRACKER_DOOR = replace(
        settings.TRACKER_DOOR, allow_loopback=True, host_pause_seconds=0, respect_robots=False
    )
    with FakeWeb() as web:
        made = []
        for number in range(3):
            document = factories.document(url=web.page(f"/{number}", PAGE))
            later = timezone.now() + timedelta(days=1)
            evidence = factories.evidence(document=document)
            made.append(factories.check(evidence=evidence, host=web.host, next_due_at=later))
        yield made


def a_worker_looks():
    """In a thread of its own: Playwright's loop is running in this one."""

    def work():
        try:
            look_at_due(live=False)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(30)


def test_run_now_by_keyboard_is_shown_until_the_look_is_recorded(sign_in, people, checks):
    page = sign_in("editor")
    page.goto(url(checks[0]))
    page.get_by_role("button", name="Run now").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Waiting for a worker to look.").wait_for()
    assert page.get_by_role("button", name="Run now").count() == 0
    assert not page.get_by_role("link", name="See whether it is done").is_visible()
    a_worker_looks()
    page.get_by_text("The run is recorded: First run.").wait_for()
    assert page.get_by_role("img", name="One run: First run.").count() == 1
    assert page.get_by_role("button", name="Run now").count() == 1
    assert page.complaints == []


def test_without_a_script_a_link_does_the_same(sign_in, people, checks, live_server):
    signed_in = sign_in("editor").context
    context = signed_in.browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=signed_in.storage_state()
    )
    page = context.new_page()
    page.goto(url(checks[0]))
    page.get_by_role("button", name="Run now").click()
    page.get_by_text("Waiting for a worker to look.").wait_for()
    a_worker_looks()
    page.get_by_role("link", name="See whether it is done").click()
    page.get_by_role("button", name="Run now").wait_for()
    assert page.get_by_text("Waiting for a worker to look.").count() == 0
    assert page.get_by_role("cell", name="First run", exact=True).count() == 1
    context.close()


def test_looks_at_many_can_be_left_and_returned_to(sign_in, people, checks):
    page = sign_in("editor")
    page.goto(LIST)
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("look_now")
    page.get_by_title("Run the selected action").click()
    page.get_by_text("0 of 3 checks looked at").wait_for()
    page.goto("/admin/")
    a_worker_looks()
    page.get_by_role("link", name="Refreshes").click()
    page.locator("#result_list tbody").get_by_role("link").first.click()
    page.get_by_text("Done: 3 of 3 checks were looked at.").wait_for()
    assert (CheckRun.objects.count(), Refresh.objects.count()) == (3, 1)
    assert page.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_fit_and_name_their_fields(sign_in, people, checks, width, scheme):
    for ago, outcome in enumerate(["unchanged", "failed", "changed"] * 25):
        at = timezone.now() - timedelta(hours=ago)
        CheckRun.objects.create(
            status_check=checks[0], due_at=at, started_at=at, finished_at=at, outcome=outcome
        )
    factories.check(state="failing", host="a-very-long-name-of-a-host-that-fails.statistics.example.gov")
    page = sign_in("manager", width, scheme)
    for address in ("/admin/check-health/", url(checks[0]), LIST, f"{LIST}?standing=due"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (wide, page.evaluate(UNNAMED), page.complaints) == (0, [], []), address
