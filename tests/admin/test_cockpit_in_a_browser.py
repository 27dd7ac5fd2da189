"""The cockpit in a real browser: from a finding to a verdict in the API, by keyboard, and two people at once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from recommendations.models import Assessment, Finding
from tests import factories
from tests.factories import NOW


@pytest.fixture
def changed(about):
    """A finding that evidence reads differently, waiting longer than anything else."""
    return factories.finding(
        kind="evidence_changed",
        evidence=about.evidence.get(title="The register opens"),
        title="The register opens: reads differently",
        first_seen_at=NOW - timedelta(days=9),
    )


def test_from_a_finding_to_a_verdict_in_the_api(sign_in, people, about, changed, live_server):
    page = sign_in("editor")
    page.get_by_role("link", name=changed.title).click()
    decision = page.locator("#decision")
    decision.get_by_label("The verdict is about").select_option(label=str(about))
    decision.get_by_label("Implemented What was asked has been done").check()
    decision.get_by_label("True as of").fill("2018-05-02")
    decision.get_by_label("Rationale").fill("The register is open, and complete.")
    decision.get_by_label("High").check()
    decision.get_by_role("button", name="Accept").click()
    page.get_by_text("The finding is accepted.").wait_for()
    assert page.complaints == []

    page = sign_in("reviewer")
    page.get_by_role("link", name=str(about)).click()
    effect = page.get_by_role("region", name="Before and after").inner_text()
    assert effect.index("In progress") < effect.index("Implemented")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Nothing waits.").wait_for()
    assert page.complaints == []
    told = page.context.request.get(f"{live_server.url}/api/v1/recommendations/SRC-01/").json()
    assert (told["status"], told["status_since"]) == ("implemented", "2018-05-02")


def test_the_queue_is_worked_through_by_keyboard_alone(sign_in, people, about, changed):
    proposal = factories.proposed(about, by=people["editor"], effective_on=date(2019, 1, 1))
    page = sign_in("reviewer")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**{reverse('admin:queue_item', args=['finding', changed.pk])}**")
    page.keyboard.press("d")
    page.keyboard.type("Only the footer.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('admin:queue_item', args=['proposal', proposal.pk])}**")
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.innerText").endswith("Publish")
    page.keyboard.press("Enter")
    page.get_by_text("Nothing waits.").wait_for()
    assert Finding.objects.get().state == "dismissed"
    assert Assessment.objects.get(pk=proposal.pk).state == "published"


def test_keys_can_be_switched_off_and_do_nothing_while_one_types(sign_in, people, about, changed):
    page = sign_in("editor")
    page.goto(reverse("admin:queue_item", args=["finding", changed.pk]))
    page.locator("#decision").get_by_label("Note").fill("")
    page.locator("#decision").get_by_label("Note").press("q")
    assert "/queue/" in page.url
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Keys are on (in this browser)").uncheck()
    page.keyboard.press("q")
    page.wait_for_timeout(300)
    assert "/queue/" in page.url


def test_of_two_people_at_once_one_wins_and_the_other_is_told(sign_in, people, about):
    proposal = factories.proposed(about, by=people["editor"])
    url = reverse("admin:queue_item", args=["proposal", proposal.pk])
    first, second = sign_in("reviewer"), sign_in("manager")
    for page in (first, second):
        page.goto(url)
    first.get_by_role("button", name="Publish").click()
    first.get_by_text("The verdict is published.").wait_for()
    second.get_by_role("button", name="Publish").click()
    second.get_by_text("Somebody else was quicker").wait_for()
    proposal.refresh_from_db()
    assert proposal.decided_by == people["reviewer"]


def test_many_are_approved_together_after_they_were_shown(sign_in, people, about):
    other = factories.recommendation()
    rows = [factories.proposed(each, by=people["editor"]) for each in (about, other)]
    page = sign_in("reviewer")
    for row in rows:
        page.get_by_label(f"Choose {row.recommendation}").check()
    page.get_by_role("button", name="Publish the chosen verdicts").click()
    page.get_by_role("button", name="Publish what is ticked").click()
    page.get_by_text("2 verdicts are published.").wait_for()
    assert set(
        Assessment.objects.filter(pk__in=[row.pk for row in rows]).values_list("state", flat=True)
    ) == {"published"}


def test_on_a_telephone_before_and_after_are_in_sight_and_what_is_refused_has_the_focus(
    sign_in, people, about, changed
):
    proposal = factories.proposed(about, by=people["editor"], effective_on=date(2019, 1, 1))
    page = sign_in("reviewer", width=390)
    page.goto(reverse("admin:queue_item", args=["proposal", proposal.pk]))
    effect = page.get_by_role("region", name="Before and after")
    assert effect.evaluate("it => it.scrollWidth - it.clientWidth") == 0, "the new status is cut off"
    page.goto(reverse("admin:queue_item", args=["finding", changed.pk]))
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.get_by_text("Propose a status, or say in a note").wait_for()
    assert page.evaluate("document.activeElement.closest('.wrong') !== null")
