"""`document`: does a PDF or another file that is cited as evidence still stand, with the same words?

A PDF is compared by its text, so that a copy saved anew is no change; another file by its bytes. A web page
served in its place is not the document: that is how removed files often look. Configuration: `confirm` as for
`page`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..answers import Answer, Failure, Request
from ..documents import is_pdf, pdf_text
from ..text import Page, plain_text, raw_hash
from .contract import Look, PreviousText, Target
from .fields import Fields, whole_number
from .watching import Replaced, conditional, reader, watch

KIND = "document"
WATCHES = "evidence"
KEY = ""
MAX_BYTES = 30 * 1024 * 1024
"""Reports with pictures are large; the door's own limit is for pages."""

FIELDS = Fields({"confirm": whole_number(1, 10)})


def address(config: Mapping[str, Any]) -> str:
    return ""  # the evidence has its own


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    return FIELDS.complaints(config)


def request(target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
    return replace(
        conditional(target, state, reader=reader({})), accept="application/pdf,*/*;q=0.5", max_bytes=MAX_BYTES
    )


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
        words=_words,
        reader=reader({}),
        target=target,
        config=config,
        state=state,
        previous_text=previous_text,
    )


def _words(answer: Answer) -> Page:
    body = answer.body or b""
    if is_pdf(body):
        return pdf_text(body)
    start = body[:1024].lstrip().lower()
    if "html" in answer.content_type or start.startswith((b"<!doctype html", b"<html")):
        raise Replaced("a web page is served in place of the document")
    if answer.content_type.startswith("text/") or answer.content_type.endswith(("json", "xml")):
        return plain_text(body, answer.charset)
    return Page(
        "", "", f"A file of type {answer.content_type or 'unknown'}, {len(body)} bytes, {raw_hash(body)}"
    )
