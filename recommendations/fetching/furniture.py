"""What stands on a page and says nothing: rendering dates, counters, prompts. Judged line by line.

A line is left out only if the *whole* line is furniture: "Last updated 3 May 2024" goes, "The rule, last
updated on 3 May 2024, takes effect in June" stays. English and Spanish, the languages of the sources.
"""

import re
from collections.abc import Sequence

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|"
    r"noviembre|diciembre)\.?"
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|lunes|martes|mi[eé]rcoles|jueves|viernes|"
    r"s[aá]bado|domingo)"
)
_DAY = rf"(?:{_WEEKDAY},?\s+)?"
_ZONE = r"(?:[a-z]{2,4}(?:[+-]\d{1,2}(?::?\d\d)?)?|\(\w{2,5}\))"
_CLOCK = rf"\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s*(?:[ap]\.?m\.?)?\s*{_ZONE}?"
_NAMED_DAY = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?[\s-]+(?:de\s+)?{_MONTH},?[\s-]+(?:de\s+|del\s+)?\d{{4}})"
)
_NUMBERED_DAY = r"(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})"
_DATE = (
    rf"(?:{_CLOCK},?\s*(?:on )?)?{_DAY}(?:{_NAMED_DAY}|{_NUMBERED_DAY})"
    rf"(?:t|\s)?(?:,?\s*(?:at|a las|-|\|)?\s*{_CLOCK})?z?"
)
"""A day, with the time before or after it."""

_COUNT = r"[\d.,]+\s*[km]?"
_SHOWN = (
    r"(?:views?|visits?|hits?|downloads?|shares?|likes?|retweets?|followers?|reactions?|accesses|citations?|altmetric|"
    r"visitas|vistas|lecturas|compartidos|seguidores)"
)
"""What is counted of a page itself. Comments are counted too, and a docket counts them as well: see _COUNTED."""

_COUNTED = rf"(?:page )?(?:{_SHOWN}|visitors?|comments?|(?:people )?(?:are )?reading|readers?|comentarios)"
_AGES = r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|segundos?|minutos?|horas?|d[ií]as?)"
_AGE = rf"(?:{_COUNT}|an?|un[ao]?)\s+{_AGES}"

UPDATED = (
    r"(?:this |la |esta )?(?:(?:page|site|content|article|web ?page|p[aá]gina|sitio)\s*){0,2}(?:was )?"
    r"(?:date |fecha de |fecha de la )?(?:last |[uú]ltima )?"
    r"(?:updated|modified|reviewed|revised|changed|rendered|refreshed|update|modification|actualizado|"
    r"actualizaci[oó]n|modificaci[oó]n)(?: on| el)?(?: date)?|content current as of"
)
RENDERED = (
    r"(?:(?:this )?(?:page|document|data|content) )?(?:was )?(?:last )?(?:generated|rendered|printed|retrieved|"
    r"accessed|cached|downloaded|fetched|refreshed|loaded)(?: on| at| in| by)?"
)
SHARED = (
    r"(?:share|tweet|print|email|e-mail|pin|comment|save|copy link|compartir|imprimir|like|follow us|subscribe|listen|"
    r"facebook|twitter|linkedin|whatsapp|telegram|reddit|bluesky|mastodon)"
    r"(?: (?:this|this page|this article|on (?:facebook|twitter|x|linkedin|whatsapp)|by email|esta p[aá]gina|"
    r"to this (?:page|article)))?"
)
PROMPTS = (
    r"advertisements?|publicidad|sponsored(?: content)?|skip to (?:main )?content|back to top|volver arriba|"
    r"saltar al contenido(?: principal)?|read more|leer m[aá]s|show more|ver m[aá]s|(?:loading|cargando)\.{0,3}|"
    r"(?:we|this (?:web)?site) uses? cookies.{0,400}|(?:accept|reject|manage) (?:all )?(?:cookies|preferences)|"
    r"(?:is|was) (?:this|the) (?:page|article|information|content) (?:useful|helpful)|"
    r"(?:report a problem|give feedback|send feedback|tell us what you think)(?: (?:on|about|with) this page)?|"
    r"¿?(?:te|le) (?:gust[oó]|result[oó] [uú]til|fue [uú]til|sirvi[oó]) est[ea] (?:p[aá]gina|contenido|informaci[oó]n)|"
    r"did you find what you were looking for|is there anything wrong with this page|"
    r"leave a (?:comment|reply)|"
    r"be the first to (?:like|comment|share)(?: this| on this)?|log in to (?:comment|reply)"
)
_SITE = r"(?:(?:the|this|our|el|este) )?(?:site|website|web page|page|portal|system|sitio|sistema)"
OUTAGES = (
    rf"{_SITE} (?:will be|may be|is|estar[aá]|est[aá]) (?:(?:unavailable|offline|down|fuera de servicio) )?"
    r"(?:for|due to|during|under(?:going)?|en|por) (?:scheduled |planned |routine )?"
    r"(?:maintenance|mantenimiento)\b.{0,120}|"
    r"(?:scheduled|planned|system) maintenance\b.{0,120}"
)
"""That the site is closed for maintenance; that a service or a system has ended is news."""

