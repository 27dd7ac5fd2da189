"""Every task of staff by keyboard alone, without the single keys: Tab, arrows, Space, Enter and typing.

Each step asks that the focus can be seen and that Tab goes on: who never uses a mouse must neither lose their place nor
be caught in it.
"""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Error

from recommendations.models import Assessment, Assignment, Finding, Notification, SavedView, SecondFactor
from tests import factories
from tests.admin.conftest import PASSWORD

FOCUSED = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const ringed = each => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const box = here.getBoundingClientRect();
  const words = each => {
    const copy = each.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true], script").forEach(hidden => hidden.remove());
    return copy.textContent;
  };
  const label = here.labels && here.labels[0];
  const said = here.getAttribute("aria-label") || (label && words(label)) || words(here).trim() || here.title
    || here.value || [...here.querySelectorAll("img")].map(each => each.alt).join(" ");
  return {
    name: said.replace(/\\s+/g, " ").trim(),
    what: here.outerHTML.slice(0, 160),
    seen: here.checkVisibility() && box.bottom > 0 && box.top < innerHeight,
    ringed: ringed(here) || (here.parentElement !== null && ringed(here.parentElement)),
  };
}"""


def focused_on(page):
    """What has the focus; None where nothing of the page has it, or where another page was just on its way."""
    try:
        return page.evaluate(FOCUSED)
    except Error:
        page.wait_for_load_state("networkidle")
        return None


def tab_to(page, name, back=False):
    """Press Tab until what has the focus is called `name` (its beginning); every stop on the way must show that."""
    passed = []
    for _stop in range(250):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        focused = focused_on(page)
        if focused is None:
            continue
        assert focused["seen"], f"the focus is out of sight: {focused['what']}"
        assert focused["ringed"], f"the focus cannot be seen: {focused['what']}"
        if focused["name"].startswith(name):
            return
        passed.append(focused["name"][:40])
    pytest.fail(f"Tab never came to “{name}”, but to {passed}")


def press(page, name):
    """Come to it and press it; what it leads to has been loaded afterwards."""
    tab_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # Enter is taken at once, and the way to another page begins a moment later
    page.wait_for_load_state("networkidle")


def write(page, label, words):
    tab_to(page, label)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def find(page, label, words):
    """Choose one row in a field that finds by typing."""
    tab_to(page, label)
    page.keyboard.press("Enter")
    page.locator(".select2-container--open .select2-search__field").wait_for()
    page.keyboard.type(words)
    page.locator(".select2-results__option--highlighted", has_text=words).wait_for()
    page.keyboard.press("Enter")
    page.locator(".select2-container--open").wait_for(state="detached")


@pytest.fixture
def page(live_server, browser, people):
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()


def enter(page, name, code=""):
    page.goto("/admin/login/?next=/admin/")
    write(page, "User name", name)
    write(page, "Password", PASSWORD)
    if code:
        write(page, "Code from your telephone", code)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("^[^?]*/admin/$"))


def said(page, words):
    page.get_by_text(words).first.wait_for()


def test_deciding_sending_back_skipping_and_editing_as_ones_own(page, people, about):
    rows = [factories.proposed(factories.recommendation(), by=people["editor"]) for _each in range(4)]
    first, second, third, fourth = rows
    enter(page, "reviewer")
    press(page, str(first.recommendation))
    tab_to(page, "Note")
    press(page, "Publish")
    said(page, "The verdict is published.")
    press(page, "Skip to the next")
    page.wait_for_url(re.compile(f"/proposal/{third.pk}/"))
    page.go_back()
    page.wait_for_url(re.compile(f"/proposal/{second.pk}/"))
    press(page, "Send back")
    write(page, "Reason", "Cite the law itself.")
    press(page, "Send back")
    said(page, "The proposal is sent back.")
    press(page, "Edit as my own")
    write(page, "Rationale", "The register is open.")
    press(page, "Edit as my own")
    said(page, "Your proposal takes its place")
    states = dict(Assessment.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["published", "rejected", "rejected", "proposed"]
    assert Assessment.objects.latest("pk").proposed_by == people["reviewer"]


def test_assigning_and_approving_many(page, people, about):
    rows = [factories.proposed(factories.recommendation(), by=people["editor"]) for _each in range(3)]
    enter(page, "reviewer")
    tab_to(page, f"Choose {rows[0].recommendation}")
    page.keyboard.press("Space")
    find(page, "Assign to", "manager")
    press(page, "Assign the chosen")
    said(page, "1 is assigned to manager.")
    assert Assignment.objects.get().person == people["manager"]
    for row in rows[1:]:
        tab_to(page, f"Choose {row.recommendation}")
        page.keyboard.press("Space")
    press(page, "Publish the chosen verdicts")
    write(page, "Note, for all of them", "Read.")
    press(page, "Publish what is ticked")
    said(page, "2 verdicts are published.")


def test_accepting_and_dismissing_findings(page, people, about):
    one, other = (factories.finding(recommendation=about) for _each in range(2))
    enter(page, "editor")
    press(page, one.title)
    write(page, "Note", "It still stands.")
    press(page, "Accept")
    said(page, "The finding is accepted.")
    press(page, "Dismiss")
    write(page, "Reason", "Only the footer.")
    press(page, "Dismiss")
    said(page, "The finding is dismissed.")
    assert list(Finding.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "dismissed"]


def test_a_deadline_with_its_reason(page, people, about):
    enter(page, "editor")
    page.goto(reverse("admin:recommendations_recommendation_change", args=[about.pk]))
    press(page, "Move the deadline")
    tab_to(page, "New date")
    page.keyboard.type("06302031")
    find(page, "Set or moved by", about.addressees.get().name)
    write(page, "Reason", "A letter of the office.")
    press(page, "Move the deadline")
    said(page, "The deadline is moved.")
    about.refresh_from_db()
    assert about.due_on == date(2031, 6, 30)


def test_two_institutions_become_one(page, people):
    one, other = factories.institution(name="Office of Registers"), factories.institution(name="Registry")
    enter(page, "manager")
    page.goto(reverse("admin:recommendations_institution_change", args=[one.pk]))
    press(page, "Merge into another")
    find(page, "Merge into", "Registry")
    press(page, "Merge into another")
    said(page, "The two are one body now.")
    one.refresh_from_db()
    assert one.merged_into == other


def test_a_view_is_kept_renamed_and_removed(page, people, about):
    enter(page, "editor")
    page.goto("/admin/recommendations/recommendation/?status__exact=in_progress")
    press(page, "Keep this view")
    write(page, "Name for what the list shows now", "Under way")
    press(page, "Keep this view")
    said(page, "The view “Under way” is kept.")
    assert SavedView.objects.get().query == "status__exact=in_progress"
    press(page, "Keep or change views")
    write(page, "Name of the view “Under way”", "Begun")
    press(page, "Rename")
    said(page, "The view is called “Begun” now.")
    press(page, "Begun")
    press(page, "Keep or change views")
    press(page, "Remove")
    said(page, "The view “Begun” is removed.")


def test_what_one_is_told_of(page, people, about):
    person = people["editor"]
    Notification.objects.create(
        person=person,
        topic="assigned",
        fingerprint="x",
        title="You are asked to decide",
        noun="finding",
        number=factories.finding().pk,
        in_admin=True,
        by_mail=False,
        made_at=timezone.now(),
    )
    enter(page, "editor")
    page.goto(reverse("admin:notifications"))
    press(page, "Mark all as read")
    page.wait_for_url(re.compile("/notifications/$"))
    tab_to(page, "A check found something on a theme I follow: in the admin")
    page.keyboard.press("Space")
    tab_to(page, "Themes you follow")
    page.keyboard.type(about.themes.get().name)
    page.locator(".select2-results__option--highlighted").wait_for()
    page.keyboard.press("Enter")
    press(page, "Save")
    said(page, "From now on you are told as you chose.")
    assert list(person.followed_themes.all()) == list(about.themes.all())
    assert not person.subscriptions.get(topic="finding").in_admin


def code(person):
    from recommendations.actions import sealing

    key = sealing.unseal(SecondFactor.objects.get(user=person).sealed)
    return f"{TOTP(bytes.fromhex(key)).token():06d}"


def test_a_second_factor_is_set_up_and_asked_for(page, people):
    enter(page, "editor")
    page.goto(reverse("admin:security"))
    press(page, "Set up a second factor")
    page.get_by_text("Confirm with the code it shows").wait_for()
    write(page, "Code", code(people["editor"]))
    press(page, "Confirm with the code it shows")
    said(page, "From now on your sign-in asks for a code.")
    press(page, "End all my sessions")
    page.wait_for_url(re.compile("/login/"))
    SecondFactor.objects.update(last_step=-1)  # as if half a minute had gone by
    enter(page, "editor", code(people["editor"]))


def test_a_proposal_with_evidence_found_by_typing(page, people, about):
    other = factories.evidence(title="An audit of 2019", occurred_on=date(2019, 1, 1))
    enter(page, "editor")
    page.goto(reverse("admin:recommendations_recommendation_propose", args=[about.pk]))
    tab_to(page, "Unable to assess")
    page.keyboard.press("Space")
    for _step in range(5):
        page.keyboard.press("ArrowDown")  # to "Implemented"
    tab_to(page, "True as of")
    page.keyboard.type("01022020")
    write(page, "Rationale", "It is open.")
    tab_to(page, "High")
    page.keyboard.press("Space")
    find(page, "Other evidence", "An audit of 2019")
    press(page, "Show what it would change")
    page.get_by_text("What it changes once somebody else has published it").wait_for()
    press(page, "Propose a verdict")
    said(page, "Your proposal waits for somebody else to decide.")
    proposal = Assessment.objects.latest("pk")
    assert (proposal.status, [each.evidence for each in proposal.citations.all()]) == ("implemented", [other])
