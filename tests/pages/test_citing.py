"""A page can be cited, shown elsewhere as a badge, and read by machines."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from recommendations.pages.badges import looks
from recommendations.vocabulary import Status
from tests import factories

SVG = {"s": "http://www.w3.org/2000/svg"}
LATER = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def row(db):
    source = factories.source(
        code="CFR",
        title="Report",
        published_on=date(2011, 3, 1),
        date_precision="month",
        authors=["A. Writer"],
    )
    row = factories.recommendation(
        source=source, code="CFR-06", title="Guns </script><b>&", themes=[factories.theme(name="Firearms")]
    )
    factories.published(row, status="in_progress", effective_on=date(2013, 1, 1), now=LATER)
    return row


def linked(page):
    [told] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(told)


def words(answer):
    picture = ElementTree.fromstring(answer.content)
    title = picture.find("s:title", SVG)
    assert picture.get("aria-label") == title.text
    assert ": ".join(each.text for each in picture.iterfind("s:g/s:text", SVG)) == title.text
    return title.text


def test_the_badge_says_what_it_has_come_to(client, row):
    answer = client.get("/recommendations/CFR-06/badge.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert words(answer) == "CFR-06: In progress"
    assert words(client.get("/recommendations/CFR-06/badge.svg?as_of=2012-01-01")) == "CFR-06: Not assessed"
    spanish = client.get("/recommendations/CFR-06/badge.svg", headers={"Accept-Language": "es"})
    assert words(spanish) == "CFR-06: En curso"
    assert "Accept-Language" in answer["Vary"]


def test_who_has_the_badge_is_told_so_until_it_changes(client, row):
    first = client.get("/recommendations/CFR-06/badge.svg")
    again = {"If-None-Match": first["ETag"]}
    assert client.get("/recommendations/CFR-06/badge.svg", headers=again).status_code == 304
    factories.published(row, status="implemented", effective_on=date(2014, 1, 1))
    answer = client.get("/recommendations/CFR-06/badge.svg", headers=again)
    assert (answer.status_code, words(answer)) == (200, "CFR-06: Implemented")


def test_there_is_no_badge_of_what_is_not_public_or_was_not_there(client, row):
    factories.recommendation(code="HIDDEN", visibility="internal")
    for path in ("HIDDEN/badge.svg", "NONE/badge.svg", "CFR-06/badge.svg?as_of=2010-01-01"):
        assert client.get(f"/recommendations/{path}").status_code == 404
    assert client.get("/recommendations/CFR-06/badge.svg?as_of=x").status_code == 400


def test_each_status_has_colours_and_a_symbol_of_its_own():
    assert set(looks()) == set(Status)
    assert len({(look.tint, look.text, look.symbol) for look in looks().values()}) == len(Status)
    for look in looks().values():
        ElementTree.fromstring(f"<g>{look.symbol}</g>")
        assert re.fullmatch("#[0-9a-f]{6}", look.tint)
        assert re.fullmatch("#[0-9a-f]{6}", look.text)


def test_a_page_is_cited_with_its_version_and_the_address_goes_on_saying_it(client, row, look):
    linked_later = factories.evidence(bears_on=row, title="Linked without another version")
    shown = client.get("/recommendations/CFR-06/")
    page = shown.context["citation"]
    assert " ".join(
        re.sub("<[^>]+>", "", shown.text.partition("Cite or embed</summary>")[2]).split()
    ).startswith(
        "Policy Recommendation Tracker: CFR-06, “Guns &lt;/script&gt;&lt;b&gt;&amp;” (Report)."
        " In progress as of 2026-11-26; version 2. http://testserver/recommendations/CFR-06/?as_of=2026-11-26&amp;"
    )
    assert page.address.startswith(
        "http://testserver/recommendations/CFR-06/?as_of=2026-11-26&known_at=2026-11-26T12:00:"
    )
    afterwards = factories.NOW + timedelta(hours=1)
    factories.published(row, status="implemented", effective_on=date(2014, 1, 1), now=afterwards)
    cited = client.get(page.address)
    assert cited.context["headline"].status == "in_progress"
    assert cited.context["citation"].address == page.address
    assert linked_later.title in shown.text
    assert linked_later.title in cited.text
    assert "In progress as of 2026-11-26; version" in cited.text


def test_what_is_to_be_pasted_shows_the_badge(client, row):
    embed = client.get("/recommendations/CFR-06/").context["citation"].embed
    [address] = re.findall(r'src="([^"]+)"', embed)
    assert client.get(address).status_code == 200


def test_a_recommendation_is_told_to_machines(look, row):
    told = linked(look("/recommendations/CFR-06/"))
    assert {
        name: told[name] for name in ("@context", "@type", "identifier", "name", "creativeWorkStatus")
    } == {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "identifier": "CFR-06",
        "name": "Guns </script><b>&",
        "creativeWorkStatus": "In progress",
    }
    assert (told["about"], told["version"]) == (["Firearms"], 2)
    assert told["isPartOf"] == {name: linked(look("/sources/CFR/"))[name] for name in told["isPartOf"]}
    assert told["isPartOf"]["datePublished"] == "2011-03"
    assert told["review"]["datePublished"] == "2026-11-20T09:30:00+00:00"
    assert told["encoding"]["contentUrl"] == "http://testserver/api/v1/recommendations/CFR-06/"
    past = linked(look("/recommendations/CFR-06/?as_of=2012-01-01"))
    assert (past["creativeWorkStatus"], "review" in past) == ("Not assessed", False)
