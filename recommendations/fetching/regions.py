"""Of a page's elements, those that hold what it says: the region with its text, without the furniture in it.

It takes furniture away and keeps the rest, rather than guessing what the article is: a watcher that drops a table
or a short notice misses the one change that counted. What is doubtful stays if it is large.
"""

from collections.abc import Iterable, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from .furniture import asks_to_sign_up, is_furniture_heading
from .names import names_edge, names_furniture

NEVER = "script, style, noscript, template, iframe, object, embed, svg, canvas, video, audio"
"""Never shown as words."""

CONTROLS = "input, select, textarea, nav, [role=navigation], [role=search], [role=dialog], [role=alertdialog], dialog"
HIDDEN = "[hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none']"
ADS = "[data-ad], [data-ad-slot], [data-ad-unit], [id^=google_ads], [id^=div-gpt-ad]"
LANDMARKS = "header, footer, aside, [role=banner], [role=contentinfo], [role=complementary]"
"""Around the page's own content they are furniture; within it they may be a call-out, a status, a note."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NEVER_SMALL = frozenset(("nav", "input", "select", "textarea"))
OWN = frozenset(("main", "article", "blockquote"))
SENTENCE = 200
"""Characters."""

DISCLOSED = ("accordion", "collaps", "tabpanel", "tab-pane", "tab-content", "expand", "toggle", "disclosure")
"""Names of what is hidden until somebody opens it, and is part of the page all the same."""


def leave_out(tree: LexborHTMLParser, skip: Sequence[str]) -> None:
    """Takes out what a person has said is no part of the text; what holds the main heading stays all the same."""
    for selector in skip:
        try:
            found = tree.css(selector)
        except (SelectolaxError, ValueError):
            continue
        _remove(node for node in found if node.tag != "body" and node.css_first("h1, main") is None)


def chosen(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    """The region that a person chose; None where the selector matches nothing."""
    if not selector:
        return None
    try:
        found = tree.css_first(selector)
    except (SelectolaxError, ValueError):
        return None
    if found is not None:
        _remove_unsaid(found)
        _remove_named(found)
    return found


def own(tree: LexborHTMLParser) -> LexborNode | None:
    """The element with the page's own content: a `main`, a lone `article`, or the body.

    A candidate with less than a quarter of the body's words is not it: some pages wrap only their title in
    `main`.
    """
    body = tree.body
    if body is None:
        return None
    _remove_unsaid(body)
    size = size_of(body)
    region = body
    for selector in ("main", "[role=main]", "article", "#main-content, #content, #main"):
        found = body.css(selector)
        if len(found) == 1 and size_of(found[0]) * 4 >= size:
            region = found[0]
            break
    _remove_named(region)
    if region.mem_id == body.mem_id:
        _remove_columns(region)
    return region


def size_of(node: LexborNode) -> int:
    """Characters of its text."""
    return len(node.text(deep=True, separator=" ", strip=True))


def _remove(doomed: Iterable[LexborNode]) -> None:
    """Takes elements out. Those within others go with them: a node must not be touched after its parent's end."""
    nodes = list(doomed)
    ids = {node.mem_id for node in nodes}
    outermost = [node for node in nodes if not any(each.mem_id in ids for each in _above(node))]
    for node in {node.mem_id: node for node in outermost}.values():
        node.decompose()


