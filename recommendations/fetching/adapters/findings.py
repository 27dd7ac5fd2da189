"""The findings of a watched address, as plain values. Titles and details are English, for the record; `saw`
is data."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from recommendations.rules.changes import Change
from recommendations.vocabulary import FindingKind

from .. import diffs
from ..addresses import read_url
from ..answers import Answer
from .contract import Found, Target

VERSION = 1
"""Of the rules `address_moved`, `address_gone` and `address_blocked`."""


def changed(
    target: Target,
    change: Change,
    segments: Sequence[diffs.Segment],
    before_hash: str,
    after_hash: str,
    where: Sequence[Mapping[str, str]] = (),
) -> tuple[Found, ...]:
    """`where` names the parts of the page with the new words, as places.where gives them."""
    added, removed = diffs.count(list(segments))
    detail = f"Words added: {added}; removed: {removed}."
    if not segments:
        detail = "The words differ from those last seen, which are no longer kept."
    return (
        Found(
            FindingKind.EVIDENCE_CHANGED.value,
            change.rule,
            change.rule_version,
            _title("Changed", target),
            detail,
            {
                "url": target.url,
                "text_hash_before": before_hash,
                "text_hash_after": after_hash,
                "words_added": added,
                "words_removed": removed,
                "reasons": list(change.reasons),
                "excerpt": diffs.excerpt(list(segments)),
                **({"where": list(where)} if where else {}),
            },
            change.score,
            fingerprint(FindingKind.EVIDENCE_CHANGED, target.url, after_hash),
        ),
    )


def moved(target: Target, moved_to: str, segments: Sequence[diffs.Segment]) -> tuple[Found, ...]:
    front = read_url(moved_to).path in ("", "/")
    detail = f"The address now leads permanently to {moved_to}"
    detail += ", the site's front page: what was cited was probably removed." if front else "."
    if segments:
        detail += " Its words differ from those last seen."
    return (
        Found(
            FindingKind.EVIDENCE_MOVED.value,
            "address_moved",
            VERSION,
            _title("Moved", target),
            detail,
            {"url": target.url, "moved_to": moved_to, "excerpt": diffs.excerpt(list(segments))},
            0.8 if front else 0.5,
            fingerprint(FindingKind.EVIDENCE_MOVED, target.url, moved_to),
        ),
    )


def gone(target: Target, answer: Answer, note: str, state: Mapping[str, Any]) -> tuple[Found, ...]:
    """The words last seen are part of what was seen: a page that came back with others and went again is
    news."""
    seen = str(state.get("text_hash", ""))
    return (
        Found(
            FindingKind.EVIDENCE_GONE.value,
            "address_gone",
            VERSION,
            _title("Gone", target),
            f"The address no longer serves what was cited: {note}.",
            {"url": target.url, "status": answer.status, "final_url": answer.final_url, "note": note},
            0.9,
            fingerprint(FindingKind.EVIDENCE_GONE, target.url, seen),
        ),
    )


def blocked(target: Target, note: str, state: Mapping[str, Any]) -> tuple[Found, ...]:
    """The words last seen are part of what was seen, as for `gone`; which wall it was is not."""
    return (
        Found(
            FindingKind.EVIDENCE_BLOCKED.value,
            "address_blocked",
            VERSION,
            _title("Blocked", target),
            f"The site does not let the tracker look: {note}. A person may still be able to.",
            {"url": target.url, "note": note},
            0.3,
            fingerprint(FindingKind.EVIDENCE_BLOCKED, target.url, str(state.get("text_hash", ""))),
        ),
    )


def fingerprint(kind: str, *what: str) -> str:
    """sha256 (hex) of the kind and of what was seen; the version of the rule is not part of it."""
    return hashlib.sha256("\x1f".join([str(kind), *what]).encode("utf-8", "replace")).hexdigest()


def _title(word: str, target: Target) -> str:
    return f"{word}: {target.title or target.url}"[:300]
