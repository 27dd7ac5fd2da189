"""Each page names its twin as data, and the twin is there."""

import re

import pytest

from tests import factories


@pytest.fixture
def site(db):
    source = factories.source(code="SRC")
    row = factories.recommendation(
        source=source,
        code="SRC-01",
        addressees=[factories.institution(code="doj")],
        themes=[factories.theme(code="firearms")],
    )
    factories.published(row)
    factories.indicator(code="I-1", recommendations=[row])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sources/SRC/",
        "/recommendations/",
        "/recommendations/SRC-01/",
        "/recommendations/SRC-01/?as_of=2014-01-01&known_at=2026-11-26",
        "/institutions/doj/",
        "/themes/firearms/",
        "/indicators/I-1/",
    ],
)
def test_the_page_links_its_json(site, client, path):
    twin = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)">', client.get(path).text)
    assert twin, "no twin is named"
    answer = client.get(twin[1].replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def test_every_address_of_data_on_a_page_answers(site, client):
    addresses = set()
    for path in ("/", "/sources/SRC/", "/recommendations/SRC-01/"):
        addresses |= set(re.findall(r'href="(/api/v1/[^"?]*)', client.get(path).text))
    assert "/api/v1/recommendations/SRC-01/timeline/" in addresses
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


@pytest.mark.parametrize("path", ["/sources/SRC/", "/recommendations/SRC-01/"])
def test_staff_find_the_way_to_edit_and_nobody_else_does(site, client, path):
    assert "Edit in the administration" not in client.get(path).text
    client.force_login(factories.user("manager"))
    assert "Edit in the administration" in client.get(path).text
