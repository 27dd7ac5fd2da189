"""What changed: told newest first and by page, as a page and as Atom, and never of what is hidden."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from recommendations.actions import recommendations, themes
from recommendations.models import Event
from recommendations.pages import wordings
from recommendations.queries.changes import SHOWN
from tests import factories
from tests.factories import NOW

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def row(db):
    """A recommendation whose title was changed, and that came to be implemented."""
    found = factories.recommendation(code="CFR60-06", title="Register purchases")
    recommendations.change(found, title="Register all purchases", by=factories.user("manager"), now=NOW)
    factories.published(found, status="implemented", effective_on=date(2014, 1, 1))
    return found


def feed(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(root):
    return [each.text for each in root.iterfind("a:entry/a:title", ATOM)]


def test_each_change_says_what_was_done_and_from_what_to_what(look, row):
    page = look("/changes/")
    assert '<a href="/recommendations/CFR60-06/">Register all purchases</a>' in page
    assert '<span class="was">Register purchases</span>' in page
    assert "Recommendation: status changed" in page
    assert "Verdict: published" in page
    assert '<span class="was">Not assessed</span>' in page
    assert page.index("Recommendation: status changed") < page.index("Recommendation: changed")


def test_what_is_hidden_is_never_named(look, client, row):
    theme = themes.create(code="t", name="Rumpelstiltskin", by=factories.user("manager"), now=NOW)
    recommendations.change(row, visibility="internal", by=factories.user("manager"), now=NOW)
    factories.recommendation(visibility="internal", themes=[theme], title="Rumpelstiltskin")
    page = look("/changes/")
    assert "public no longer" in page
    for text in (page, client.get("/changes.atom").text):
        assert "Register" not in text
        assert "Rumpelstiltskin" not in text


def test_pages_go_on_from_the_last_change_shown(look, row):
    manager = factories.user("manager")
    for number in range(120):
        themes.create(code=f"t{number}", name=f"Theme {number:03}", by=manager, now=NOW)
    address, seen = "/changes/", []
    while address:
        page = look(address)
        seen += [each[:9] for each in page.split('/">Theme ')[1:] if each[:3].isdigit()]
        _rest, more, after = page.partition('rel="next" href="')
        address = "/changes/" + after.split('"')[0] if more else ""
    assert [each[:3] for each in seen] == [f"{number:03}" for number in reversed(range(120))]
    assert "Part of the question is not understood" in look("/changes/?before=yesterday", status=400)


def test_an_atom_feed_has_what_a_reader_needs(client, row):
    root = feed(client, "/changes.atom")
    assert root.find("a:id", ATOM).text.startswith("urn:uuid:")
    assert root.find("a:link[@rel='self']", ATOM).get("href") == "http://testserver/changes.atom"
    assert root.find("a:author/a:name", ATOM).text == "Policy Recommendation Tracker"
    newest = Event.objects.filter(public=True).order_by("-at")[0].at
    assert root.find("a:updated", ATOM).text == newest.isoformat()
    assert "Recommendation: status changed: CFR60-06: Register all purchases" in titles(root)
    ids = [each.text for each in root.iterfind("a:entry/a:id", ATOM)]
    assert len(set(ids)) == len(ids) > 2
    assert ids == [each.text for each in feed(client, "/changes.atom").iterfind("a:entry/a:id", ATOM)]
    for entry in root.iterfind("a:entry", ATOM):
        assert entry.find("a:updated", ATOM).text
        assert entry.find("a:link", ATOM).get("href").startswith("http://testserver/")
        assert entry.find("a:summary", ATOM).text


@pytest.mark.parametrize("path", ["sources/{}", "institutions/{}", "recommendations/{}"])
def test_a_feed_of_one_thing_has_only_what_is_its_own(client, db, path):
    body, manager = factories.institution(code="body"), factories.user("manager")
    source = factories.source(code="AAA")
    row = factories.recommendation(code="AAA-1", source=source, addressees=[body], title="Ours")
    other = factories.recommendation(code="BBB-1", title="Theirs")
    part = factories.recommendation(
        code="AAA-1a", parent=row, source=source, addressees=[body], title="A part"
    )
    for each in (row, other, part):
        recommendations.change(each, note="Noted.", by=manager, now=NOW)
    code = {"sources/{}": "AAA", "institutions/{}": "body", "recommendations/{}": "AAA-1"}[path]
    told = titles(feed(client, f"/{path.format(code)}/changes.atom"))
    assert told == [
        "Recommendation: changed: AAA-1a: A part",
        "Recommendation: changed: AAA-1: Ours",
    ]
    page = client.get(f"/{path.format(code)}/").text
    assert f'type="application/atom+xml" href="/{path.format(code)}/changes.atom"' in page
    assert client.get(f"/{path.format('nothing')}/changes.atom").status_code == 404


def test_the_feed_of_something_hidden_is_not_there(client, db):
    source = factories.source(code="AAA", visibility="internal")
    factories.recommendation(code="AAA-1", source=source, addressees=[factories.institution(code="body")])
    for path in ("sources/AAA", "institutions/body", "recommendations/AAA-1"):
        assert client.get(f"/{path}/changes.atom").status_code == 404


def test_whoever_has_a_feed_is_not_sent_it_again(client, row):
    answer = client.get("/changes.atom")
    again = {"If-None-Match": answer["ETag"]}
    assert client.get("/changes.atom", headers=again).status_code == 304
    recommendations.change(row, note="Noted.", by=factories.user("manager"), now=NOW + timedelta(days=1))
    assert client.get("/changes.atom", headers=again).status_code == 200


def test_what_looks_like_markup_is_text_in_a_feed(client, row):
    recommendations.change(row, note="<b>Noted</b> & seen", by=factories.user("manager"), now=NOW)
    told = [each.text for each in feed(client, "/changes.atom").iterfind("a:entry/a:summary", ATOM)]
    assert told[0] == "Note: not stated → &lt;b&gt;Noted&lt;/b&gt; &amp; seen"


def test_an_empty_feed_is_valid_and_the_same_each_time(client, db):
    first = client.get("/changes.atom")
    assert first.content == client.get("/changes.atom").content
    assert ElementTree.fromstring(first.content).find("a:updated", ATOM).text


def test_every_page_leads_to_what_changed(look, db):
    page = look("/")
    assert 'href="/changes/"' in page
    assert 'type="application/atom+xml" href="/changes.atom"' in page


def test_everything_that_the_feed_tells_has_words():
    assert wordings.THINGS.keys() == SHOWN.keys()
    assert {name for names in SHOWN.values() for name in names} == wordings.FIELDS.keys()


def test_the_number_of_statements_does_not_grow(client, db, django_assert_num_queries):
    body = factories.institution(code="body")
    for number in (1, 3):
        for _ in range(number):
            factories.published(factories.recommendation(addressees=[body]))
        with django_assert_num_queries(2):
            client.get("/changes/")
        with django_assert_num_queries(3):
            client.get("/changes.atom")
        with django_assert_num_queries(5):
            client.get("/institutions/body/changes.atom")
