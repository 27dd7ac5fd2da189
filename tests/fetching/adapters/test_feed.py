"""Feeds as they are: relative guids, text escaped twice, three dialects, and files that are no feeds.

Their traps, and the test that steps into each:
- a guid that is no permalink, and relative
  -> test_a_guid_from_the_sites_root_is_an_address_and_names_the_entry_once
- text escaped twice -> test_what_holds_the_words_is_told_once
- a day in another time zone -> test_what_holds_the_words_is_told_once
- the day of the feed is not that of an entry -> test_what_holds_the_words_is_told_once
- the newest 25 only: what is left waits at the top -> test_since_a_day_all_is_told_and_what_is_too_much_waits
- Atom and RSS 1.0 name and place things otherwise -> test_atom_and_rss_1_are_read_alike
- a number for a guid names nothing outside its feed
  -> test_an_entry_with_an_address_is_the_same_in_every_feed_and_a_numbered_one_is_not
- a page for people, an unfinished file, entities that grow -> test_what_is_no_feed_fails
- a site that turns plain clients away -> test_a_site_that_turns_us_away_fails_the_look_and_tells_nothing
"""

import pytest

from recommendations.fetching.adapters import ADAPTERS
from recommendations.fetching.feeds import entries

from .asking import Asking

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>
<title>Reports from the auditors</title><link>https://audit.example/rss</link>
<atom:link href="https://audit.example/rss/reports.xml" rel="self"/>
<lastBuildDate>Mon, 14 Sep 2026 11:01:17 -0400</lastBuildDate>
{items}
</channel></rss>"""

ITEM = """<item><title>{title}</title><link>https://audit.example{guid}</link>
<description>&lt;p&gt;What was found: {title}.&lt;/p&gt;</description>
<pubDate>{date}</pubDate><guid isPermaLink="false">{guid}</guid></item>"""

GUNS = ("Firearms Trafficking: U.S. Efforts", "/products/gao-26-1", "Mon, 14 Sep 2026 11:00:00 -0400")
PLACES = ("National Register of Historic Places", "/products/gao-26-2", "Fri, 11 Sep 2026 09:00:00 -0400")
AMMUNITION = (
    "AT&amp;amp;F: ammunition traced in México",
    "/products/gao-26-3",
    "Tue, 15 Sep 2026 01:00:00 +0900",
)


def rss(*items):
    listed = (ITEM.format(title=title, guid=guid, date=date) for title, guid, date in items)
    return RSS.format(items="\n".join(listed))


@pytest.fixture
def asking(web):
    web.page("/rss", rss(GUNS, PLACES), content_type="application/rss+xml")
    return Asking("feed", {"url": web.url("/rss"), "words": ["firearm", "ammunition"]})


def test_what_holds_the_words_is_told_once(web, asking):
    assert asking.titles() == ("first_look", ["Announced: Firearms Trafficking: U.S. Efforts"])
    assert asking.titles() == ("unchanged", [])
    web.page("/rss", rss(AMMUNITION, GUNS, PLACES))
    [found] = asking.look().found
    assert (found.kind, found.rule, found.title) == (
        "document_found",
        "feed_entry",
        "Announced: AT&F: ammunition traced in México",
    )
    assert found.detail == "What was found: AT&F: ammunition traced in México."
    assert {name: found.saw[name] for name in ("url", "published_on", "publisher", "matched")} == {
        "url": "https://audit.example/products/gao-26-3",
        "published_on": "2026-09-14",
        "publisher": "Reports from the auditors",
        "matched": ["ammunition"],
    }


def test_words_begin_words_whatever_their_capitals_and_accents_and_others_may_be_forbidden(web, asking):
    web.page("/rss", rss(GUNS, AMMUNITION, PLACES))
    for words, without, told in [
        (["MEXICO"], [], 1),
        (["arms"], [], 0),
        (["historic   places", "firearms trafficking"], [], 2),
        (["firearms"], ["efforts"], 0),
    ]:
        config = {"url": web.url("/rss"), "words": words} | ({"without": without} if without else {})
        assert len(Asking("feed", config).look().found) == told


def test_an_entry_with_an_address_is_the_same_in_every_feed_and_a_numbered_one_is_not(web):
    for guid, same in (("https://news.example/law", True), ("17", False)):
        body = f"<rss><channel><item><title>Guns</title><guid>{guid}</guid></item></channel></rss>"
        feeds = [web.page(path, body, content_type="text/xml") for path in ("/one", "/two")]
        found = [Asking("feed", {"url": url, "words": ["guns"]}).look().found[0] for url in feeds]
        assert (found[0].fingerprint == found[1].fingerprint) is same


def test_a_site_that_turns_us_away_fails_the_look_and_tells_nothing(web, asking):
    asking.look()
    before = dict(asking.state)
    web.page("/rss", "<html>Access denied</html>", status=403)
    seen = asking.look()
    assert (seen.outcome, seen.note, seen.found) == ("failed", "HTTP 403", ())
    assert asking.state == before


def test_a_word_may_stand_far_down_in_a_long_summary(web, asking):
    long = (f"A report. {'Much is said. ' * 200} Firearms too", "/products/gao-26-9", GUNS[2])
    web.page("/rss", rss(long).replace(f"<title>{long[0]}", "<title>A report"))
    [found] = asking.look().found
    assert (found.title, found.score, len(found.detail)) == ("Announced: A report", 0.4, 500)


def test_an_unchanged_feed_costs_no_body(web, asking):
    web.page("/rss", rss(GUNS), etag='"1"')
    assert [asking.look().note for _look in range(2)] == ["1 entries, 1 new, 1 told", "not modified"]


def test_since_a_day_all_is_told_and_what_is_too_much_waits(web, asking):
    many = [
        (f"Firearms {number}", f"/products/{number}", "Mon, 14 Sep 2026 11:00:00 GMT") for number in range(40)
    ]
    old = ("Firearms of old", "/products/old", "Mon, 14 Sep 2015 11:00:00 GMT")
    web.page("/rss", rss(*many, old), etag='"1"')
    asking.config["since"] = "2026-01-01"
    assert [len(asking.look().found) for _look in range(3)] == [25, 15, 0]


def test_a_guid_from_the_sites_root_is_an_address_and_names_the_entry_once():
    body = """<rss><channel><title>A</title>
    <item><title>One</title><guid isPermaLink="false">/products/1</guid></item>
    <item><title>One again</title><guid>https://audit.example/products/1</guid></item></channel></rss>"""
    [entry] = entries(body.encode(), "https://audit.example/rss/reports.xml")
    assert (entry.url, entry.published_on) == ("https://audit.example/products/1", "")


