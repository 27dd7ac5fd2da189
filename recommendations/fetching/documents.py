"""The words of a PDF. Bounded in pages, characters and time: a document may be made to exhaust its reader."""

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from .characters import plain
from .metadata import iso_day
from .text import MAX_TEXT, Page, plain_lines

MAX_PAGES = 600
MAX_SECONDS = 20.0
"""Of processor time in reading; what has been read until then is not used, since half a document would show
as a change."""

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns at every oddity of every file


class Unreadable(Exception):
    """The bytes are not a document whose words can be had: not a PDF, encrypted, broken, too long, or only
    images."""


def is_pdf(body: bytes) -> bool:
    """Whether the bytes begin as a PDF does: the mark may come within the first kilobyte (ISO 32000, annex
    H)."""
    return b"%PDF-" in body[:1024]


def pdf_text(body: bytes) -> Page:
    """Title, day of creation and text of a PDF, one line a line of the document. Raises Unreadable."""
    if not is_pdf(body):
        raise Unreadable("the file is not a PDF")
    started = time.perf_counter()
    parts: list[str] = []
    length = 0
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("the document asks for a password")
        if len(reader.pages) > MAX_PAGES:
            raise Unreadable(f"the document has more than {MAX_PAGES} pages")
        for page in reader.pages:
            parts.append(page.extract_text())
            length += len(parts[-1])
            if time.perf_counter() - started > MAX_SECONDS or length > MAX_TEXT:
                raise Unreadable("the document takes too long to read")
        about = reader.metadata
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        OverflowError,
        NotImplementedError,
        ImportError,
        MemoryError,
    ) as error:  # a broken file breaks pypdf anywhere
        raise Unreadable(f"the document cannot be read ({type(error).__name__})") from error
    text = plain_lines("\n".join(without_page_numbers(parts)).splitlines())
    if not text:
        raise Unreadable("the document has no text, perhaps only images of pages")
    title = plain(" ".join(str((about and about.title) or "").split()))[:500]
    created = str((about and about.get("/CreationDate")) or "").removeprefix("D:")[:8]
    return Page(title, iso_day(created), text)


NUMBERED = re.compile(
    r"\W{0,3}(?:(?:page|p[aá]g(?:ina|\.)?)\s*)?(\d{1,4})(?:\s*(?:of|de|/)\s*\d{1,4})?\W{0,3}", re.IGNORECASE
)


def without_page_numbers(pages: Sequence[str]) -> list[str]:
    """The pages without their numbers: a first or last line that is a number and counts on from page to page.

    A number that does not count on is a figure, and stays. A document of one page has no such line that is sure.
    """
    lines = [page.strip().splitlines() for page in pages]
    for end in (0, -1):
        numbers = [NUMBERED.fullmatch(page[end].strip()) if page else None for page in lines]
        offsets = Counter(int(found[1]) - place for place, found in enumerate(numbers) if found)
        if not offsets:
            continue
        offset, times = offsets.most_common(1)[0]
        if times < 2:
            continue
        for place, found in enumerate(numbers):
            if found and int(found[1]) - place == offset:
                del lines[place][end]
    return ["\n".join(page) for page in lines]
