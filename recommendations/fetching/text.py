"""From a web page to the words that matter: what people would read, without the furniture around it.

One extractor serves both the comparison and what is shown to people: lexbor (selectolax) parses a page in about a
millisecond. Which elements count is regions.py's to say, which lines furniture.py's.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import regions
from .characters import decoded, plain
from .furniture import without_furniture, without_mast
from .metadata import published_on, title_of

MAX_TEXT = 1_000_000
"""Characters kept of one page's text; a page longer than a long book is cut there."""

BLOCKS = frozenset(
    "address article blockquote body br caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 "  # noqa: SIM905 - a list would be one word a line
    "h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul".split()
)
CELLS = frozenset(("td", "th"))
STRUCK = frozenset(("del", "s", "strike"))
STRUCK_OUT = ("[struck out: ", "]")
"""Words struck through stand there and no longer hold, so the text says so."""

CELL = "\ue000"
"""Stands between the cells of a row until the lines have been judged: a row of a table is data, whatever it holds."""


_MARKS = dict.fromkeys(BLOCKS, "\n") | dict.fromkeys(CELLS, f" {CELL} ") | {"a": " ", "button": " "}
"""What ends an element's words. Style sheets set links and buttons apart where the markup has no space."""


@dataclass(frozen=True)
class Page:
    """What was read. `text` is one paragraph, heading, list item or table row a line; `published_on` an ISO
    day or ""."""

    title: str
    published_on: str
    text: str


READER = 2
"""The version of how pages and documents are read. A check that has read an address under another version, or other
settings, reads it anew: see adapters/watching.py."""


def page_text(
    body: bytes,
    charset: str = "",
    selector: str = "",
    ignore: Sequence[str] = (),
    skip: Sequence[str] = (),
) -> Page:
    """The words of an HTML page.

    `selector` (CSS) narrows to a region; where it matches nothing the whole page is read, so that a redesign
    shows as a change and not as silence. Elements that match one of `skip` (CSS) and lines that hold a phrase of
    `ignore` are left out. Never raises on bad markup.
    """
    source = decoded(body, charset)
    if nested_too_deeply(source):
        return Page("", "", plain_lines(TAG.sub("\n", source).splitlines(), ignore))
    tree = LexborHTMLParser(source)
    title, published, heading = title_of(tree), published_on(tree), _heading(tree)
    regions.leave_out(tree, skip)
    region = regions.chosen(tree, selector)
    if region is None:
        region = regions.own(tree)
    if region is None:
        return Page(title, published, "")
    lines = _lines(region)
    if heading and not selector and region.css_first("h1") is None:
        lines.insert(0, heading)  # many themes put it above the element that holds the text
    return Page(title, published, plain_lines(without_mast(lines, heading), ignore))


def plain_text(body: bytes, charset: str = "", ignore: Sequence[str] = ()) -> Page:
    """The words of a text file."""
    return Page("", "", plain_lines(decoded(body, charset).splitlines(), ignore))


def text_hash(text: str) -> str:
    """sha256 (hex) of the words alone: case of letters and punctuation count, white space and line breaks do
    not."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def raw_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,2000}>?")
TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
UNCOUNTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup tr td th thead "  # noqa: SIM905 - a list would be one word a line
    "tbody tfoot colgroup rt rp html head body".split()
)
"""Elements without an end tag, or whose end may be left out: they do not pile up."""

MAX_DEPTH = 2_000
"""Elements inside each other. Browsers stop at 512; lexbor's time grows with the square (200,000 take
minutes)."""


def nested_too_deeply(source: str) -> bool:
    """Whether parsing would take too long: a hostile or hopelessly broken page. Its words are then taken
    without it."""
    if source.count("<") <= MAX_DEPTH:
        return False
    depth = 0
    unclosed: dict[str, int] = defaultdict(int)
    for end, name in TAG_NAME.findall(source):
        name = name.lower()
        if name in UNCOUNTED:
            continue
        if not end:
            unclosed[name] += 1
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif unclosed[name]:
            unclosed[name] -= 1
            depth -= 1
    return False


def _heading(tree: LexborHTMLParser) -> str:
    """The page's one main heading; "" where there is none, or more."""
    found = tree.css("h1")
    return " ".join(found[0].text(deep=True, separator=" ").split()) if len(found) == 1 else ""


def _is_struck(node: LexborNode) -> bool:
    return node.tag in STRUCK or "line-through" in (node.attributes.get("style") or "")


def _lines(region: LexborNode) -> list[str]:
    """One line a block, in reading order; cells of a row side by side."""
    lines: list[str] = []
    current: list[str] = []
    stack: list[LexborNode | str] = [region]
    while stack:  # no recursion: hostile pages nest thousands deep
        node = stack.pop()
        if isinstance(node, str):
            if node == "\n":
                lines.append("".join(current))
                current = []
            else:
                current.append(node)
            continue
        if node.is_text_node:
            current.append((node.text_content or "").replace(CELL, ""))
            continue
        if not node.is_element_node:
            continue
        mark = _MARKS.get(node.tag or "", "")
        if mark:
            stack.append(mark)
        opening, closing = STRUCK_OUT if _is_struck(node) else ("", "")
        stack.append(closing)
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
        stack.append(opening)
        if mark == "\n":
            stack.append("\n")
    lines.append("".join(current))
    return lines


def plain_lines(lines: Sequence[str], ignore: Sequence[str] = ()) -> str:
    """The lines worth comparing, one a line, in plain characters and single spaces."""
    said = (
        " ".join(line.split()).strip(f" |{CELL}")
        for line in plain("\n".join(lines)[: 2 * MAX_TEXT]).splitlines()
    )
    kept = (line.replace(CELL, "|") for line in without_furniture([line for line in said if line]))
    return "\n".join(line for line in kept if not any(phrase in line for phrase in ignore))[:MAX_TEXT]
