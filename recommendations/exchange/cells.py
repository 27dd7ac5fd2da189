"""What stands in one cell: entities, white space, lists in three dialects, dates, flags."""

import html
import re
from datetime import date, datetime
from html.parser import HTMLParser

SPACES = re.compile(r"[^\S\n]+")
LINES = re.compile(r"\s*\n\s*(?:\n\s*)*")
TITLE_LENGTH = 300
ENOUGH = 60
"""A title that ends with its first sentence has at least so many characters; shorter ones say too little."""


class _Words(HTMLParser):
    """The text of HTML, a line break where a block ends."""

    BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4"})
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0
        if tag in self.BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def plain(text: str) -> str:
    """Entities read once ("&amp;" is "&"), white space as one space or one line break, none at the ends."""
    if text.isascii() and text.isprintable() and "&" not in text and "  " not in text:
        return text.strip()
    text = html.unescape(text) if "&" in text else text
    if not text.isascii():
        text = text.replace("\u00a0", " ").replace("\u200b", "")
    return LINES.sub("\n", SPACES.sub(" ", text)).strip()


def words_of_html(text: str) -> str:
    """As `plain`, tags taken away. A "<" that opens no tag stays."""
    if not re.search(r"<[a-zA-Z/!]", text):
        return plain(text)
    reader = _Words()
    reader.feed(text)
    reader.close()
    said = "".join(reader.said).replace("\u00a0", " ").replace("\u200b", "")
    return LINES.sub("\n", SPACES.sub(" ", said)).strip()


def many(text: str, *, comma: bool = True) -> tuple[str, ...]:
    """The entries of a list cell, in the order given and each once.

    Three dialects: lines that begin with "- ", entries between "|" (or ";"), entries between commas. Names
    hold commas themselves: with `comma=False` only the other two are lists.
    """
    if re.search(r"(?m)^\s*-\s", text):
        entries = re.split(r"(?m)^\s*-\s+", text)
    elif "|" in text:
        entries = text.split("|")
    elif ";" in text:
        entries = text.split(";")
    else:
        entries = text.split(",") if comma else [text]
    return tuple(dict.fromkeys(entry for entry in (plain(each) for each in entries) if entry))


def undashed(text: str) -> str:
    """A word that UHRI writes as "- CRC"."""
    return plain(text).removeprefix("- ").strip()


def title_of(text: str) -> str:
    """A title for what has none: its first sentence, or its beginning up to a word's end with "...", at most 300."""
    line = " ".join(text.split())
    for stop in re.finditer(r"[.;:] ", line[:TITLE_LENGTH]):
        if stop.start() >= ENOUGH:
            return line[: stop.start()]
    if len(line) <= TITLE_LENGTH:
        return line
    return line[: TITLE_LENGTH - 3].rsplit(" ", 1)[0] + "..."


def iso_day(text: str) -> date | None:
    """2026-09-28, or a moment of which the day is meant; None where it is neither."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
AMERICAN = re.compile(r"([A-Za-z]{3})[a-z]* (\d{1,2}), (\d{4})")


def american_day(text: str) -> date | None:
    """Sep 28, 2026; the language of this machine does not matter. None where it is no such day."""
    found = AMERICAN.fullmatch(text.strip())
    if found is None or found[1].lower() not in MONTHS:
        return None
    try:
        return date(int(found[3]), MONTHS[found[1].lower()], int(found[2]))
    except ValueError:
        return None


GUARDED = "=+-@\t\r\n'＝＋－＠"
"""Letters with which a spreadsheet takes a cell for a formula, and the apostrophe that says it is none."""


def unguarded(text: str) -> str:
    """A cell of a table of ours without the apostrophe that was put before one of GUARDED; any other stays."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple(GUARDED) else text


FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def flag(text: str) -> bool | None:
    """Yes or no, true or false, 1 or 0, in any case; None for anything else."""
    return FLAGS.get(text.strip().lower())


def slug(text: str, length: int) -> str:
    """Letters, digits and single dashes, cut at `length`: for a code made from a name."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:length].strip("-")
