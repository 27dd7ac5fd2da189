"""What comes with status 200 in place of a page: a wall, a shell, an error, another page.

None of these is a change of what the page said. They are short, or stand at an address that says what they are; an
article about captchas or subscriptions is neither.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from recommendations.vocabulary import Outcome

from .text import Page

SHORT = 250
"""Words: a wall or an error page has fewer."""

NEARLY_NOTHING = 25
"""Words: a page with fewer that asks for JavaScript has none of its own."""

CHALLENGE = re.compile(
    r"just a moment|attention required|access denied|pardon our interruption|are you (?:a )?(?:human|robot)|verify "
    r"(?:that )?you are (?:a )?human|captcha|security check|request (?:unsuccessful|rejected|blocked)|unusual traffic|"
    r"bot verification|requested url was rejected|you have been blocked|checking your browser",
    re.IGNORECASE,
)
NOT_FOUND = re.compile(
    r"\b(?:page|file|document|content|p[aá]gina) (?:not|no|cannot be|could not be|isn't|is no longer) ?"
    r"(?:be )?(?:found|available|encontrad[oa])\b|^(?:error )?404\b|\b404 (?:error|not found)|\berror 404\b|"
    r"^not found$",
    re.IGNORECASE | re.MULTILINE,
)
NOT_FOUND_SAID = re.compile(
    r"(?:page|document|file|content|resource) (?:that )?(?:you(?: are|'re)? (?:looking for|requested|tried)|requested)"
    r".{0,60}(?:not (?:be )?found|no longer|does(?: not|n't) exist|been (?:moved|removed|deleted)|cannot|could not|"
    r"couldn't|can't)|(?:we|sorry,? (?:but )?we) (?:can't|cannot|could not|couldn't) (?:find|locate) "
    r"(?:the|that|this|your) (?:page|document|file|content)|"
    r"(?:p[aá]gina|documento|archivo) (?:solicitad[oa]|que busca|requerid[oa]).{0,40}"
    r"no (?:existe|se encuentra|est[aá])",
    re.IGNORECASE,
)
SIGN_IN = re.compile(
    r"^(?:please )?(?:sign|log) ?[io]n\b|\b(?:sign|log) in to (?:continue|view|access|read|your)|"
    r"^(?:iniciar|inicie) sesi[oó]n|^login\b|authentication required|you must be logged in",
    re.IGNORECASE | re.MULTILINE,
)
PASSWORD = re.compile(rb"""<input[^>]{0,300}type\s*=\s*["']?password""", re.IGNORECASE)
CONSENT = re.compile(
    r"before you continue|(?:accept|agree to|consent to) (?:all |the use of |our )?cookies.{0,40}"
    r"to (?:continue|proceed|access|view)|we and our (?:\d+ )?(?:trusted )?partners (?:store|use|process)|"
    r"cookies must be enabled|"
    r"please enable cookies",
    re.IGNORECASE,
)
SUBSCRIBE = re.compile(
    r"(?:subscribe|register|sign up|create (?:a free|an) account) (?:now )?to (?:continue|keep|read|unlock)|"
    r"(?:already a|for) subscribers?(?: only|\?)|to continue reading|this (?:article|content|story) is (?:for|only "
    r"available to) (?:subscribers|members)|suscr[ií]b(?:ete|ase) para (?:seguir|continuar)",
    re.IGNORECASE,
)
SCRIPTS = re.compile(
    r"(?:enable|requires?|need(?:s)? to enable|turn on|activ[ae]) javascript|javascript (?:is )?(?:required|disabled|"
    r"must be enabled|to run this app)",
    re.IGNORECASE,
)
OUTAGE = re.compile(
    r"(?:down|closed|unavailable) for (?:scheduled |planned )?maintenance|under(?:going)? (?:scheduled )?maintenance|"
    r"we(?:'ll| will) be (?:right )?back|(?:service|site|page|server) (?:is )?(?:temporarily|currently) unavailable|"
    r"(?:temporarily|currently) unavailable|an (?:unexpected )?error (?:has )?occurred|internal server error|"
    r"bad gateway|gateway time-?out|service unavailable|error establishing a database connection|"
    r"(?:technical|server) (?:difficulties|error)|en mantenimiento|error (?:interno )?del servidor|try again later",
    re.IGNORECASE,
)
LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|oauth2?|auth|account/login|iniciar-sesion|user/login)(?:[/.?]|$)", re.I
)
ERROR_PATH = re.compile(
    r"/(?:40[34]|error|errors|not-?found|page-?not-?found|no-encontrad[ao])(?:[/.?]|$)", re.I
)
FRONT = re.compile(r"/?(?:(?:index|default|home|main)(?:\.\w{2,5})?|[a-z]{2}(?:-[a-z]{2})?)?/?", re.I)


