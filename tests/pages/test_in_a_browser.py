"""The pages in a real browser: without scripts, on a telephone and a desk, by keyboard."""

from datetime import date

import pytest

from tests import factories

PAGES = [
    "/",
    "/sources/",
    "/sources/SRC/",
    "/recommendations/",
    "/recommendations/SRC-01/",
    "/method/",
    "/recipes/",
]
PAGES += ["/nothing/"]


@pytest.fixture
def site(live_server, browser):
    source = factories.source(
        code="SRC", title="A report with a long title on the many ways to keep a register"
    )
    row = factories.recommendation(
        source=source, code="SRC-01", title="Keep a register " + "of everything " * 8
    )
    part = factories.recommendation(parent=row, code="SRC-01a")
    factories.published(row, status="in_progress", effective_on=date(2012, 1, 1))
    factories.published(row, status="substantially_implemented", effective_on=date(2020, 1, 1))
    factories.published(part, status="no_action")
    long_address = "https://example.org/" + "a-very-long-address-" * 12
    factories.evidence(
        bears_on=part, document=factories.document(url=long_address, title="B" * 90), title="B" * 90
    )
    factories.indicator(recommendations=[row], name="A measure " * 12)
    return live_server.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge_and_nothing_is_refused(site, browser, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    over = {}
    for path in PAGES:
        page.goto(site + path)
        root = "document.documentElement"
        over[path] = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    context.close()
    assert over == dict.fromkeys(PAGES, 0)
    assert [text for text in said if "404" not in text] == []  # the last page is one that does not exist


def test_the_keyboard_comes_to_the_content_first_and_focus_is_seen(site, browser):
    page = browser.new_page()
    page.goto(site + "/recommendations/SRC-01/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_without_scripts_a_visitor_asks_for_a_day_of_the_past(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/recommendations/SRC-01/")
    assert page.locator(".headline .status").inner_text() == "Substantially implemented"
    page.get_by_label("What was true on").fill("2013-06-01")
    page.locator(".moment button").click()
    assert page.locator(".headline .status").inner_text() == "In progress"
    assert "You are looking at the past." in page.locator(".then").inner_text()
    context.close()


def test_each_page_has_one_heading_landmarks_names_and_captions(site, browser):
    page = browser.new_page()
    for path in PAGES:
        page.goto(site + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("main, header.top, footer").count() == 3, path
        assert page.locator("html[lang]").count() == 1
        assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption)"), path
        assert page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select')].every(f => f.labels.length)"
        ), path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)), path
    page.close()
