"""Looks without end at pages of which only the furniture changes: combinations drawn by a seeded generator."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from .pairs import PAGES, Edits, read

Piece = Callable[[random.Random], str]

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905 - a list would be one word a line
WORDS = (
    "harbor council morning bridge river market storm record visit season library station garden museum concert "  # noqa: SIM905 - a list would be one word a line
    "budget ferry winter village school".split()
)


def _words(chance: random.Random, least: int = 2, most: int = 7) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(least, most))).capitalize()


def _day(chance: random.Random) -> str:
    year, month, day = chance.randint(2023, 2026), chance.randint(1, 12), chance.randint(1, 28)
    name = MONTHS[month - 1]
    return chance.choice(
        [
            f"{name} {day}, {year}",
            f"{day} {name} {year}",
            f"{month:02d}/{day:02d}/{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{name[:3]} {day}, {year}",
        ]
    )


def _number(chance: random.Random) -> str:
    return chance.choice(
        [
            f"{chance.randint(1, 999)}",
            f"{chance.randint(1, 99)},{chance.randint(100, 999)}",
            f"{chance.randint(1, 9)}.{chance.randint(1, 9)}K",
        ]
    )


def _links(chance: random.Random) -> str:
    return "".join(
        f"<li><a href='/{chance.randint(1, 9999)}'>{_words(chance)}</a></li>"
        for _ in range(chance.randint(2, 6))
    )


INSIDE: dict[str, Piece] = {
    "updated": lambda c: (
        f"<p>{c.choice(['Last updated', 'Page last modified', 'Updated', 'Last reviewed', 'Date modified'])}: {_day(c)}</p>"
    ),
    "updated in two": lambda c: (
        f"<dl><dt>{c.choice(['Last updated', 'Date modified'])}</dt><dd>{_day(c)}</dd></dl>"
    ),
    "views": lambda c: (
        f"<p>{c.choice(['{} views', 'Views: {}', 'Page views: {}', '{} visits']).format(_number(c))}</p>"
    ),
    "views in two": lambda c: f"<div><div>Views</div><div>{_number(c)}</div></div>",
    "share": lambda c: (
        f"<div class='{c.choice(['share', 'social-share', 'share-buttons', 'post-share-links'])}'><span>{_number(c)}</span> <a>{_words(c, 1, 1)}</a></div>"
    ),
    "related": lambda c: (
        f"<section><h3>{c.choice(['Related articles', 'You may also like', 'Recommended stories', 'Related content', 'More stories'])}</h3><ul>{_links(c)}</ul></section>"
    ),
    "newsletter": lambda c: f"<div class='newsletter-signup'><p>{_words(c)}</p></div>",
    "advert": lambda c: (
        f"<div class='{c.choice(['ad', 'ads', 'advertisement', 'ad-slot', 'adsbygoogle'])}'><p>{_words(c)}</p></div>"
    ),
    "comments": lambda c: f"<p>{_number(c)} comments</p>",
    "reading time": lambda c: f"<p>{c.randint(1, 30)} min read</p>",
    "age": lambda c: (
        f"<p>{c.choice(['Posted', 'Published', 'Updated'])} {c.randint(2, 59)} {c.choice(['minutes', 'hours', 'days'])} ago</p>"
    ),
    "generated": lambda c: f"<p>Page generated in 0.{c.randint(100, 999)} seconds</p>",
    "request": lambda c: f"<p>Request ID: {c.getrandbits(48):x}</p>",
    "token": lambda c: f"<input type='hidden' name='csrf' value='{c.getrandbits(64):x}'>",
    "script": lambda c: f"<script nonce='{c.getrandbits(32):x}'>var t={c.randint(1, 10**9)}</script>",
    "carousel": lambda c: f"<div class='carousel'><p>{_words(c)}</p></div>",
    "feedback": lambda c: "<p>Was this page helpful?</p>",
    "pager": lambda c: f"<div class='pagination'><span>{c.randint(1, 9)}</span> <a>Next</a></div>",
}
OUTSIDE: dict[str, Piece] = {
    "cookies": lambda c: (
        f"<div id='{c.choice(['cookie-banner', 'cookie-consent', 'gdpr-notice'])}'><p>{_words(c)}</p><button>Accept</button></div>"
    ),
    "menu": lambda c: f"<nav><ul>{_links(c)}</ul></nav>",
    "side bar": lambda c: f"<aside class='sidebar'><h2>{_words(c)}</h2><ul>{_links(c)}</ul></aside>",
    "footer": lambda c: f"<footer><p>© {c.randint(2020, 2027)} {_words(c)}</p><ul>{_links(c)}</ul></footer>",
    "pop-up": lambda c: f"<div class='modal popup' role='dialog'><p>{_words(c)}</p></div>",
    "copyright": lambda c: f"<p>© {c.randint(2020, 2027)} {_words(c)}. All rights reserved.</p>",
    "most read": lambda c: f"<div class='most-read'><h2>Most read</h2><ol>{_links(c)}</ol></div>",
    "maintenance": lambda c: (
        f"<div class='site-alert'><p>This site will be unavailable for scheduled maintenance on {_day(c)}.</p></div>"
    ),
    "comment": lambda c: f"<!-- rendered {c.getrandbits(40):x} at {_day(c)} -->",
}


def looks(page: str, edits: Edits, *, seed: int, number: int, folder: Path = PAGES) -> Iterator[bytes]:
    """`number` versions of one page that all say the same: each with its own draw of edits and pieces."""
    chance = random.Random(f"{page} {seed}")
    source = read(page, folder).decode()
    charset = "cp1252" if "windows-1252" in source else "utf-8"
    known = [changes for (name, _what), changes in edits.items() if name == page]
    for _ in range(number):
        version = source
        for changes in chance.sample(known, chance.randint(0, len(known))):
            for old, new in changes:
                version = version.replace(old, new)  # an earlier edit may have taken its place: no matter
        yield dressed(version, chance).encode(charset, "xmlcharrefreplace")


def dressed(source: str, chance: random.Random) -> str:
    """The page with pieces of furniture put before its end and before the end of what holds its text."""
    inside = [piece(chance) for piece in chance.sample(list(INSIDE.values()), chance.randint(0, 6))]
    outside = [piece(chance) for piece in chance.sample(list(OUTSIDE.values()), chance.randint(0, 4))]
    for end in ("</main>", "</article>", "</BODY>", "</body>"):
        if end in source:
            before, after = source.rsplit(end, 1)
            source = f"{before}{''.join(inside)}{end}{after}"
            break
    for end in ("</body>", "</BODY>"):
        if end in source:
            before, after = source.rsplit(end, 1)
            source = f"{before}{''.join(outside)}{end}{after}"
    return source
