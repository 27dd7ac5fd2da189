"""What stands on a page and says nothing: rendering dates, counters, prompts. Judged line by line.

A line is left out only if the *whole* line is furniture: "Last updated 3 May 2024" goes, "The rule, last
updated on 3 May 2024, takes effect in June" stays. English and Spanish, the languages of the sources.
"""

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|"
    r"noviembre|diciembre)\.?"
)
_DAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_TIME = (
    r"(?:,?\s*(?:at|a las|-|\|)?\s*\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[a-z]{2,4}|utc[+-]\d+)?)?"
)
_DATE = (
    rf"{_DAY}(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:de\s+)?{_MONTH},?"
    rf"\s+(?:de\s+|del\s+)?\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})(?:t|\s)?{_TIME}z?"
)
_COUNT = r"[\d.,]+\s*[km]?"

_COUNTED = (
    r"(?:page )?(?:views?|visits?|hits?|visitors?|downloads?|shares?|likes?|comments?|(?:people )?(?:are )?reading|"
    r"readers?|retweets?|visitas|vistas|lecturas|comentarios|compartidos)"
)
_AGES = r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|segundos?|minutos?|horas?|d[ií]as?)"

UPDATED = (
    r"(?:this )?(?:page|site|content|article|web ?page|p[aá]gina)?\s*(?:was )?(?:last |[uú]ltima )?"
    r"(?:updated|modified|reviewed|revised|changed|rendered|refreshed|update|modification|actualizado|"
    r"actualizaci[oó]n|modificaci[oó]n)(?: on| el)?(?: date)?"
)
RENDERED = r"(?:page )?(?:generated|rendered|printed|retrieved|accessed|cached|served|downloaded)(?: on| at| in| by)?"
SHARED = (
    r"(?:share|tweet|print|email|e-mail|pin|comment|save|copy link|compartir|imprimir|like|follow us|subscribe)"
    r"(?: (?:this|this page|this article|on (?:facebook|twitter|x|linkedin|whatsapp)|by email|esta p[aá]gina))?"
)
PROMPTS = (
    r"advertisements?|publicidad|sponsored(?: content)?|skip to (?:main )?content|back to top|volver arriba|"
    r"saltar al contenido(?: principal)?|read more|leer m[aá]s|show more|ver m[aá]s|(?:loading|cargando)\.{0,3}|"
    r"(?:we|this (?:web)?site) uses? cookies.{0,400}|(?:accept|reject|manage) (?:all )?(?:cookies|preferences)"
)

VOLATILE = re.compile(
    "|".join(
        [
            rf"{UPDATED}\s*[:\-]?\s*{_DATE}",
            rf"{RENDERED}\s*[:\-]?\s*(?:{_DATE}|[\d.]+ ?(?:ms|s|seconds?))(?:.{{0,40}})?",
            rf"(?:current (?:date|time)|today is|today's date|hoy es)\s*[:\-]?\s*{_DATE}",
            rf"{_DAY}\d{{1,2}}:\d{{2}}:\d{{2}}\s*(?:[ap]\.?m\.?)?\s*[a-z]{{0,4}}",  # a clock; "10:30" may be a hearing
            rf"(?:updated|posted|published)?\s*{_COUNT}\s+{_AGES}\s+ago",  # with "ago": "30 days" alone may be a term
            rf"(?:actualizado|publicado)?\s*hace\s+{_COUNT}\s+{_AGES}",
            rf"(?:total )?{_COUNTED}\s*[:\-]?\s*{_COUNT}",
            rf"{_COUNT}\s+{_COUNTED}(?: so far| today)?",
            rf"{_COUNT}[ -]min(?:ute)?s?(?: read| de lectura)",
            r"(?:(?:\(c\)|©|copyright)\s*)+(?:19|20)\d\d.{0,120}|(?:all rights|todos los derechos) res.{0,20}",
            r"(?:request|session|trace|reference|incident|ray|build) id\s*[:#=]\s*[\w.:/-]{6,80}",
            r"(?:build|nonce|token|version)\s*[:#=]?\s*[0-9a-f]{7,64}",
            SHARED,
            PROMPTS,
        ]
    ),
    re.IGNORECASE,
)
MAX_VOLATILE = 500
"""Characters: a longer line is a paragraph, and a paragraph is never furniture."""

TAIL_MARK = re.compile(r"[|·•(]")
COUNTER_TAIL = re.compile(
    rf"\s*[|·•(]\s*{_COUNT}\s+(?:views?|visits?|shares?|likes?|comments?|visitas|comentarios)\)?$",
    re.IGNORECASE,
)
UPDATED_TAIL = re.compile(
    rf"\s*[|·•(]\s*(?:last )?(?:updated|modified|actualizado)(?: on)?\s*[:\-]?\s*{_DATE}\)?$", re.IGNORECASE
)

_ELSEWHERE = (
    r"articles?|stories|news|content|posts?|topics?|links|reading|coverage|pages|resources|headlines|videos?|"
    r"(?:from|on|in) .{1,40}"
)
_CHOSEN = r"related|recommended|popular|trending|most (?:read|popular|viewed|shared)"
FURNITURE_HEADINGS = re.compile(
    rf"{_CHOSEN}|(?:{_CHOSEN}|latest|top|more|other) (?:{_ELSEWHERE})|trending now|from around the web|read next|"
    r"you (?:may|might) (?:also )?(?:like|be interested in)|(?:don't|do not) miss|up next|keep reading|"
    r"further stories|(?:share this|follow us).{0,30}|(?:sign up|subscribe).{0,40}|newsletter|"
    r"stay (?:connected|informed)|(?:noticias|art[ií]culos|contenidos?|notas) relacionad[oa]s|relacionad[oa]s|"
    r"te puede interesar|lo m[aá]s (?:le[ií]do|visto)|(?:m[aá]s|[uú]ltimas) noticias",
    re.IGNORECASE,
)


def is_volatile(line: str) -> bool:
    """Whether the whole line is furniture. `line` has single spaces and no space at its ends."""
    return len(line) <= MAX_VOLATILE and VOLATILE.fullmatch(line.rstrip(" .")) is not None


def without_volatile(line: str) -> str:
    """The line without a counter or an updating date hung on its end ("By A. Writer | 1,204 views")."""
    if len(line) > MAX_VOLATILE or not TAIL_MARK.search(line):
        return line
    return UPDATED_TAIL.sub("", COUNTER_TAIL.sub("", line))


def is_furniture_heading(heading: str) -> bool:
    """Whether what follows is other pages' content. "Related articles" is; "More on enforcement"
    may be the page's own, which is why only lists of links after such a heading are removed."""
    words = " ".join(heading.split()).rstrip(":")
    return len(words) <= 80 and FURNITURE_HEADINGS.fullmatch(words) is not None
