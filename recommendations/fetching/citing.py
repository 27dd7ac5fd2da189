"""What an address says of itself, for somebody who is about to cite it."""

from dataclasses import dataclass, replace

from .answers import Answer, Limits, Request
from .documents import Unreadable, is_pdf, pdf_text
from .http import Door
from .text import page_text

SECONDS = 15.0
"""A person waits for the answer."""


@dataclass(frozen=True)
class Described:
    """Title and ISO day of publication as the page or PDF gives them, "" where it gives none.

    `problem` says why nothing could be read; "" where it was.
    """

    url: str
    title: str = ""
    published_on: str = ""
    problem: str = ""


async def describe(url: str, limits: Limits) -> Described:
    """Ask the address once, through the guarded door. Whatever goes wrong comes back as a problem."""
    async with Door(replace(limits, total_seconds=min(limits.total_seconds, SECONDS))) as door:
        answer = await door.look(Request(url))
    if not isinstance(answer, Answer):
        return Described(url, problem=answer.detail)
    if answer.status >= 400 or answer.body is None:
        return Described(url, problem=f"HTTP {answer.status}")
    try:
        read = pdf_text(answer.body) if is_pdf(answer.body) else page_text(answer.body, answer.charset)
    except (Unreadable, ValueError) as error:
        return Described(url, problem=str(error))
    return Described(url, read.title, read.published_on)
