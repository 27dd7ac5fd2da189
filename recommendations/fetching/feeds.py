"""The entries of an RSS or Atom feed, as plain values.

RSS 2.0, RSS 1.0 (whose items stand beside the channel) and Atom differ in names only; names are read without
their namespaces.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser

from .documents import Unreadable
from .metadata import iso_day

LONGEST_SUMMARY = 20_000
"""Characters. Some feeds carry whole reports; the word that matters may stand far down."""
DATES = ("pubDate", "published", "date", "issued", "updated")
SUMMARIES = ("description", "summary", "encoded", "content")


class NotAFeed(Unreadable):
    """The body holds no RSS or Atom feed."""


@dataclass(frozen=True)
class Entry:
    """One announcement. `identity` names it for good; `published_on` is an ISO day or ""; `feed` its title."""

    identity: str
    url: str
    title: str
    summary: str
    published_on: str
    feed: str


def entries(body: bytes, base: str) -> list[Entry]:
    """The entries in the feed's own order, each once; addresses are read from `base`. Raises NotAFeed."""
    root = _root(body)
    if _name(root) not in ("rss", "RDF", "feed"):
        raise NotAFeed(f"this is XML, but no feed ({_name(root)[:40]})")
    channel = next((each for each in root if _name(each) == "channel"), root)
    feed = _text(channel, "title")
    read = (_entry(each, base, feed) for each in root.iter() if _name(each) in ("item", "entry"))
    return list({entry.identity: entry for entry in read if entry.identity}.values())


def _root(body: bytes) -> ElementTree.Element:
    # No feed needs entities of its own, and they are how a small file becomes a large one.
    if re.search(rb"<!\s*E\0?N\0?T\0?I\0?T\0?Y", body, re.IGNORECASE):
        raise NotAFeed("the feed declares entities, which are not read")
    try:
        return ElementTree.fromstring(body.lstrip())  # noqa: S314 - no entities get here, and nothing outside the body is fetched
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise NotAFeed(f"the feed is not well-formed XML: {error}") from error


def _entry(item: ElementTree.Element, base: str, feed: str) -> Entry:
    link = _link(item)
    guid = _child(item, "guid", "id")
    named = (guid.text or "").strip() if guid is not None else ""
    # Some guids are addresses from the site's root; the same entry is then named with or without it.
    identity = urljoin(base, named) if named.startswith("/") else named
    # A guid that is an address stands in for a missing link, though some feeds call theirs no permalink.
    url = urljoin(base, link) if link else identity
    return Entry(
        identity=(identity or url)[:1000],
        url=url[:1000] if url.startswith(("http://", "https://")) else "",
        title=_text(item, "title")[:300],
        summary=next((text for name in SUMMARIES if (text := _text(item, name))), "")[:LONGEST_SUMMARY],
        published_on=next((day for name in DATES if (day := _day(_child(item, name)))), ""),
        feed=feed[:200],
    )


def _link(item: ElementTree.Element) -> str:
    """The address of an entry: RSS writes it as text, Atom as `href` of the link that has no other relation."""
    for each in _children(item, "link"):
        said = each.get("href") or (each.text or "").strip()
        if said and each.get("rel", "alternate") == "alternate":
            return said
    return ""


def _day(element: ElementTree.Element | None) -> str:
    said = (element.text or "").strip() if element is not None else ""
    try:
        return iso_day(said) or parsedate_to_datetime(said).astimezone(UTC).date().isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""


def _text(parent: ElementTree.Element, name: str) -> str:
    """The words of a child. They hold HTML, or text escaped once more than XML needs (`T&amp;amp;E`), or both."""
    child = _child(parent, name)
    markup = "".join(child.itertext()) if child is not None else ""
    if "&" in markup or "<" in markup:
        body = LexborHTMLParser(markup).body
        markup = body.text(separator=" ") if body is not None else ""
    return " ".join(markup.replace("\x00", "").split())


def _child(parent: ElementTree.Element, *names: str) -> ElementTree.Element | None:
    return next((child for name in names for child in _children(parent, name)), None)


def _children(parent: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in parent if _name(child) == name)


def _name(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
