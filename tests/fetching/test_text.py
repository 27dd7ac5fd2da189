"""What a page says, without its furniture: pairs that must be the same, pairs that must differ."""

import time

import pytest

from recommendations.fetching.text import decoded, page_text, plain_text, text_hash

BODY = """
<h1>Rule on firearms exports</h1>
<p>The rule takes effect on 1 June 2021 and covers 12 categories.</p>
<p>Licences are <b>not</b> required for museums.</p>
<table><tr><th>Year</th><th>Licences</th></tr><tr><td>2020</td><td>1,204</td></tr></table>
<ul><li>Comment period: 30 days</li><li>Status: in force</li></ul>
"""


def document(main=BODY, *, before="", after="", head="<title>Rule</title>", body_class=""):
    return (
        f"<!doctype html><html><head>{head}</head><body class='{body_class}'>{before}"
        f"<main>{main}</main>{after}</body></html>"
    )


def words(html):
    return page_text(html.encode(), "utf-8").text


PLAIN = words(document())


def test_the_words_are_read_in_order_one_block_a_line():
    assert PLAIN.splitlines() == [
        "Rule on firearms exports",
        "The rule takes effect on 1 June 2021 and covers 12 categories.",
        "Licences are not required for museums.",
        "Year | Licences",
        "2020 | 1,204",
        "Comment period: 30 days",
        "Status: in force",
    ]


FURNITURE = {
    "navigation": document(before="<nav><a href='/'>Home</a> <a href='/x'>Rules</a></nav>"),
    "a cookie banner": document(before="<div id='cookie-consent'>We value your privacy. Accept all</div>"),
    "a header and a footer": document(
        before="<header>Agency</header>", after="<footer>1600 Main St</footer>"
    ),
    "scripts and nonces": document(
        head="<title>Rule</title><script nonce='a1b2'>var t=1719</script>", after="<style>a{}</style>"
    ),
    "hidden tokens": document(BODY + "<input type='hidden' name='csrf' value='x91'><p hidden>token 77</p>"),
    "an updating date": document(BODY + "<p>Last updated: May 3, 2024</p>"),
    "an updating date with time": document(BODY + "<p>Page last modified on 3 May 2024 at 10:15 am EST</p>"),
    "a Spanish updating date": document(BODY + "<p>Última actualización: 3 de mayo de 2024</p>"),
    "a rendering time": document(BODY + "<p>Page generated in 0.213 seconds</p>"),
    "a clock": document(BODY + "<div>10:15:42 AM</div>"),
    "today": document(BODY + "<p>Today is Monday, May 6, 2024</p>"),
    "views": document(BODY + "<p>1,204 views</p><p>Visitas: 33</p>"),
    "a reading time": document(BODY + "<span class='meta'></span><p>4 min read</p>"),
    "an age": document(BODY + "<p>Posted 3 hours ago</p>"),
    "a copyright year": document(BODY + "<p>© 2024 Agency. All rights reserved.</p>"),
    "share buttons": document(BODY + "<div class='social-share'><a>Facebook</a> <a>X</a></div>"),
    "an advertisement": document(BODY + "<div class='ad-slot ads'>Buy now</div><p>Advertisement</p>"),
    "comments": document(BODY + "<section id='comments'><p>First!</p></section>"),
    "a list of related articles": document(
        BODY + "<h3>Related articles</h3><ul><li><a href='x'>Other</a></li></ul>"
    ),
    "most read": document(BODY + "<h2>Most read</h2><ol><li><a>One</a></li><li><a>Two</a></li></ol>"),
    "Spanish related articles": document(BODY + "<h3>Te puede interesar</h3><ul><li><a>Otra</a></li></ul>"),
    "a newsletter": document(BODY + "<div class='newsletter-signup'>Get our news</div>"),
    "breadcrumbs": document("<ol class='breadcrumb'><li>Home</li><li>Rules</li></ol>" + BODY),
    "a sidebar": document(after="<div class='sidebar'>Weather 21 C</div><aside>Events</aside>"),
    "another theme": document(body_class="has-sidebar no-comments logged-out"),
    "typographic quotes and spaces": document(
        BODY.replace("1 June", "1&nbsp;June").replace("<p>The", "<p>\n  The")
    ),
    "invisible characters": document(BODY.replace("museums", "mu\u00adseums\u200b")),
    "a counter on a line": document(BODY.replace("in force", "in force | 91 views")),
    "attributes": document(BODY.replace("<p>", "<p data-id='3' id='p1' style='color:red'>")),
    "a request id": document(BODY + "<p>Request ID: 8f2a-33bc</p>"),
}


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_does_not_count(name):
    assert text_hash(words(FURNITURE[name])) == text_hash(PLAIN)


