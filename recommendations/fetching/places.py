"""Where on a page certain lines stand, as CSS selectors that a person may say to leave out.

Only what has a name of its own is offered (an id, a class), and only what is a small part of the page: nobody should
blind a check to the text it watches by one click.
"""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .characters import decoded, plain
from .regions import is_small, size_of
from .text import nested_too_deeply

MOST_LINES = 20
MOST_PLACES = 5
LINE = 80
"""Characters: a longer line is most likely a sentence, which nobody should leave out for its words."""

SHOWN = 300
"""Characters of a part's text."""

NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,60}")
"""A class or id worth naming: those with digits are made anew with each build, or number the rows of a list."""

BUILT = re.compile(r"([A-Za-z][A-Za-z_-]{3,60}__?)[A-Za-z0-9]{3,}")
"""A class with a mark of the build at its end ("Feedback_root__kk2"): its beginning stays."""


def where(body: bytes, charset: str, lines: Sequence[str]) -> list[dict[str, str]]:
    """What a person may leave out so as not to be told of these lines of the page's text again; at most five.

    {"part", "text"}: the innermost element with a name that holds a line, as a CSS selector, and the beginning of all
    that would go with it. {"phrase"}: where nothing small has a name, words of the line that stay when its numbers
    change. [] where there is neither.
    """
    source = decoded(body, charset)
    if nested_too_deeply(source):
        return []
    tree = LexborHTMLParser(source)
    if tree.body is None:
        return []
    size = size_of(tree.body)
    found: dict[str, dict[str, str]] = {}
    for line in lines[:MOST_LINES]:
        if part := _named(_innermost(tree.body, _letters(line)), size):
            found[part] = {"part": part, "text": _text(tree, part)}
        elif phrase := _phrase(line):
            found[phrase] = {"phrase": phrase}
    return list(found.values())[:MOST_PLACES]


def _innermost(node: LexborNode, letters: str) -> LexborNode:
    """The deepest element whose text holds these letters."""
    while True:
        child = node.first_child
        while child is not None:
            if child.is_element_node and letters in _letters(child.text(deep=True, separator=" ")):
                break
            child = child.next
        if child is None:
            return node
        node = child


def _phrase(line: str) -> str:
    """The longest run of two or more words of a short line with numbers in it; "" where there is none."""
    if len(line) > LINE or not any(character.isdigit() for character in line):
        return ""
    longest = max((run.strip(" .,:;|()-") for run in re.split(r"\S*\d\S*", line)), key=len)
    return longest if " " in longest else ""


def _text(tree: LexborHTMLParser, part: str) -> str:
    """What all elements of that name say: a class may name more than the one in which the line stands."""
    said = " / ".join(" ".join(node.text(deep=True, separator=" ").split()) for node in tree.css(part))
    return plain(said)[:SHOWN]


def _named(node: LexborNode | None, size: int) -> str:
    while node is not None and node.tag not in ("body", "html", "main"):
        if not is_small(node, size):
            return ""
        name = _own_name(node)
        if name:
            return f"{node.tag}{name}"
        node = node.parent
    return ""


def _own_name(node: LexborNode) -> str:
    attributes = node.attributes
    own = attributes.get("id") or ""
    if NAME.fullmatch(own):
        return f"#{own}"
    names = (attributes.get("class") or "").split()
    plainly = [f".{name}" for name in names if NAME.fullmatch(name)]
    built = [f"[class*='{found[1]}']" for name in names if (found := BUILT.fullmatch(name))]
    return "".join((plainly or built)[:2])


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", plain(text).casefold()))
