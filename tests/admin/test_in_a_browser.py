"""The admin in a real browser: the whole way of a verdict between two people, and pages that anyone can use."""

from datetime import date

import pytest

from recommendations.actions import findings
from tests import factories

UNNAMED = """() => [...document.querySelectorAll(":is(input, select, textarea, button, a):is(#content *)")]
  .filter(each => each.type !== "hidden" && each.checkVisibility() && !each.closest("[aria-hidden=true]"))
  .filter(each => !(each.labels && [...each.labels].some(label => label.innerText.trim()))
    && !each.getAttribute("aria-label") && !each.getAttribute("aria-labelledby") && !each.title
    && !each.innerText.trim())
  .map(each => each.outerHTML.slice(0, 150))"""


def test_one_proposes_another_publishes_and_the_public_reads_it(sign_in, people, about, live_server):
    page = sign_in("editor")
    page.goto(f"/admin/recommendations/recommendation/{about.pk}/change/")
    page.get_by_role("link", name="Propose a verdict").click()
    page.get_by_label("Implemented What was asked has been done").check()
    page.get_by_label("True as of").fill("2018-05-02")
    page.get_by_label("Rationale").fill("The register is open, and complete.")
    page.get_by_label("High").check()
    page.get_by_label("The register opens", exact=True).check()
    page.get_by_label("Place in The register opens").fill("p. 2")
    page.get_by_role("button", name="Propose a verdict").click()
    page.get_by_text("Your proposal waits for somebody else to decide.").wait_for()
    assert page.get_by_role("link", name="Publish").count() == 0
    assert page.get_by_role("link", name="Withdraw").count() == 1
    assert page.complaints == []

    page = sign_in("reviewer")
    page.get_by_role("link", name="SRC-01: Keep a register").click()
    assert "p. 2" in page.locator("#content").inner_text()
    page.get_by_label("Note").fill("I have read it too.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("The verdict is published.").wait_for()
    page.get_by_text("Nothing waits.").wait_for()
    assert page.complaints == []

    context = page.context.browser.new_context(base_url=live_server.url)
    told = context.request.get("/api/v1/recommendations/SRC-01/").json()
    assert (told["status"], told["status_since"]) == ("implemented", "2018-05-02")
    public = context.new_page()
    public.goto("/recommendations/SRC-01/")
    assert "Implemented" in public.locator("main").inner_text()
    context.close()


def test_a_proposal_is_made_by_keyboard_alone(sign_in, people, about):
    page = sign_in("editor")
    page.goto(f"/admin/recommendations/recommendation/{about.pk}/propose/")
    page.get_by_label("Unable to assess").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")  # no action found
    page.keyboard.press("Tab")
    page.keyboard.type("01022019")  # the browser's own field for days, month first in this locale
    while page.evaluate("document.activeElement.name") != "rationale":
        page.keyboard.press("Tab")
    page.keyboard.type("We looked and found nothing.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your proposal waits for somebody else to decide.").wait_for()
    said = about.assessments.get(state="proposed")
    assert (said.status, said.effective_on, said.confidence) == ("no_action", date(2019, 1, 2), "high")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_fit_name_their_fields_and_ask_nobody_else(sign_in, people, about, width, scheme):
    proposal = factories.proposed(about, by=people["editor"])
    check = factories.check(evidence=proposal.citations.get().evidence)
    finding = findings.bring(
        kind="evidence_gone",
        rule="answer_gone",
        rule_version="1",
        title="The address answers 404",
        fingerprint="gone-1",
        by="check:1",
        now=factories.NOW,
        check=check,
        evidence=check.evidence,
    )
    page = sign_in("manager", width, scheme)
    base = "/admin/recommendations"
    for url in (
        "/admin/",
        f"{base}/recommendation/",
        f"{base}/recommendation/{about.pk}/change/",
        f"{base}/recommendation/{about.pk}/propose/",
        f"{base}/assessment/{proposal.pk}/change/",
        f"{base}/assessment/{proposal.pk}/publish/",
        f"{base}/evidence/{check.evidence.pk}/change/",
        f"{base}/evidence/add/",
        f"{base}/statuscheck/{check.pk}/change/",
        f"{base}/finding/{finding.pk}/accept/",
        f"{base}/source/{about.source.pk}/change/",
    ):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert "login" not in page.url
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (wide, page.evaluate(UNNAMED), page.complaints) == (0, [], []), url