def _above(node: LexborNode) -> Iterable[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _remove_unsaid(region: LexborNode) -> None:
    """What is no part of the page's words, whatever it is called."""
    _remove(node for node in region.css(NEVER) if node.mem_id != region.mem_id)
    size = size_of(region)
    disclosed = _disclosed(region)

    def goes(node: LexborNode) -> bool:
        # ASP.NET wraps whole pages in one form, and some sites put `aria-hidden` on all there is.
        return node.mem_id != region.mem_id and (node.tag in NEVER_SMALL or is_small(node, size))

    _remove(node for node in region.css(f"{CONTROLS}, {ADS}, form") if goes(node))
    _remove(node for node in region.css("button") if goes(node) and not _heads(node))
    _remove(node for node in region.css(HIDDEN) if goes(node) and not _opens(node, disclosed))
    _remove(node for node in region.css(LANDMARKS) if node.mem_id != region.mem_id and _surrounds(node))


def _surrounds(node: LexborNode) -> bool:
    """Whether a header, footer or aside is one of the site: outside of the page's own content, however long it is
    beside a short notice."""
    return not _is_own(node) and node.css_first("h1, main, article") is None


def _disclosed(region: LexborNode) -> set[str]:
    """Ids of elements that a control on the page opens."""
    controls = region.css("[aria-controls], [data-target], [data-bs-target], a[href^='#']")
    return {
        part.lstrip("#")
        for node in controls
        for name in ("aria-controls", "data-target", "data-bs-target", "href")
        for part in (node.attributes.get(name) or "").split()
    }


def _opens(node: LexborNode, disclosed: set[str]) -> bool:
    """Whether it is a folded part of the text: a tab, an accordion's content."""
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('role') or ''}".lower()
    return (attributes.get("id") or "-") in disclosed or any(name in names for name in DISCLOSED)


def _heads(button: LexborNode) -> bool:
    """Whether a button is the heading of what it opens."""
    return any(each.tag in HEADINGS or each.tag == "summary" for each in _above(button))


def _is_own(node: LexborNode) -> bool:
    """Whether a header, footer or aside stands in the page's own content and is no list of links."""
    within = any(each.tag in OWN or (each.attributes or {}).get("role") == "main" for each in _above(node))
    return within and not is_links(node)


def _remove_named(region: LexborNode) -> None:
    """What says of itself that it is furniture: by its name, or by the heading above it."""
    size = size_of(region)
    _remove(
        node
        for node in region.css("[class], [id]")
        if node.mem_id != region.mem_id and _named(node) and is_small(node, size, part=2)
    )
    _remove(
        node
        for heading in region.css("h2, h3, h4, h5, h6")
        if is_furniture_heading(heading.text(strip=True))
        for node in _section(heading)
    )


def _named(node: LexborNode) -> bool:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return names_furniture(names) or (names_edge(names) and not _is_own(node))


def _section(heading: LexborNode) -> Iterable[LexborNode]:
    """A heading like "Related articles" and the lists of links after it, up to the first thing that is not one; after
    "Subscribe" also the sentence that says what one gets."""
    yield heading
    asks = asks_to_sign_up(heading.text(strip=True))
    following = heading.next
    while following is not None and (
        not following.is_element_node or is_links(following) or (asks and size_of(following) < SENTENCE)
    ):
        if following.is_element_node:
            yield following
            asks = False
        following = following.next


def _remove_columns(body: LexborNode) -> None:
    """Columns of links on pages that do not say what is navigation: many short links and little else.

    Lists of documents have longer titles, and stay.
    """
    size = size_of(body)
    _remove(node for node in body.css("td, ul, div") if _is_column(node) and is_small(node, size))


def _is_column(node: LexborNode) -> bool:
    links = node.css("a")
    if len(links) < 5:
        return False
    texts = [link.text(deep=True, separator=" ", strip=True) for link in links]
    words = sum(len(text.split()) for text in texts)
    return (
        words <= 3 * len(links)
        and not any(character.isdigit() for text in texts for character in text)
        and sum(map(len, texts)) > 0.8 * size_of(node)
    )


def is_links(node: LexborNode) -> bool:
    """Whether more than half of its words are links."""
    if node.tag in HEADINGS:
        return False
    linked = sum(size_of(link) for link in node.css("a"))
    return linked * 2 > size_of(node)


def is_small(node: LexborNode, size: int, part: int = 3) -> bool:
    """Less than a third (or another part) of `size`, the words around it, and without the page's main heading."""
    return size_of(node) * part < size and node.css_first("h1, main") is None
