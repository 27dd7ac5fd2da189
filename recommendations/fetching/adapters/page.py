"""`page`: does a web page that is cited as evidence still stand, and does it still say the same?

Looks at the main content only. Configuration, all optional: `confirm` (1 to 10; 2): how many looks in a row
must find the page gone, blocked or emptied before a person is told; `selector`: a CSS selector of the one
region to watch; `ignore`: phrases whose lines are left out; `skip`: CSS selectors of parts that are left out.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from ..answers import Answer, Failure, Request
from ..documents import is_pdf, pdf_text
from ..places import where
from ..text import Page, page_text, plain_text
from .contract import Look, PreviousText, Target
from .fields import Fields, whole_number
from .watching import Unread, conditional, reader, watch

KIND = "page"
WATCHES = "evidence"
KEY = ""


def _selector(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        return "Give a CSS selector of at most 200 characters."
    try:
        LexborHTMLParser("<p>").css(value or "p")
    except (SelectolaxError, ValueError):
        return "This is not a CSS selector."
    return ""


def _ignore(value: Any) -> str:
    good = isinstance(value, list) and len(value) <= 20
    good = good and all(isinstance(phrase, str) and 3 <= len(phrase) <= 200 for phrase in value)
    return "" if good else "Give a list of at most 20 phrases of 3 to 200 characters."


def _skip(value: Any) -> str:
    good = isinstance(value, list) and len(value) <= MOST_SKIPPED
    return "" if good and all(each and not _selector(each) for each in value) else SKIP_ASKED


MOST_SKIPPED = 20
SKIP_ASKED = f"Give a list of at most {MOST_SKIPPED} CSS selectors of at most 200 characters."

FIELDS = Fields({"confirm": whole_number(1, 10), "selector": _selector, "ignore": _ignore, "skip": _skip})


def address(config: Mapping[str, Any]) -> str:
    return ""  # the evidence has its own


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    return FIELDS.complaints(config)


def request(target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
    return conditional(target, state, reader=_reader(config))


def read(
    result: Answer | Failure,
    *,
    target: Target,
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    previous_text: PreviousText,
) -> Look:
    return watch(
        result,
        words=lambda answer: _words(answer, config),
        places=_places,
        reader=_reader(config),
        target=target,
        config=config,
        state=state,
        previous_text=previous_text,
    )


def _reader(config: Mapping[str, Any]) -> str:
    """What decides which words are read: other settings read other words of the same page."""
    return reader({name: config[name] for name in ("selector", "ignore", "skip") if config.get(name)})


def _places(answer: Answer, lines: Sequence[str]) -> list[dict[str, str]]:
    body = answer.body or b""
    return [] if is_pdf(body) else where(body, answer.charset, lines)


def _words(answer: Answer, config: Mapping[str, Any]) -> Page:
    body, kind = answer.body or b"", answer.content_type
    ignore = config.get("ignore") or ()
    if is_pdf(body):
        return pdf_text(body)
    if "html" in kind or (not kind and b"<" in body[:1024]):
        return page_text(body, answer.charset, config.get("selector") or "", ignore, config.get("skip") or ())
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        return plain_text(body, answer.charset, ignore)
    raise Unread(f"the address serves {kind or 'something without a type'}, which is not a page")
