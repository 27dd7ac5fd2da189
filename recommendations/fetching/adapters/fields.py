"""The fields that a kind's configuration may have, and what each may say.

A check of a field is a function from its value to a complaint in English, "" when the value will do.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from ..addresses import BadAddress, read_url

FieldCheck = Callable[[Any], str]

SECRET = re.compile(r"(?:^|[_$-])(?:api_?key|key|token|secret|password)$", re.IGNORECASE)


@dataclass(frozen=True)
class Fields:
    """Name -> check of its value; those in `needed` may not be left out."""

    checks: Mapping[str, FieldCheck] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()

    def complaints(self, config: Mapping[str, Any]) -> dict[str, str]:
        wrong = {name: "This kind of check has no such field." for name in config if name not in self.checks}
        wrong |= {name: "This field is needed." for name in sorted(self.needed) if name not in config}
        for name, check in self.checks.items():
            if name in config and (complaint := check(config[name])):
                wrong[name] = complaint
        return wrong


def whole_number(low: int, high: int) -> FieldCheck:
    """An integer from `low` to `high`."""

    def check(value: Any) -> str:
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if good else f"Give a whole number from {low} to {high}."

    return check


def one_word_of(words: Mapping[str, Any]) -> FieldCheck:
    def check(value: Any) -> str:
        good = isinstance(value, str) and value in words
        return "" if good else f"Give one of: {', '.join(words)}."

    return check


def words_of(known: Mapping[str, Any]) -> FieldCheck:
    """A list of words that are all known."""

    def check(value: Any) -> str:
        good = (
            isinstance(value, list)
            and value
            and all(isinstance(each, str) and each in known for each in value)
        )
        return "" if good else f"Give a list with some of: {', '.join(known)}."

    return check


def text(longest: int, pattern: str = r".*\S.*", example: str = "") -> FieldCheck:
    """Text of at most so many characters in the given form."""

    def check(value: Any) -> str:
        good = isinstance(value, str) and len(value) <= longest and re.fullmatch(pattern, value, re.DOTALL)
        return (
            "" if good else f"Give text of at most {longest} characters{example and f', such as {example}'}."
        )

    return check


def texts(most: int, shortest: int = 2, longest: int = 100, pattern: str = r".*\S.*") -> FieldCheck:
    """A list of one to `most` texts."""

    def check(value: Any) -> str:
        good = isinstance(value, list) and 1 <= len(value) <= most
        good = good and all(
            isinstance(each, str) and shortest <= len(each) <= longest and re.fullmatch(pattern, each)
            for each in value
        )
        return "" if good else f"Give a list of 1 to {most} texts of {shortest} to {longest} characters."

    return check


def day(value: Any) -> str:
    # As text it is compared and asked with: a week's day (2026-W05-6) would sort elsewhere.
    good = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)
    try:
        return "" if good and date.fromisoformat(value) else "Give a day, such as 2026-01-31."
    except ValueError:
        return "There is no such day."


def web_address(value: Any) -> str:
    """An address the door could go to, without a key in it: addresses are stored and shown."""
    if not isinstance(value, str) or len(value) > 1000:
        return "Give an address of at most 1000 characters."
    try:
        read = read_url(value)
        names = [name for name, _value in parse_qsl(read.raw_query_string, keep_blank_values=True)]
    except (BadAddress, ValueError) as error:
        return f"This address will not do: {error}."
    if any(SECRET.search(name) for name in names):
        return "Keep keys and tokens out of the address: it is stored and shown."
    return ""


def same_as(value: Any) -> str:
    """Columns and the value that each must have: `{"state": "US"}`."""
    good = isinstance(value, dict) and len(value) <= 10
    good = good and all(
        isinstance(name, str) and 1 <= len(name) <= 100 and isinstance(wanted, str) and len(wanted) <= 200
        for name, wanted in value.items()
    )
    return "" if good else "Give up to ten columns with the text each must hold."
