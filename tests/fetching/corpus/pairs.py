"""What a pair is, and how one is made from a page and a few edits."""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Pair:
    """One address before and after. `name` says what was changed, for the one who reads a failure."""

    name: str
    before: bytes
    after: bytes
    content_type: str = "text/html"


Edits = dict[tuple[str, str], list[tuple[str, str]]]
"""(page, what is changed) -> pairs of old and new source text."""


def pairs(edits: Edits, folder: Path = PAGES) -> list[Pair]:
    return [
        Pair(f"{page}: {name}", read(page, folder), edited(read(page, folder).decode(), changes).encode())
        for (page, name), changes in edits.items()
    ]


def read(page: str, folder: Path = PAGES) -> bytes:
    return (folder / f"{page}.html").read_bytes()


def edited(source: str, changes: list[tuple[str, str]]) -> str:
    """The source with each old text, which must be there, replaced by the new one."""
    for old, new in changes:
        if old not in source:
            raise ValueError(f"{old!r} is not on the page")
        source = source.replace(old, new)
    return source
