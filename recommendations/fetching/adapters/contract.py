"""What every kind of status check has in common: what it is given, what it brings back, what it must
offer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..answers import Answer, Failure, Request


@dataclass(frozen=True)
class Target:
    """What is watched, and what for: an address, and the name by which people know it.

    `about` names what a finding would bear on ("recommendation CFR60-06"): the same document found for
    another is another finding. `key` is what the register asks for; it goes into a header and nowhere else.
    """

    url: str
    title: str = ""
    about: str = ""
    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Found:
    """Something for a person to judge. `kind` is a vocabulary.FindingKind, `saw` JSON, `score` 0 to 1.

    `fingerprint` (hex) is the same whenever the same thing is found again: one finding, more sightings.
    """

    kind: str
    rule: str
    rule_version: int
    title: str
    detail: str
    saw: Mapping[str, Any]
    score: float
    fingerprint: str
    suggested_status: str = ""


@dataclass(frozen=True)
class Look:
    """What one look brought. `outcome` is a vocabulary.Outcome.

    `text` (and `text_hash`) is given only when it is new and worth a Snapshot. `next_state` is JSON to be
    kept by the caller and handed in next time; {} means "never looked". `retry_after` (seconds) asks not to
    look sooner. `note` is one English sentence for the record of the run.
    """

    outcome: str
    next_state: dict[str, Any]
    found: tuple[Found, ...] = ()
    text: str | None = None
    text_hash: str = ""
    raw_hash: str = ""
    title: str = ""
    published_on: str = ""
    note: str = ""
    retry_after: float | None = None


PreviousText = Callable[[], str | None]
"""Fetches the text of the last snapshot when it is needed; None when it is no longer kept."""


class Kind(Protocol):
    """A kind of status check: a module in this folder with these names.

    `WATCHES` says what such a check is attached to: "evidence", "recommendation" or "indicator". `KEY` names
    the setting with the key that the register asks for; "" where none is needed.
    """

    KIND: str
    WATCHES: str
    KEY: str

    def address(self, config: Mapping[str, Any]) -> str:
        """Where it looks, as configured; "" for kinds that look at the address of their evidence, or at our own
        rows."""
        ...

    def validate(self, config: Mapping[str, Any]) -> dict[str, str]:
        """Field -> what is wrong with it, in English; {} when the configuration will do. Names unknown
        fields."""
        ...


class Adapter(Kind, Protocol):
    """A kind that looks at the network; listed in `adapters.ADAPTERS`."""

    def request(self, target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
        """What to ask for, given what was remembered."""
        ...

    def read(
        self,
        result: Answer | Failure,
        *,
        target: Target,
        config: Mapping[str, Any],
        state: Mapping[str, Any],
        previous_text: PreviousText,
    ) -> Look:
        """Judges what came. Synchronous processor work; raises nothing for what a server may send."""
        ...
