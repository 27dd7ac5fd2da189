"""People at the admin's door, one for each role."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from recommendations.models import User
from tests import factories


@pytest.fixture
def client_of(db) -> Callable[[User | str], Client]:
    """A signed-in client of a person, or of a new person with that role."""

    def signed_in(person: User | str) -> Client:
        client = Client()
        client.force_login(person if isinstance(person, User) else factories.user(person))
        return client

    return signed_in


PASSWORD = "a phrase nobody would guess"


@pytest.fixture
def people(transactional_db):
    return {
        role: factories.user(role, username=role, password=PASSWORD)
        for role in ("editor", "reviewer", "manager")
    }


@pytest.fixture
def about(transactional_db):
    row = factories.recommendation(
        source=factories.source(code="SRC"), code="SRC-01", title="Keep a register"
    )
    factories.published(row, status="in_progress", effective_on=date(2013, 1, 1))
    factories.evidence(bears_on=row, title="The register opens", occurred_on=date(2018, 5, 1))
    return row


@pytest.fixture
def sign_in(live_server, browser):
    """A page of its own for each person, which notes what it asks of other hosts and what the browser complains of."""
    contexts = []

    def opened(name, width=1280, scheme="light"):
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.complaints = []
        own = (live_server.url, "data:", "blob:")
        page.on("request", lambda asked: asked.url.startswith(own) or page.complaints.append(asked.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.complaints.append(said.text))
        page.goto("/admin/login/?next=/admin/")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}/admin/")
        return page

    yield opened
    for context in contexts:
        context.close()
