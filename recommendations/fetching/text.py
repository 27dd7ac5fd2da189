"""From a web page to the words that matter: what people would read, without the furniture around it.

One extractor serves both the comparison and what is shown to people. It takes furniture away and keeps the
rest, rather than guessing what the article is: a watcher that drops a table or a short notice misses the one
change that counted. lexbor (selectolax) parses a page in about a millisecond.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from .characters import decoded, plain
from .furniture import is_furniture_heading, is_volatile, without_volatile
from .metadata import published_on, title_of

MAX_TEXT = 1_000_000
"""Characters kept of one page's text; a page longer than a long book is cut there."""

NEVER_TEXT = (
    "script, style, noscript, template, iframe, object, embed, svg, canvas, video, audio, form, button, select, "
    "input, textarea, dialog, nav, footer, aside, [hidden], [aria-hidden=true], [role=navigation], [role=banner], "
    "[role=contentinfo], [role=complementary], [role=search], [role=dialog], [role=alertdialog]"
)
NEVER_SHOWN = frozenset(
    "script style noscript template iframe object embed svg canvas nav".split()  # noqa: SIM905 - a list would be one word a line
)
BLOCKS = frozenset(
    "address article blockquote body br caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 "  # noqa: SIM905 - a list would be one word a line
    "h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul".split()
)
CELLS = frozenset(("td", "th"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

FURNITURE_WORDS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|share|sharing|social|addtoany|newsletter|subscribe|signup|"
    r"promo|sponsor(?:ed)?|advert(?:isement)?s?|ads?|adslot|banner-ad|related|recommended|trending|most-?(?:read|"
    r"popular|viewed)|popular|sidebar|side-bar|menu|navbar|nav|navigation|skip-?(?:link|nav|to)|pagination|pager|"
    r"comments?|disqus|outbrain|taboola|popup|pop-up|modal|overlay|toolbar|usa-banner|site-?(?:header|footer|alert)|"
    r"global-?(?:header|footer|nav)|view-?counts?|page-?views|visitor|sr-only|visually-hidden|screen-reader-text)"
    r"(?:$|[\s_-])"
)
"""Words in an element's class or id that announce furniture. What they name is removed only if it is a small
part of the page (see `_is_small`): themes put `has-sidebar` or `no-comments` on the body itself."""


@dataclass(frozen=True)
class Page:
    """What was read. `text` is one paragraph, heading, list item or table row a line; `published_on` an ISO
    day or ""."""

    title: str
    published_on: str
    text: str


def page_text(body: bytes, charset: str = "", selector: str = "", ignore: Sequence[str] = ()) -> Page:
    """The words of an HTML page.

    `selector` (CSS) narrows to a region; where it matches nothing the whole page is read, so that a redesign
    shows as a change and not as silence. Lines that hold a phrase of `ignore` are left out. Never raises on
    bad markup.
    """
    source = decoded(body, charset)
    if nested_too_deeply(source):
        return Page("", "", plain_lines(TAG.sub("\n", source).splitlines(), ignore))
    tree = LexborHTMLParser(source)
    title, published = title_of(tree), published_on(tree)
    region = _chosen(tree, selector)
    if region is None:
        region = _main(tree)
    else:
        _remove_never_text(region)
    if region is None:
        return Page(title, published, "")
    _remove_named_furniture(region)
    return Page(title, published, plain_lines(_lines(region), ignore))


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


def _chosen(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    if not selector:
        return None
    try:
        return tree.css_first(selector)
    except (SelectolaxError, ValueError):
        return None


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the page's own content: a `main`, a lone `article`, or the body.

    A candidate with less than a quarter of the body's words is not it: some pages wrap only their title in
    `main`.
    """
    body = tree.body
    if body is None:
        return None
    _remove_never_text(body)
    size = _size(body)
    for selector in ("main", "[role=main]", "article", "#main-content, #content, #main"):
        found = body.css(selector)
        if len(found) == 1 and _size(found[0]) * 4 >= size:
            return found[0]
    return body


def _remove_never_text(region: LexborNode) -> None:
    size = _size(region)
    for node in region.css(NEVER_TEXT):
        # ASP.NET wraps whole pages in one form, and some sites put `aria-hidden` on all there is.
        if node.mem_id != region.mem_id and (node.tag in NEVER_SHOWN or _is_small(node, size)):
            node.decompose()


def _remove_named_furniture(region: LexborNode) -> None:
    size = _size(region)
    for node in region.css("[class], [id], header"):
        if node.mem_id == region.mem_id:
            continue
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
        if (node.tag == "header" or FURNITURE_WORDS.search(names)) and _is_small(node, size):
            node.decompose()
    for heading in region.css("h2, h3, h4, h5, h6"):
        if is_furniture_heading(heading.text(strip=True)):
            _remove_section(heading)


def _remove_section(heading: LexborNode) -> None:
    """A heading like "Related articles" and the lists of links after it, up to the first thing that is not
    one."""
    following = heading.next
    while following is not None and (not following.is_element_node or _is_links(following)):
        after = following.next
        if following.is_element_node:
            following.decompose()
        following = after
    heading.decompose()


def _is_links(node: LexborNode) -> bool:
    if node.tag in HEADINGS:
        return False
    linked = sum(_size(link) for link in node.css("a"))
    return linked * 2 > _size(node)


def _is_small(node: LexborNode, size: int) -> bool:
    """Less than a third of `size`, the words around it, and without the page's main heading."""
    return _size(node) * 3 < size and node.css_first("h1, main") is None


def _size(node: LexborNode) -> int:
    return len(node.text(deep=True, separator=" ", strip=True))


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
            current.append(node.text_content or "")
            continue
        if not node.is_element_node:
            continue
        mark = "\n" if node.tag in BLOCKS else " | " if node.tag in CELLS else ""
        if mark:
            stack.append(mark)
        child = node.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
        if mark == "\n":
            stack.append("\n")
    lines.append("".join(current))
    return lines


def plain_lines(lines: Sequence[str], ignore: Sequence[str] = ()) -> str:
    """The lines worth comparing, one a line, in plain characters and single spaces."""
    kept: list[str] = []
    for line in plain("\n".join(lines)[: 2 * MAX_TEXT]).splitlines():
        words = " ".join(line.split()).strip(" |")
        if not words or is_volatile(words := without_volatile(words)):
            continue
        if not any(phrase in words for phrase in ignore):
            kept.append(words)
    return "\n".join(kept)[:MAX_TEXT]