@dataclass(frozen=True)
class Wall:
    """What stands there: the outcome of the look, and one English sentence for its record."""

    outcome: Outcome
    note: str


def in_place_of(page: Page, body: bytes, *, asked: str, reached: str, before: int) -> Wall | None:
    """What was served in place of the page, or None if it may be the page itself.

    `asked` and `reached` are addresses; `before` is how many words the page had when it was last seen, 0 if never.
    """
    return _by_address(asked, reached) or _by_words(page, body, before)


def _by_address(asked: str, reached: str) -> Wall | None:
    wanted, landed = _path(asked), _path(reached)
    if wanted == landed:
        return None
    if LOGIN_PATH.search(landed) and not LOGIN_PATH.search(wanted):
        return Wall(Outcome.BLOCKED, "the address leads to a page that asks to sign in")
    if ERROR_PATH.search(landed) and not ERROR_PATH.search(wanted):
        return Wall(Outcome.GONE, "the address leads to an error page")
    return None


def leads_to_front(asked: str, reached: str) -> bool:
    """Whether a deeper address has led to the site's front page: how removed pages often look."""
    return FRONT.fullmatch(_path(reached)) is not None and FRONT.fullmatch(_path(asked)) is None


def _by_words(page: Page, body: bytes, before: int) -> Wall | None:
    text, size = page.text, len(page.text.split())
    if size >= SHORT:
        return None
    shrunk = before == 0 or size * 2 < before
    if CHALLENGE.search(f"{page.title}\n{text[:300]}"):
        return Wall(Outcome.BLOCKED, "the site asks for proof that a person is looking")
    if NOT_FOUND.search(page.title or text[:80]) or (shrunk and NOT_FOUND.search(text[:80])):
        return Wall(Outcome.GONE, "the page says that it was not found")
    return _of_a_rest(page, body, size, before) if shrunk else None


def _of_a_rest(page: Page, body: bytes, size: int, before: int) -> Wall | None:
    """Of a page that has lost most of its words, or was never seen with more: what the rest says."""
    text = page.text
    start = f"{page.title}\n{text[:600]}"
    if NOT_FOUND_SAID.search(start):
        return Wall(Outcome.GONE, "the page says that it was not found")
    if SIGN_IN.search(start) and (PASSWORD.search(body) or size < NEARLY_NOTHING):
        return Wall(Outcome.BLOCKED, "the page asks to sign in")
    if CONSENT.search(start):
        return Wall(Outcome.BLOCKED, "the page asks for consent before it shows anything")
    if before and SUBSCRIBE.search(text):
        return Wall(Outcome.BLOCKED, "the page is shown to subscribers only")
    if size < NEARLY_NOTHING and SCRIPTS.search(text + body[:20_000].decode("utf-8", "replace")):
        return Wall(Outcome.BLOCKED, "the page needs a browser that runs scripts")
    if size < 2 * NEARLY_NOTHING and OUTAGE.search(start):
        return Wall(Outcome.FAILED, "the site says that it is out of order")
    return None


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") or "/"