def test_atom_and_rss_1_are_read_alike():
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>urn:1</id>
    <title type="html">Guns &amp;amp; law</title><link rel="self" href="/self"/><link href="/law"/>
    <published>2026-05-01T23:00:00Z</published><summary>Seen.</summary></entry></feed>"""
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title></channel>
    <item><title>Guns &amp;amp; law</title><link>https://news.example/law</link><description>Seen.</description>
    <dc:date>2026-05-01</dc:date></item></rdf:RDF>"""
    told = [entries(body.encode(), "https://news.example/feed")[0] for body in (atom, rdf)]
    assert [(each.url, each.title, each.summary, each.published_on, each.feed) for each in told] == [
        ("https://news.example/law", "Guns & law", "Seen.", "2026-05-01", "News")
    ] * 2


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("<!doctype html><title>Sign in</title>", "a web page was served in place of data"),
        ("", "the answer is empty"),
        ("<rss><channel>", "the feed is not well-formed XML"),
        ("<sitemap/>", "this is XML, but no feed (sitemap)"),
        ('<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss>&a;</rss>', "the feed declares entities"),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', "the feed is not well-formed XML"),
    ],
)
def test_what_is_no_feed_fails(web, asking, body, note):
    web.page("/rss", body, content_type="application/xml")
    seen = asking.look()
    assert (seen.outcome, seen.note[: len(note)], seen.found) == ("failed", note, ())


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, {"url", "words"}),
        ({"url": "https://a.example/", "words": []}, {"words"}),
        ({"url": "https://a.example/", "words": ["guns"], "query": "x"}, {"query"}),
        ({"url": "javascript:alert(1)", "words": ["guns"]}, {"url"}),
    ],
)
def test_a_wrong_field_is_refused_by_name(config, wrong):
    assert set(ADAPTERS["feed"].validate(config)) == wrong