PAGED = (
    r"(?:page|p[aá]gina)\s+\d+\s+(?:of|de|/)\s+\d+|(?:showing|displaying|viewing|mostrando)\s+\d+\s*(?:-|to|a)\s*\d+\s+"
    rf"(?:of|de)\s+{_COUNT}(?:\s+(?:results?|entries|items|records|documents|resultados|registros))?"
)

VOLATILE = re.compile(
    "|".join(
        [
            rf"(?:{UPDATED})\s*[:\-\ue000]?\s*{_DATE}(?:,? by [\w .]{{1,40}})?",
            rf"{RENDERED}\s*[:\-]?\s*(?:{_DATE}|[\d.]+ ?(?:ms|s|seconds?)|{_CLOCK}|{_AGE}\s+ago)",
            rf"(?:current (?:date|time)|today is|today's date|hoy es)\s*[:\-]?\s*{_DATE}",
            rf"{_DAY}\d{{1,2}}:\d{{2}}:\d{{2}}\s*(?:[ap]\.?m\.?)?\s*[a-z]{{0,4}}",  # a clock; "10:30" may be a hearing
            rf"(?:(?:last )?updated|posted|published)?:?\s*{_AGE}\s+ago",  # with "ago": "30 days" alone may be a term
            rf"(?:actualizado|publicado)?:?\s*hace\s+{_AGE}",
            rf"(?:total )?{_COUNTED}\s*(?:[:\-]?\s*{_COUNT}|\({_COUNT}\))",
            rf"{_COUNTED} (?:since|desde)\s+{_DATE}\s*:?\s*{_COUNT}",
            rf"{_COUNT}\s+{_COUNTED}(?: so far| today)?|no comments(?: yet)?|sin comentarios",
            rf"(?:you are |usted es el )?(?:visitor|visitante) (?:number|no\.?|n[uú]mero|#):?\s*{_COUNT}",
            rf"{_COUNT}[ -]min(?:ute)?s?(?: read| de lectura)",
            r"(?:(?:\(c\)|©|copyright)\s*)+(?:19|20)\d\d.{0,120}|(?:all rights|todos los derechos) res.{0,20}",
            r"(?:copyright )?(?:\(c\)|©).{1,80}(?:19|20)\d\d.{0,40}",
            r"(?:request|session|trace|reference|incident|ray|build) id\s*[:#=]\s*[\w.:/-]{6,80}",
            # With a letter in it: digits alone may be a day.
            r"(?:build|nonce|token|version|commit|revision)\s*[:#=]?\s*(?=\d*[a-f])[0-9a-f]{7,64}",
            r"(?:served|hosted) by [\w.-]{1,60}(?: in [\d.]+ ?m?s)?",
            r"(?:retrieved|recuperado|obtenido) (?:from|de) \"?https?://\S{1,300}",
            rf"{SHARED}(?:[ ,|]+{SHARED})*",
            PROMPTS,
            OUTAGES,
            PAGED,
        ]
    ),
    re.IGNORECASE,
)
MAX_VOLATILE = 500
"""Characters: a longer line is a paragraph, and a paragraph is never furniture."""

LABEL = re.compile(
    rf"(?:{UPDATED}|(?:total )?{_COUNTED}|(?:you are )?(?:visitor|visitante) (?:number|no\.?|n[uú]mero))\s*:?",
    re.IGNORECASE,
)
"""A label whose value stands in the next line, as in a list of definitions."""

VALUE = re.compile(rf"(?:{_DATE}(?:\s*[-|]?\s*\(?(?:see|show|view|ver) .{{1,40}})?|{_COUNT})", re.IGNORECASE)
COUNT_LINE = re.compile(_COUNT, re.IGNORECASE)
SHOWN_LINE = re.compile(rf"(?:page )?{_SHOWN}", re.IGNORECASE)

