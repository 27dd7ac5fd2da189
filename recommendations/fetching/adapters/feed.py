"""`feed`: has an RSS or Atom feed announced something on this?

Configuration: `url`; `words`, one of which must begin a word of the title or the summary (an entry of several
words is looked for as a phrase; capitals and accents do not matter); `without`, words that must not occur; `since`,
a day: the first look then tells all that is dated from it on, else the newest few. What it cannot see: what left
the feed between two looks (most hold twenty-five entries), and what its summaries do not say.

State: `seen`, short hashes of the entries met; `etag`, `last_modified`, `validated_url`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from recommendations.vocabulary import FindingKind

from ..answers import Answer, Failure, Request
from ..documents import Unreadable
from ..feeds import Entry, entries
from .contract import Found, Look, PreviousText, Target
from .fields import Fields, day, texts, web_address
from .findings import fingerprint
from .registers import (
    MAX_BYTES,
    TOLD_AT_ONCE,
    TOLD_ON_FIRST_LOOK,
    failed,
    hash_of,
    refuse_html,
    told,
    trouble,
    words,
)

KIND = "feed"
WATCHES = "recommendation"
KEY = ""

ACCEPT = "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.8,*/*;q=0.5"
REMEMBERED = 500

FIELDS = Fields(
    {"url": web_address, "words": texts(30), "without": texts(30), "since": day},
    needed=frozenset({"url", "words"}),
)


def address(config: Mapping[str, Any]) -> str:
    return str(config["url"])


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    return FIELDS.complaints(config)


def request(target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
    return Request(
        address(config),
        etag=state.get("etag", ""),
        last_modified=state.get("last_modified", ""),
        validated_url=state.get("validated_url", ""),
        accept=ACCEPT,
        max_bytes=MAX_BYTES,
    )


def read(
    result: Answer | Failure,
    *,
    target: Target,
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    previous_text: PreviousText,
) -> Look:
    if (look := trouble(result, state)) is not None:
        return look
    assert isinstance(result, Answer)
    try:
        refuse_html(result)
        listed = entries(result.body or b"", result.final_url)
    except Unreadable as error:
        return failed(state, error)
    seen = list(state.get("seen", ()))
    new = [each for each in listed if _hash(each) not in seen]
    matching = [each for each in new if _matches(each, config)]
    first, since = not state.get("looked"), config.get("since", "")
    chosen = matching
    if first:
        recent = [each for each in matching if each.published_on >= since]
        chosen = recent if since else matching[:TOLD_ON_FIRST_LOOK]
    # A feed names the newest first: what is left for the next look is the newest, and still there then.
    waiting, chosen = chosen[:-TOLD_AT_ONCE], chosen[-TOLD_AT_ONCE:]
    met = [_hash(each) for each in listed if each not in waiting]
    next_state = {
        "seen": list(dict.fromkeys([*met, *seen]))[:REMEMBERED],
        # With entries left over the feed must be read again even if it has not changed.
        "etag": "" if waiting else result.etag,
        "last_modified": "" if waiting else result.last_modified,
        "validated_url": result.final_url,
    }
    note = f"{len(listed)} entries, {len(new)} new, {len(chosen)} told"
    found = [_found(each, target, config, result) for each in reversed(chosen)]
    return told(found, next_state, state, answer=result, note=note)


def _hash(entry: Entry) -> str:
    return hashlib.sha256(entry.identity.encode("utf-8", "replace")).hexdigest()[:12]


def _matches(entry: Entry, config: Mapping[str, Any]) -> bool:
    text = _folded(f"{entry.title}\n{entry.summary}")
    return _any(config["words"], text) and not _any(config.get("without", ()), text)


def _any(phrases: Any, text: str) -> bool:
    return any(re.search(rf"\b{re.escape(_folded(phrase).strip())}", text) for phrase in phrases)


def _folded(text: str) -> str:
    """Without capitals and accents: México and MEXICO are one word."""
    split = unicodedata.normalize("NFKD", " ".join(text.split())).casefold()
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _found(entry: Entry, target: Target, config: Mapping[str, Any], answer: Answer) -> Found:
    # A guid that is no address ("1") names an entry of its own feed only.
    named = entry.identity if entry.identity.startswith("http") else f"{target.url} {entry.identity}"
    in_title = _any(config["words"], _folded(entry.title))
    text = _folded(f"{entry.title}\n{entry.summary}")
    return Found(
        FindingKind.DOCUMENT_FOUND.value,
        "feed_entry",
        1,
        f"Announced: {entry.title or entry.url}"[:300],
        words(entry.summary) or "The feed gives no summary.",
        {
            "url": entry.url,
            "title": entry.title,
            "published_on": entry.published_on,
            "publisher": entry.feed,
            "matched": [phrase for phrase in config["words"] if _any([phrase], text)],
            "query": answer.url,
            "answer_hash": hash_of(answer),
        },
        0.6 if in_title else 0.4,
        fingerprint(FindingKind.DOCUMENT_FOUND, target.about, "feed", named),
    )
