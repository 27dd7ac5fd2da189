"""The title of a page and the day it was published, from what pages say about themselves. Nothing is
guessed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from selectolax.lexbor import LexborHTMLParser

TITLES = ('meta[property="og:title"]', 'meta[name="citation_title"]', 'meta[name="dc.title"]')
DATES = (
    'meta[property="article:published_time"]',
    'meta[name="citation_publication_date"]',
    'meta[name="dc.date.issued"]',
    'meta[name="DC.date.issued"]',
    'meta[name="dcterms.issued"]',
    'meta[name="dcterms.created"]',
    'meta[name="pubdate"]',
    'meta[name="publish-date"]',
    'meta[name="date"]',
    'meta[itemprop="datePublished"]',
)
MAX_TITLE = 500


def title_of(tree: LexborHTMLParser) -> str:
    """The page's own title: what it gives to others, its `title` without the site's name being cut, its
    heading; or ""."""
    for selector in TITLES:
        node = tree.css_first(selector)
        if node is not None and (content := _clean(node.attributes.get("content"))):
            return content
    for selector in ("title", "h1"):
        node = tree.css_first(selector)
        if node is not None and (content := _clean(node.text())):
            return content
    return ""


def published_on(tree: LexborHTMLParser) -> str:
    """ISO day of first publication, or "": from meta elements, JSON-LD or a marked `time`; never from loose
    text."""
    for selector in DATES:
        node = tree.css_first(selector)
        if node is not None and (day := iso_day(node.attributes.get("content"))):
            return day
    for said in _json_ld(tree):
        if day := iso_day(said.get("datePublished")):
            return day
    for selector in ("time[itemprop=datePublished]", "time[pubdate]", "article time[datetime]"):
        node = tree.css_first(selector)
        if node is not None and (day := iso_day(node.attributes.get("datetime"))):
            return day
    return ""


def iso_day(value: object) -> str:
    """`2021-03-04T10:00:00Z`, `2021/03/04` or `20210304` -> "2021-03-04"; "" for anything else or an
    impossible day."""
    match = re.match(r"\s*(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?!\d)", value) if isinstance(value, str) else None
    if not match:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""


def _json_ld(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, one level of lists and of `@graph` deep."""
    for node in tree.css('script[type="application/ld+json"]')[:10]:
        try:
            said = json.loads(node.text() or "")
        except (ValueError, RecursionError):
            continue
        for one in said if isinstance(said, list) else [said]:
            graph = one.get("@graph", []) if isinstance(one, dict) else []
            for inner in [one, *(graph if isinstance(graph, list) else [])]:
                if isinstance(inner, dict):
                    yield inner


def _clean(value: str | None) -> str:
    return " ".join((value or "").replace("\x00", "").split())[:MAX_TITLE]