SEPARATOR = re.compile(r"\s+[|·•]\s+")
BYLINE = re.compile(rf"((?:by|por) .{{2,80}}?)\s+(?:{UPDATED})\s*[:\-]?\s*{_DATE}", re.IGNORECASE)
"""Who wrote it, and when it was last touched, in one line."""

PARENTHESIS = re.compile(
    rf"\s*\((?:{_COUNT}\s+{_COUNTED}|(?:{UPDATED})\s*[:\-]?\s*{_DATE})\)$",
    re.IGNORECASE,
)
MAST_DATE = re.compile(rf"{_WEEKDAY},?\s+{_DATE}(?:\s+\w+){{0,2}}", re.IGNORECASE)
"""Today's date as newspapers show it above everything else."""

_ELSEWHERE = (
    r"articles?|stories|news|content|posts?|topics?|links|reading|coverage|pages|resources|headlines|videos?|"
    r"(?:from|on|in) .{1,40}"
)
_CHOSEN = r"related|recommended|popular|trending|most (?:read|popular|viewed|shared)"
FURNITURE_HEADINGS = re.compile(
    rf"{_CHOSEN}|(?:{_CHOSEN}|latest|top|more|other) (?:{_ELSEWHERE})|trending now|from around the web|read next|"
    r"you (?:may|might) (?:also )?(?:like|be interested in)|(?:don't|do not) miss|up next|keep reading|"
    r"further stories|(?:share this|follow us).{0,30}|recent (?:posts|articles|stories|news|comments)|"
    r"(?:noticias?|art[ií]culos?|contenidos?|notas?|temas?) relacionad[oa]s?|relacionad[oa]s|"
    r"te puede interesar|lo m[aá]s (?:le[ií]do|visto)|(?:m[aá]s|[uú]ltimas) noticias",
    re.IGNORECASE,
)

SIGN_UP_HEADINGS = re.compile(
    r"(?:sign up|subscribe|get (?:email )?updates|get (?:email )?alerts|get our).{0,40}|newsletters?|"
    r"stay (?:connected|informed|up to date)|suscr[ií]b(?:ete|ase).{0,40}|bolet[ií]n.{0,20}",
    re.IGNORECASE,
)


def is_volatile(line: str) -> bool:
    """Whether the whole line is furniture. `line` has single spaces and no space at its ends."""
    return len(line) <= MAX_VOLATILE and VOLATILE.fullmatch(line.rstrip(" .?:")) is not None


def without_volatile(line: str) -> str:
    """The line without counters and updating dates between its bars ("By A. Writer | 1,204 views | 4 min read"), or in
    brackets at its end; "" where nothing else is left."""
    if len(line) > MAX_VOLATILE:
        return line
    line = PARENTHESIS.sub("", line)
    parts = SEPARATOR.split(line)
    kept = [BYLINE.sub(r"\1", part) for part in parts if len(parts) == 1 or not is_volatile(part)]
    return line if kept == parts else " | ".join(kept)


def without_furniture(lines: Sequence[str]) -> list[str]:
    """The lines that say something. A label such as "Last updated" or "Views" goes with its value in the line after
    (a counter's also with the value before it)."""
    kept: list[str] = []
    skip = False
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        if skip:
            skip = False
        elif (LABEL.fullmatch(line) and VALUE.fullmatch(following)) or (
            COUNT_LINE.fullmatch(line) and SHOWN_LINE.fullmatch(following)
        ):
            skip = True
        elif not is_volatile(line) and (said := without_volatile(line)):
            kept.append(said)
    return kept


def without_mast(lines: Sequence[str], heading: str) -> list[str]:
    """The lines without today's date above the main heading; all of them where no line is the heading."""
    plain = [" ".join(line.split()) for line in lines]
    if not heading or heading not in plain:
        return list(lines)
    above = plain.index(heading)
    return [
        line for place, line in enumerate(lines) if place > above or not MAST_DATE.fullmatch(plain[place])
    ]


def is_furniture_heading(heading: str) -> bool:
    """Whether what follows is other pages' content. "Related articles" is; "More on enforcement"
    may be the page's own, which is why only lists of links after such a heading are removed."""
    words = " ".join(heading.split()).rstrip(":")
    return len(words) <= 80 and (FURNITURE_HEADINGS.fullmatch(words) is not None or asks_to_sign_up(words))


def asks_to_sign_up(heading: str) -> bool:
    """Whether what follows asks the reader to subscribe."""
    return SIGN_UP_HEADINGS.fullmatch(" ".join(heading.split()).rstrip(":")) is not None