MEANING = {
    "a number": BODY.replace("12 categories", "11 categories"),
    "a date": BODY.replace("1 June 2021", "1 July 2021"),
    "one word": BODY.replace("<b>not</b> ", ""),
    "a status": BODY.replace("in force", "withdrawn"),
    "a figure in a table": BODY.replace("1,204", "1,304"),
    "a term of days": BODY.replace("30 days", "60 days"),
    "a new sentence": BODY + "<p>The rule was vacated by a court.</p>",
    "a new item of a list": BODY.replace("</ul>", "<li>Amended by rule 2</li></ul>"),
    "a sentence about an update": BODY + "<p>The annex, last updated on 3 May 2024, no longer applies.</p>",
    "a sentence about cookies": BODY + "<p>The agency was fined for cookies it set in 2019.</p>",
    "a link in the text": BODY + "<h2>Documents</h2><ul><li><a href='a.pdf'>Second report</a></li></ul>",
    "copyright as a subject": BODY + "<p>Copyright law was amended.</p>",
    "a term by itself": BODY + "<dl><dt>Term</dt><dd>30 days</dd></dl>",
    "a system under review": BODY + "<p>The system is under review by Congress.</p>",
    "a service that ends": BODY + "<p>The service will be unavailable to new applicants from 2026.</p>",
    "a day of service": BODY + "<p>Served on 3 May 2024 by mail</p>",
    "a version that is a day": BODY + "<p>Version: 20240503</p>",
    "a table of visits": BODY + "<table><tr><td>Visits</td><td>1,204</td></tr></table>",
    "an hour by itself": BODY + "<dl><dt>Hearing</dt><dd>10:30 am</dd></dl>",
}


@pytest.mark.parametrize("name", MEANING)
def test_what_is_said_counts(name):
    assert text_hash(words(document(MEANING[name]))) != text_hash(PLAIN)


def test_a_form_around_the_whole_page_is_not_furniture():
    html = f"<body><form>{BODY}</form></body>"
    assert words(html) == PLAIN


def test_a_class_on_the_content_itself_is_not_furniture():
    html = f"<body><div class='content related sidebar'>{BODY}</div></body>"
    assert words(html) == PLAIN


def test_a_main_with_only_the_title_is_not_the_content():
    html = f"<body><main><h2>Rule</h2></main><div>{BODY}</div></body>"
    assert "covers 12 categories" in words(html)


def test_a_region_can_be_chosen_and_lines_ignored():
    body = document(BODY + "<div id='x'><p>Seen</p><p>Session of today</p></div>").encode()
    assert page_text(body, selector="#x").text == "Seen\nSession of today"
    assert page_text(body, selector="#x", ignore=["Session of"]).text == "Seen"
    assert page_text(body, selector="#nowhere").text.startswith("Rule on firearms exports")
    assert page_text(body, selector="div[").text.startswith("Rule on firearms exports")


@pytest.mark.parametrize(
    ("head", "title", "published_on"),
    [
        ("<title>Rule | Agency</title>", "Rule | Agency", ""),
        ("<title>a</title><meta property='og:title' content='The  rule'>", "The rule", ""),
        (
            "<meta property='article:published_time' content='2021-03-04T10:00:00Z'>",
            "Rule on firearms exports",
            "2021-03-04",
        ),
        (
            "<meta name='citation_publication_date' content='2021/03/04'>",
            "Rule on firearms exports",
            "2021-03-04",
        ),
        (
            """<script type="application/ld+json">{"@graph":[{"datePublished":"2020-12-31"}]}</script>""",
            "Rule on firearms exports",
            "2020-12-31",
        ),
        ("<meta name='date' content='2021-13-44'>", "Rule on firearms exports", ""),
        ("""<script type="application/ld+json">{broken</script>""", "Rule on firearms exports", ""),
    ],
)
def test_title_and_day_are_taken_from_what_a_page_says_of_itself(head, title, published_on):
    page = page_text(document(head=head).encode())
    assert (page.title, page.published_on) == (title, published_on)


@pytest.mark.parametrize(
    ("body", "charset", "text"),
    [
        ("año".encode(), "utf-8", "año"),
        ("año".encode("latin-1"), "iso-8859-1", "año"),
        ("“año”".encode("cp1252"), "iso-8859-1", "“año”"),
        ("año".encode("latin-1"), "", "año"),
        (b"\xef\xbb\xbfa\xc3\xb1o", "latin-1", "año"),
        ("año".encode("utf-16"), "", "año"),
        (b"<meta charset='windows-1252'>a\xf1o", "", "<meta charset='windows-1252'>año"),
        (b"a\xf1o", "no-such-charset", "año"),
        (b"plain", "zip", "plain"),
        (b"plain", "rot13", "plain"),
    ],
)
def test_characters_are_read_as_browsers_do(body, charset, text):
    assert decoded(body, charset) == text


def test_a_text_file_is_read_line_by_line():
    assert plain_text(b"Bill 12\r\n\r\n  Status:   passed\r\n").text == "Bill 12\nStatus: passed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 10_000,
        b"<" * 100_000,
        b"<div>" * 100_000,
        b"<b>" * 50_000 + b"<p>" * 50_000,
        b"</div>" * 50_000 + b"<x>" * 50_000,
        b"<table>" * 20_000,
        b"<h2>Related</h2><p><a>x</a>" * 20_000,
        b"<div class=ads>" * 3_000 + b"words",
        b"<!--" * 50_000,
        b"<a " + b"a=b " * 100_000,
        bytes(range(256)) * 500,
        b"Last updated " + b"1" * 100_000,
        b"<p>" + b"1,1." * 25_000 + b"views",
    ],
)
def test_hostile_pages_cost_little_time(body):
    started = time.perf_counter()
    page_text(body)
    assert time.perf_counter() - started < 3
