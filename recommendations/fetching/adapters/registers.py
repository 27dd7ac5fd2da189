"""What the kinds that ask registers (and not pages) have in common: answers that are data, or no answer.

What a register says is believed only when it is data: an HTML page, an empty body or an error in place of it
fails the look, which is had again with back-off, and tells nothing about the world.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urljoin

from recommendations.vocabulary import Outcome

from ..answers import Answer, Failure, FailureKind
from ..characters import storable
from ..documents import Unreadable
from .contract import Found, Look

ACCEPT_JSON = "application/json"
MAX_BYTES = 5 * 1024 * 1024
"""Of one page of a register's answer: a thousand rows are a tenth of that."""

FEED_STARTS = (b"<?xml", b"<rss", b"<feed", b"<rdf")

TOLD_ON_FIRST_LOOK = 5
"""The newest few, so that a person sees what the terms bring; the rest was there before anybody asked."""

TOLD_AT_ONCE = 25
"""More than that wait for the next look: nobody judges two hundred documents that one loose word brought."""


class NotData(Unreadable):
    """The answer is not the data that was asked for; the text says what it is."""


def trouble(result: Answer | Failure, state: Mapping[str, Any]) -> Look | None:
    """The look that ends here because nothing (new) came; None when there is an answer to read."""
    if isinstance(result, Failure):
        outcome = Outcome.FAILED
        if result.kind in (FailureKind.REFUSED, FailureKind.BAD_URL):
            outcome = Outcome.REFUSED
        elif result.kind is FailureKind.RETRY_LATER:  # it was not asked: nothing to count
            outcome = Outcome.BLOCKED
        return Look(outcome.value, dict(state), note=result.detail, retry_after=result.retry_after)
    for answer in pages(result):
        if answer.not_modified:
            return Look(Outcome.UNCHANGED.value, dict(state), note="not modified")
        if not 200 <= answer.status < 300:
            note = f"HTTP {answer.status}{_said(answer)}"
            return Look(Outcome.FAILED.value, dict(state), note=note, retry_after=answer.retry_after)
    return None


def failed(state: Mapping[str, Any], error: Exception) -> Look:
    return Look(Outcome.FAILED.value, dict(state), note=str(error))


def told(
    found: Iterable[Found],
    next_state: dict[str, Any],
    state: Mapping[str, Any],
    *,
    answer: Answer,
    note: str,
) -> Look:
    """A look that got its data: the first one, one with news, or one without."""
    brought = tuple(found)
    outcome = Outcome.CHANGED if brought else Outcome.UNCHANGED
    if not state.get("looked"):
        outcome = Outcome.FIRST_LOOK
    return Look(outcome.value, {**next_state, "looked": True}, brought, raw_hash=hash_of(answer), note=note)


def pages(answer: Answer) -> tuple[Answer, ...]:
    """The first page and those that followed."""
    return (answer, *answer.more)


def json_of(answer: Answer) -> Any:
    """The body as JSON, numbers exact. Raises NotData. A byte order mark is let pass (World Bank)."""
    body = answer.body or b""
    refuse_html(answer)
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise NotData("the answer is not JSON") from error


def refuse_html(answer: Answer) -> None:
    """A page with a notice, a sign-in or a challenge, sent with status 200, is how registers often fail.

    Judged by what was sent: data is often labelled as HTML, and pages as data.
    """
    start = (answer.body or b"")[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        raise NotData("the answer is empty")
    markup = "html" in answer.content_type and start.startswith(b"<") and not start.startswith(FEED_STARTS)
    if markup or start.startswith((b"<!doctype html", b"<html")):
        raise NotData("a web page was served in place of data")


def next_link(answer: Answer, *path: str) -> str:
    """The address under `path` of a JSON answer, read from where it stands; "" where there is none."""
    try:
        place = json_of(answer)
    except NotData:
        return ""
    for key in path:
        place = place.get(key) if isinstance(place, dict) else None
    return urljoin(answer.final_url, place) if isinstance(place, str) and place else ""


def rows_in(value: Any, key: str) -> Iterator[dict[str, Any]]:
    """The objects of the list under `key`. Raises NotData where there is no such list."""
    rows = value.get(key) if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise NotData(f"the answer holds no list of {key}")
    return (row for row in rows if isinstance(row, dict))


def words(value: Any, longest: int = 500) -> str:
    """Any value as one line of text; "" for null and for what is no text."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    line = " ".join(storable(str(value)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def asked(url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The address with these pairs added to its query."""
    query = urlencode(list(pairs))
    return url + ("&" if "?" in url else "?") + query if query else url


def hash_of(answer: Answer) -> str:
    """sha256 (hex) of everything that was read: with the query and the day it is what a finding rests on."""
    digest = hashlib.sha256()
    for page in pages(answer):
        digest.update(page.body or b"")
    return digest.hexdigest()


def _said(answer: Answer) -> str:
    """What an API says of its error, where it says it in JSON."""
    try:
        said = json_of(answer)
    except NotData:
        return ""
    if isinstance(said, dict) and isinstance(said.get("error"), dict):
        said = said["error"]
    message = words(said.get("message"), 200) if isinstance(said, dict) else ""
    return f": {message}" if message else ""
