"""The badge of a recommendation: what it has come to, as a picture for other people's pages."""

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import SafeString, mark_safe

from recommendations.pages import refusals, shown
from recommendations.pages.moments import MomentForm
from recommendations.queries import recommendations
from recommendations.vocabulary import STATUS_MEANINGS, Status

STATIC = Path(__file__).parent.parent / "static" / "pages"
COLOURS = re.compile(r"^\.s-(\w+) \{ --solid: (\S+); --tint: (\S+); --text: (\S+); \}", re.MULTILINE)
LETTER = 7.4
"""About how wide a letter is; the picture is told to make its words fit, whatever font the reader has."""


@dataclass(frozen=True)
class Look:
    """The colours of a status on paper, as the style sheet has them, and its symbol, brought along."""

    tint: str
    text: str
    symbol: SafeString


def badge(request: HttpRequest, code: str) -> HttpResponseBase:
    """Today or at the moment asked for, in the reader's language; 304 to whoever has it."""
    row = recommendations.listed(None).filter(code=code).first()
    if row is None:
        raise Http404
    form = MomentForm(request.GET, now=timezone.now())
    if not form.is_valid():
        return refusals.bad_question(request, form)
    if form.at is not None and form.at.as_of < row.source.published_on:
        raise Http404
    [this] = shown.rows([row], form.at, now=form.now)
    label = this.headline.status_label
    named, said = round(len(code) * LETTER), round(len(label) * LETTER)
    context = {
        "code": code,
        "label": label,
        "look": looks()[this.headline.status],
        "named": named,
        "said": said,
        "left": named + 16,
        "icon_at": named + 24,
        "label_at": named + 46,
        "right": said + 38,
        "width": named + said + 54,
    }
    answer: HttpResponse = render(request, "pages/badge.svg", context, content_type="image/svg+xml")
    etag = f'"{sha256(answer.content).hexdigest()[:32]}"'
    answer.headers["ETag"] = etag
    # Asked anew each time: what is public no longer must not stand on elsewhere.
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return get_conditional_response(request, etag=etag, response=answer) or answer


@cache
def looks() -> dict[str, Look]:
    colours: dict[str, tuple[str, str]] = {}
    for status, _solid, tint, text in COLOURS.findall((STATIC / "pages.css").read_text()):
        # On light; the dark ones follow in the style sheet.
        colours.setdefault(status, ("#ffffff" if tint == "transparent" else tint, text))
    sprite = (STATIC / "icons.svg").read_text()
    return {
        status: Look(*colours[status], _symbol(sprite, STATUS_MEANINGS[status].icon)) for status in Status
    }


def _symbol(sprite: str, name: str) -> SafeString:
    found = re.search(rf'<symbol id="{name}" viewBox="0 0 24 24">(.*?)</symbol>', sprite, re.DOTALL)
    assert found, name
    return mark_safe(found[1])  # noqa: S308 - a file of ours
