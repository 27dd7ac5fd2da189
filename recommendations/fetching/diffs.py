"""A readable difference of two texts, word by word, in bounded time. Plain values in and out.

Lines are matched first; words only within the stretches whose lines differ. Where a stretch is too long to be
matched by words (a rewritten report), it is shown as removed and added whole: still true, only coarser.
difflib's "junk" of over-frequent items stays on: without it a text of one repeated word takes cubic time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed", "skipped"]

MAX_LINES = 4_000
"""Lines of the differing middle that are matched by line; its square bounds the work."""

MAX_WORD_PAIRS = 1_000_000
"""Words before times words after of one stretch matched by word."""

WORDS = re.compile(r"\n|[^\s\n]+")


@dataclass(frozen=True)
class Segment:
    """A run of words. "skipped" stands for same words that were left out; its text says how many, as
    digits."""

    kind: Kind
    text: str


def compare(before: str, after: str, context: int = 12) -> list[Segment]:
    """What was added and removed, with `context` same words on each side. [] when nothing but space
    differs."""
    segments = _merged(_segments(before.splitlines(), after.splitlines()))
    if all(segment.kind == "same" for segment in segments):
        return []
    return list(_trimmed(segments, context))


def count(segments: list[Segment]) -> tuple[int, int]:
    """Words added, words removed."""
    added = sum(len(segment.text.split()) for segment in segments if segment.kind == "added")
    removed = sum(len(segment.text.split()) for segment in segments if segment.kind == "removed")
    return added, removed


def excerpt(segments: list[Segment], limit: int = 4_000) -> list[list[str]]:
    """The first segments as [kind, text] pairs for JSON, at most `limit` characters of text in all."""
    pairs: list[list[str]] = []
    for segment in segments:
        if limit <= 0:
            break
        pairs.append([segment.kind, segment.text[:limit]])
        limit -= len(segment.text)
    return pairs


def _segments(before: list[str], after: list[str]) -> Iterator[Segment]:
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    yield from _plain("same", before[:start])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if max(len(old), len(new)) > MAX_LINES:
        yield from _by_word(old, new)
    else:
        for tag, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
            if tag == "equal":
                yield from _plain("same", old[i:j])
            else:
                yield from _by_word(old[i:j], new[k:m])
    yield from _plain("same", before[len(before) - end :])


def _by_word(old: list[str], new: list[str]) -> Iterator[Segment]:
    before, after = _words(old), _words(new)
    if not before or not after or len(before) * len(after) > MAX_WORD_PAIRS:
        yield Segment("removed", _sentence(before))
        yield Segment("added", _sentence(after))
        return
    for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            yield Segment("same", _sentence(before[i:j]))
        else:
            yield Segment("removed", _sentence(before[i:j]))
            yield Segment("added", _sentence(after[k:m]))


def _words(lines: list[str]) -> list[str]:
    return WORDS.findall("\n".join(lines))


def _sentence(words: list[str]) -> str:
    return re.sub(r" ?\n ?", "\n", " ".join(words))


def _plain(kind: Kind, lines: list[str]) -> Iterator[Segment]:
    if lines:
        yield Segment(kind, "\n".join(lines))


def _merged(segments: Iterator[Segment]) -> list[Segment]:
    """Neighbours of one kind as one; a change in white space alone is no change."""
    merged: list[Segment] = []
    for segment in segments:
        if not segment.text.strip():
            continue
        if merged and merged[-1].kind == segment.kind:
            merged[-1] = Segment(
                segment.kind,
                f"{merged[-1].text}\n{segment.text}"
                if segment.kind == "same"
                else f"{merged[-1].text} {segment.text}",
            )
        else:
            merged.append(segment)
    return merged


def _trimmed(segments: list[Segment], context: int) -> Iterator[Segment]:
    last = len(segments) - 1
    for position, segment in enumerate(segments):
        words = segment.text.split()
        head = 0 if position == 0 else context
        tail = 0 if position == last else context
        if segment.kind != "same" or len(words) <= head + tail + 3:
            yield segment
            continue
        if head:
            yield Segment("same", " ".join(words[:head]))
        yield Segment("skipped", str(len(words) - head - tail))
        if tail:
            yield Segment("same", " ".join(words[-tail:]))
