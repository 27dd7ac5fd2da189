"""Does a changed text say something else? The rule `text_changed`, on two texts, without database or clock.

A watcher that asks a person about every comma is switched off by that person; one that guesses what matters misses
the word "not". So everything that changes words, numbers or dates is material; only what leaves the words as they
were (case, punctuation, hyphens, the order of lines) is not. The score says what to look at first, never whether.
"""

import re
from collections import Counter
from dataclasses import dataclass

RULE = "text_changed"
RULE_VERSION = 2
"""2: words broken or joined otherwise ("imple-mented", "cross border") are the same words."""

WORDS = re.compile(r"[$€£¥%]|\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")

STATUS_WORDS = frozenset(
    "adopted amended approved authorized banned blocked cancelled canceled ceased closed completed delayed denied "  # noqa: SIM905 - a list would be one word a line
    "discontinued dismissed ended enacted enforced enjoined established expired extended failed final finalized "
    "funded halted implemented introduced invalidated launched lapsed overturned paused postponed proposed ratified "
    "reinstated rejected repealed replaced rescheduled rescinded resumed reversed revoked signed stalled struck "
    "superseded suspended terminated unlawful upheld vacated vetoed voided withdrawn "
    "abrogada abrogado adoptada adoptado aprobada aprobado cancelada cancelado concluida concluido derogada derogado "
    "promulgada promulgado publicada publicado ratificada ratificado rechazada rechazado reformada reformado "
    "revocada revocado suspendida suspendido vetada vetado vigente".split()
)
"""Words that report what became of something, in the languages of the sources."""

NEGATIONS = frozenset(
    "not no never nor without cannot neither longer ni nunca sin jamás tampoco".split()  # noqa: SIM905 - a list would be one word a line
)
MONTHS = frozenset(
    "january february march april may june july august september october november december enero febrero marzo abril "  # noqa: SIM905 - a list would be one word a line
    "mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)


@dataclass(frozen=True)
class Change:
    """The rule's judgement. `score` is 0 to 1; `reasons` are codes, the weightiest first."""

    material: bool
    score: float
    reasons: tuple[str, ...]
    rule: str = RULE
    rule_version: int = RULE_VERSION


def judge(before: str, after: str) -> Change:
    """Compares two normalised texts (one paragraph a line). Linear in their length.

    Reasons: `status_word`, `negation`, `number`, `date`, `words`, `emptied`, `order` (same lines, other order),
    `wording` (same words; case, punctuation or the breaking of words differ), `order_of_words`.
    """
    old, new = _words(before), _words(after)
    if old == new or _unbroken(old) == _unbroken(new):
        return Change(False, 0.0, ("wording",))
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    changed = gone + come
    if not changed:
        if sorted(_lines(before)) == sorted(_lines(after)):
            return Change(False, 0.0, ("order",))
        return Change(True, 0.3, ("order_of_words",))  # "A sued B" and "B sued A" have the same words
    weights = _weights(changed)
    if not new:
        weights["emptied"] = 0.6
    share = sum(changed.values()) / (len(old) + len(new))
    weights["words"] = 0.2 + 0.3 * min(1.0, share * 4)
    reasons = sorted(weights, key=lambda reason: -weights[reason])
    score = 1.0
    for weight in weights.values():
        score *= 1 - weight
    return Change(True, round(1 - score, 3), tuple(reasons))


def only_less(before: str, after: str) -> bool:
    """Whether every word of the new text was in the old one, as often: something was left out, nothing came."""
    return not Counter(_words(after)) - Counter(_words(before))


def _weights(changed: Counter[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    if any(word in STATUS_WORDS for word in changed):
        weights["status_word"] = 0.5
    if any(word in NEGATIONS or word.endswith("n't") for word in changed):
        weights["negation"] = 0.4
    if any(word in MONTHS or re.fullmatch(r"(?:19|20)\d\d", word) for word in changed):
        weights["date"] = 0.3
    if any(word[0].isdigit() for word in changed):
        weights["number"] = 0.3
    return weights


def _words(text: str) -> list[str]:
    return WORDS.findall(text.casefold())


def _unbroken(words: list[str]) -> str:
    """All letters without the spaces between them; numbers keep theirs. A document laid out anew breaks its words
    elsewhere, and markup without white space joins some ("StatusDelayed")."""
    return "".join(word if word[0].isalpha() else f" {word} " for word in words)


def _lines(text: str) -> list[str]:
    return [" ".join(_words(line)) for line in text.splitlines()]
