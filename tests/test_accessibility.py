"""axe-core on every page, public and of the staff: nothing serious or critical, wide and light, narrow and dark."""

import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse

from recommendations.actions import findings
from tests import factories
from tests.admin.conftest import PASSWORD

SERIOUS = ("serious", "critical")


@pytest.fixture
def world(transactional_db):
    """One row of everything that has a page of its own."""
    source = factories.source(code="SRC")
    row = factories.recommendation(source=source, code="SRC-01")
    row.themes.add(factories.theme(code="registers"))
    row.addressees.add(factories.institution(code="office"), through_defaults={"position": 0})
    factories.recommendation(parent=row, code="SRC-01a")
    factories.published(row, status="in_progress", effective_on=date(2013, 1, 1))
    factories.published(row, status="implemented", effective_on=date(2020, 1, 1))
    factories.indicator(recommendations=[row], code="IND")
    person = factories.user("administrator", username="admin", password=PASSWORD)
    proposal = factories.proposed(row, by=factories.user("editor"), status="stalled")
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
    return {"row": row, "person": person, "proposal": proposal, "finding": finding, "check": check}


def broken(page):
    """What axe finds serious or worse on the page as it stands, by rule, with where."""
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished.catch(() => null)))")
    found = Axe().run(page).response["violations"]
    return {
        each["id"]: [node["html"][:160] for node in each["nodes"][:3]]
        for each in found
        if each["impact"] in SERIOUS
    }


def looks(browser, url, **more):
    for width, scheme in ((1280, "light"), (390, "dark")):
        viewport = {"width": width, "height": 900}
        yield browser.new_context(base_url=url, viewport=viewport, color_scheme=scheme, **more)


PUBLIC = [
    "/",
    "/sources/",
    "/sources/SRC/",
    "/recommendations/",
    "/recommendations/?q=recommendation",
    "/recommendations/SRC-01/",
    "/recommendations/SRC-01/?as_of=2015-01-01",
    "/institutions/office/",
    "/themes/registers/",
    "/indicators/IND/",
    "/changes/",
    "/method/",
    "/recipes/",
    "/nothing/",
]


def test_the_public_pages(browser, live_server, world):
    for context in looks(browser, live_server.url):
        page = context.new_page()
        wrong = {}
        for path in PUBLIC:
            page.goto(path)
            if found := broken(page):
                wrong[path] = found
        context.close()
        assert wrong == {}


def staff_pages(world):
    row, proposal, finding = world["row"], world["proposal"], world["finding"]
    yield from ("/admin/", "/admin/?turn=yours", "/admin/dashboard/", "/admin/notifications/")
    yield from ("/admin/roles/", "/admin/security/", "/admin/check-health/", "/admin/password_change/")
    yield reverse("admin:queue_item", args=["proposal", proposal.pk])
    yield reverse("admin:queue_item", args=["finding", finding.pk])
    for model, noun in admin.site._registry.items():
        name = f"admin:recommendations_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if noun.adds:
            yield reverse(f"{name}_add")
        one = model._default_manager.first()
        if one is not None:
            yield reverse(f"{name}_change", args=[one.pk])
    for deed in ("propose", "close"):
        yield reverse(f"admin:recommendations_recommendation_{deed}", args=[row.pk])
    yield reverse("admin:recommendations_assessment_replace", args=[proposal.pk])


def test_the_pages_of_the_staff(browser, live_server, world):
    for number, context in enumerate(looks(browser, live_server.url)):
        page = context.new_page()
        wrong = {}
        page.goto("/admin/login/?next=/admin/")
        if found := broken(page):
            wrong["/admin/login/"] = found
        page.get_by_label("User name").fill("admin")
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("^[^?]*/admin/$"))
        paths = list(staff_pages(world))
        # Every page once, the pages made by hand in both.
        for path in paths if number == 0 else paths[:10]:
            page.goto(path)
            if found := broken(page):
                wrong[path] = found
        context.close()
        assert wrong == {}
