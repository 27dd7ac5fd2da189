"""The rows of the corpus, as they stand in its YAML files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One attack: its name, what is sent, and the results (kinds of failure, or statuses) that will do."""

    name: str
    sent: Any
    expected: tuple[Any, ...]
    more: Any = None


def rows(file: str, section: str = "") -> list[Any]:
    read = yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
    return read[section] if section else read


def addresses(section: str) -> list[Case]:
    return [
        Case(name, _spelled_out(address), _several(expected), resolved[0] if resolved else "")
        for name, address, expected, *resolved in rows("addresses.yaml", section)
    ]


def redirects() -> list[Case]:
    return [
        Case(name, location, _several(expected), status)
        for name, status, location, expected in rows("redirects.yaml")
    ]


def names() -> list[Case]:
    return [Case(name, answers, _several(expected)) for name, answers, expected in rows("names.yaml")]


def behaviours() -> list[Case]:
    return [Case(name, what, _several(expected)) for name, what, expected in rows("behaviours.yaml")]


def tls() -> list[Case]:
    return [Case(name, what, _several(expected)) for name, what, expected in rows("tls.yaml")]


def everything() -> list[Case]:
    return [*addresses("anywhere"), *addresses("direct"), *redirects(), *names(), *behaviours(), *tls()]


def _several(expected: Any) -> tuple[Any, ...]:
    return tuple(expected) if isinstance(expected, list) else (expected,)


def _spelled_out(address: str) -> str:
    return (
        address.replace("HOST300", ".".join(["a" * 49] * 6))
        .replace("LABEL64", "a" * 64)
        .replace("LONG5000", "a" * 5000)
    )
