"""Bytes to characters, and the characters that editors and templates swap without meaning anything."""

import codecs
import re


def decoded(body: bytes, charset: str) -> str:
    """The body as text: byte order mark, then the header's charset, then the page's own, then UTF-8, then
    Windows-1252."""
    if body.startswith(codecs.BOM_UTF8):
        return body[3:].decode("utf-8", "replace")
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    declared = re.search(
        rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", body[:4096], re.IGNORECASE
    )
    for name in (charset, declared[1].decode("ascii", "ignore") if declared else "", "utf-8"):
        try:
            if name and codecs.lookup(name).name in TEXT_CODECS:
                return body.decode("cp1252" if codecs.lookup(name).name == "iso8859-1" else name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("cp1252", "replace")


TEXT_CODECS = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be ascii iso8859-1 iso8859-2 iso8859-9 iso8859-15 cp1250 cp1251 cp1252 cp1253 "  # noqa: SIM905 - a list would be one word a line
    "cp1254 cp1257 koi8-r koi8-u gb2312 gbk gb18030 big5 euc_jp shift_jis euc_kr mac-roman".split()
)
"""Python's other codecs (zip, rot13, idna, punycode ...) are not encodings of a page, and some cost much
time."""

PLAIN = {
    **dict.fromkeys(
        "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00", ""
    ),  # invisible; NUL cannot be stored in PostgreSQL
    **dict.fromkeys("\u2018\u2019\u201b\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
    "\u2026": "...",
}
_SWAPPED = re.compile("[" + "".join(PLAIN) + "]|[\ud800-\udfff]")


def plain(text: str) -> str:
    """The text with typographic quotes, dashes and spaces made plain and invisible characters left out."""
    return (
        text
        if text.isascii() and "\x00" not in text
        else _SWAPPED.sub(lambda found: PLAIN.get(found[0], ""), text)
    )


def storable(text: str) -> str:
    """The text without what JSON may carry and PostgreSQL cannot hold: NUL and lone surrogates."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
