"""How an address is watched, whatever it serves: the ladder from the cheapest question to the dearest.

304, then the hash of the bytes, then the hash of the words, and only for words that differ a judgement and a
difference. What may be an accident (gone, blocked, suddenly empty) is believed when it is seen `confirm`
times in a row; the state counts.

State: `etag`, `last_modified`, `validated_url` (where those two came from), `raw_hash`, `text_hash`, `words`
(how many), `moved_to` (a move already told), `trouble` and `times` (what is being counted), `reader` (how it was read).

When the way of reading changes (a new version, other settings) the same page gives other words, and that is no news.
It is then read anew, without shortcuts: if its bytes are the same, or it only has fewer words, the new words are taken
as they are; if it has words that it did not have, they are told. So a sentence that is taken out between two looks, of
which the second is the first under a new reader, is missed; the alternative is to tell of every page at once.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recommendations.rules import changes
from recommendations.vocabulary import Outcome

from .. import diffs, walls
from ..addresses import BadAddress, read_url
from ..answers import Answer, Failure, FailureKind, Request
from ..documents import Unreadable
from ..text import READER, Page, raw_hash, text_hash
from . import findings
from .contract import Found, Look, PreviousText, Target

CONFIRM = 2
"""Looks in a row, when the configuration does not say."""

FEW = 3
"""New words that make no statement; "withdrawn by the ministry" does."""

GONE = (404, 410)
BLOCKED = (401, 403, 407, 429, 451)


Places = Callable[[Answer, Sequence[str]], list[dict[str, str]]]


class Unread(Unreadable):
    """The answer holds nothing that this kind of check can read."""


class Replaced(Unreadable):
    """Something else is served in place of what was cited."""


def reader(settings: Mapping[str, Any]) -> str:
    """The name of a way of reading: its version, and a digest of the settings that bear on it."""
    said = json.dumps(settings, sort_keys=True)
    return f"{READER}:{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def conditional(target: Target, state: Mapping[str, Any], *, reader: str) -> Request:
    """A request that costs the server a 304 if nothing has changed; without validators where the page is to be read
    anew."""
    if state.get("reader") != reader:
        return Request(target.url)
    return Request(
        target.url,
        etag=state.get("etag", ""),
        last_modified=state.get("last_modified", ""),
        validated_url=state.get("validated_url", ""),
    )


def watch(
    result: Answer | Failure,
    *,
    words: Callable[[Answer], Page],
    reader: str,
    places: Places | None = None,
    target: Target,
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    previous_text: PreviousText,
) -> Look:
    """Judges one result. `words` reads the body and may raise Unreadable, Unread or Replaced; `places` names the parts
    of the page in which certain lines stand."""
    watching = _Watching(target, int(config.get("confirm", CONFIRM)), state, previous_text, reader, places)
    if isinstance(result, Failure):
        return watching.failure(result)
    if result.status in GONE:
        return watching.gone(result, f"HTTP {result.status}")
    if result.status in BLOCKED or result.headers.get("cf-mitigated"):
        return watching.blocked(f"HTTP {result.status}", result.retry_after)
    if result.not_modified:
        return watching.not_modified(result)
    if not 200 <= result.status < 300:
        return watching.failed(f"HTTP {result.status}", result.retry_after)
    return watching.body(result, words)


class _Watching:
    def __init__(
        self,
        target: Target,
        confirm: int,
        state: Mapping[str, Any],
        previous: PreviousText,
        reader: str,
        places: Places | None,
    ) -> None:
        self.target, self.confirm, self.state, self.previous_text = (target, confirm, dict(state), previous)
        self.reader, self.places = reader, places
        self.looked_before = bool(self.state.get("text_hash"))
        self.anew = self.looked_before and self.state.get("reader") != reader
        self.same_bytes = False

    def failure(self, failure: Failure) -> Look:
        if failure.kind in (FailureKind.REFUSED, FailureKind.BAD_URL):
            return Look(Outcome.REFUSED.value, self.state, note=failure.detail)
        if failure.kind is FailureKind.ROBOTS:
            return self.blocked(failure.detail, failure.retry_after)
        if failure.kind is FailureKind.RETRY_LATER:  # the host was not asked: nothing to count
            return Look(
                Outcome.BLOCKED.value, self.state, note=failure.detail, retry_after=failure.retry_after
            )
        return self.failed(f"{failure.kind}: {failure.detail}", failure.retry_after)

    def failed(self, note: str, retry_after: float | None = None) -> Look:
        return Look(Outcome.FAILED.value, self.state, note=note, retry_after=retry_after)

    def gone(self, answer: Answer, note: str) -> Look:
        found = findings.gone(self.target, answer, note, self.state) if self._certain("gone") else ()
        return Look(Outcome.GONE.value, self.state, found, note=note)

    def blocked(self, note: str, retry_after: float | None) -> Look:
        found = findings.blocked(self.target, note, self.state) if self._certain("blocked") else ()
        return Look(Outcome.BLOCKED.value, self.state, found, note=note, retry_after=retry_after)

    def not_modified(self, answer: Answer) -> Look:
        if not self.looked_before:
            return self.failed("HTTP 304, although nothing had been seen before")
        return self._settled(answer, "not modified", page=None)

    def body(self, answer: Answer, words: Callable[[Answer], Page]) -> Look:
        raw = raw_hash(answer.body or b"")
        self.same_bytes = self.looked_before and raw == self.state.get("raw_hash")
        if self.same_bytes and not self.anew:
            return self._settled(answer, "same bytes", page=None)
        try:
            page = words(answer)
        except Replaced as error:
            return self.gone(answer, str(error))
        except Unreadable as error:
            return self.failed(str(error))
        size = len(page.text.split())
        if standing := self._in_place(answer, page):
            return standing
        if not page.text and not self.looked_before:
            return self.failed("the page has no text of its own (it may need a browser)")
        if self.looked_before and self._suddenly_empty(size):
            if self._says_nothing_new(page):
                return self.blocked("the page came back without its text; it may need a browser", None)
            if not self._certain("emptied"):
                return self.failed("the page came back nearly empty; it will be looked at again")
        self.state.update(words=size, raw_hash=raw, reader=self.reader)
        return self._settled(answer, "same words", page)

    def _in_place(self, answer: Answer, page: Page) -> Look | None:
        """The look at something that was served in place of the page; None where it may be the page."""
        reached, before = answer.final_url, int(self.state.get("words", 0))
        wall = walls.in_place_of(
            page, answer.body or b"", asked=self.target.url, reached=reached, before=before
        )
        if wall is None:
            permanently = bool(_moved_to(self.target.url, answer))
            same = text_hash(page.text) == self.state.get("text_hash")
            if permanently or same or not walls.leads_to_front(self.target.url, reached):
                return None
            return self.gone(answer, "the address leads to the site's front page")
        if wall.outcome is Outcome.GONE:
            return self.gone(answer, wall.note)
        if wall.outcome is Outcome.BLOCKED:
            return self.blocked(wall.note, None)
        return self.failed(wall.note)

    def _settled(self, answer: Answer, note: str, page: Page | None) -> Look:
        """A page that stands: is it where it was, and does it say what it said? `page` is None for the same
        bytes."""
        for key in ("trouble", "times"):
            self.state.pop(key, None)
        self.state.update(
            etag=answer.etag or (self.state.get("etag", "") if answer.not_modified else ""),
            last_modified=answer.last_modified
            or (self.state.get("last_modified", "") if answer.not_modified else ""),
            validated_url=answer.final_url,
        )
        outcome, text = Outcome.UNCHANGED, None
        found: tuple[Found, ...] = ()
        segments: list[diffs.Segment] = []
        if page is not None:
            outcome, found, text, segments, note = self._said(answer, page, note)
        moved_to = _moved_to(self.target.url, answer)
        if moved_to and moved_to != self.state.get("moved_to"):
            # One event, one finding: an address that leads elsewhere to other words has moved.
            outcome, note = Outcome.MOVED, f"moved to {moved_to}"
            found = findings.moved(self.target, moved_to, segments)
        self.state["moved_to"] = moved_to
        return Look(
            outcome.value,
            self.state,
            found,
            text=text,
            text_hash=self.state.get("text_hash", ""),
            raw_hash=self.state.get("raw_hash", ""),
            title=page.title if page else "",
            published_on=page.published_on if page else "",
            note=note,
        )

    def _said(
        self, answer: Answer, page: Page, note: str
    ) -> tuple[Outcome, tuple[Found, ...], str | None, list[diffs.Segment], str]:
        """Outcome, findings, the text if it is new, how it differs, a note; sets `text_hash` when it is
        new."""
        before_hash, after_hash = self.state.get("text_hash", ""), text_hash(page.text)
        if after_hash == before_hash:
            return Outcome.UNCHANGED, (), None, [], note
        if not before_hash:
            self.state["text_hash"] = after_hash
            return Outcome.FIRST_LOOK, (), page.text, [], "first look"
        before = self.previous_text()
        if self.anew and (self.same_bytes or changes.only_less(before or "", page.text)):
            self.state["text_hash"] = after_hash
            return Outcome.UNCHANGED, (), page.text, [], "read anew, by other rules than before"
        change = changes.judge(before or "", page.text)
        if before is not None and not change.material:
            # The old words stay the ones compared with: small steps must not add up unseen.
            return Outcome.UNCHANGED, (), None, [], f"only {change.reasons[0]} differs"
        segments = diffs.compare(before, page.text) if before is not None else []
        self.state["text_hash"] = after_hash
        where = self.places(answer, _new_lines(before, page.text)) if self.places and before else ()
        found = findings.changed(self.target, change, segments, before_hash, after_hash, where)
        return Outcome.CHANGED, found, page.text, segments, "the words changed"

    def _certain(self, trouble: str) -> bool:
        """Counts this trouble; whether it has now been met often enough to be told."""
        times = self.state.get("times", 0) + 1 if self.state.get("trouble") == trouble else 1
        self.state.update(trouble=trouble, times=times)
        return times >= self.confirm

    def _suddenly_empty(self, size: int) -> bool:
        """Late loading and failing back ends look like this; a tenth of a page of fifty words or more."""
        before = self.state.get("words", 0)
        return size == 0 < before or (before >= 50 and size * 10 < before)

    def _says_nothing_new(self, page: Page) -> bool:
        """Whether what is left of a page is a rest of what it said, with hardly a word besides."""
        known = set((self.previous_text() or "").casefold().split())
        return len([word for word in page.text.casefold().split() if word not in known]) < FEW


def _new_lines(before: str, after: str) -> list[str]:
    known = set(before.splitlines())
    return [line for line in after.splitlines() if line not in known]


def _moved_to(url: str, answer: Answer) -> str:
    """The new address after permanent redirects, unless it is the same place written otherwise; else ""."""
    moved_to = answer.moved_to
    try:
        return "" if not moved_to or _place(url) == _place(moved_to) else moved_to
    except BadAddress:
        return ""


def _place(url: str) -> tuple[str, str, str]:
    """Host without www, path without its closing slash or index page, query: http or https does not
    matter."""
    read = read_url(url)
    path = re.sub(r"/(?:index|default)\.(?:html?|php|aspx?)$", "/", read.path).rstrip("/")
    return ((read.host or "").lower().removeprefix("www."), path.lower(), read.query_string)
