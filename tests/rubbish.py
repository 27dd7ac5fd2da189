"""What no form and no address should be sent, and is: each value as the bytes that arrive, by what is wrong with it."""

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

WORDS: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"  \t ",
    "a NUL": b"a\x00b",
    "half a character": b"\xed\xa0\x80",
    "no UTF-8": b"\xff\xfe\xe9",
    "a letter written too long": b"\xc0\x80",
    "control characters": b"\x01\x08\x1b[31m\x7f\xc2\x85",
    "two lines": b"a\r\nSet-Cookie: x=y\r\n\r\n\xe2\x80\xa8b",
    "letters from the right": "\u202e\u2066\u05d0\u05d1".encode(),
    "SQL": b"' OR 1=1; --\\",
    "HTML": b'"><script>alert(1)</script>&amp;',
    "a template": b"{{ x }}{% x %}%(name)s%s${x}",
    "a broken pattern": b"(*+?[\\",
    "a word too long": b"x" * 70_000,
    "a name of our own": b"__all__",
}
NUMBERS: dict[str, bytes] = {
    told: told.encode()
    for told in (
        "-1",
        "0",
        "2147483648",
        "9223372036854775808",
        "-9223372036854775809",
        "1e309",
        "1E+1000000000",
        "1e-400",
        "NaN",
        "-Infinity",
        "1_000",
        "0x10",
        "1.5",
        "\u0663",
        "\u00b2",
    )
} | {"5,000 digits": b"9" * 5_000}
DAYS: dict[str, bytes] = {
    told: told.encode()
    for told in (
        "2023-02-30",
        "0000-01-01",
        "0001-01-01",
        "9999-12-31",
        "99999-01-01",
        "2023-W01-1",
        "2026-11-26T25:61",
        "0001-01-01T00:00",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    )
}
SHAPES: dict[str, bytes] = {
    told: told.encode()
    for told in (
        "null",
        "true",
        "[]",
        '{"a":',
        '{"a": "\\u0000"}',
        '{"a": "\\ud800"}',
        '{"a": NaN}',
        '{"a": 1e999}',
        '[{"\\u0000": 1}]',
        "proposal-9223372036854775808",
        "finding-0",
        "../../etc/passwd",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "http://[::1",
        "https://user:word@localhost:99999/\\",
    )
} | {
    "lists in lists": b"[" * 20_000 + b"]" * 20_000,
    "not so many": b'{"leave_out": ' + b"[" * 900 + b"]" * 900 + b"}",
}
EVERY = WORDS | NUMBERS | DAYS | SHAPES
FEW = {
    told: EVERY[told]
    for told in ("nothing", "a NUL", "no UTF-8", "a broken pattern", "a word too long")
    + ("-1", "9223372036854775808", "1e309", "NaN", "5,000 digits", "2023-02-30", "99999-01-01")
}
"""For where there is very much to try."""

KEYS = {
    told: EVERY[told]
    for told in ("nothing", "a NUL", "half a character", "HTML", "a word too long", "-1", "0")
    + (
        "9223372036854775808",
        "-9223372036854775809",
        "1.5",
        "\u0663",
        "\u00b2",
        "5,000 digits",
        "NaN",
        "null",
    )
}
"""What stands in an address in place of the number of a row."""

MANAGEMENT = {
    f"{prefix}-{name}": value
    for prefix in ("form", "x")
    for name, value in (
        ("TOTAL_FORMS", b"99999999999999999999"),
        ("INITIAL_FORMS", b"-1"),
        ("MIN_NUM_FORMS", b"NaN"),
        ("MAX_NUM_FORMS", b""),
        ("0-id", b"a\x00"),
    )
}
"""Broken management forms of sets that no page has; were there one, it would be among its forms."""

BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": ("", b""),
    "JSON": ("application/json", b'{"action": "x"}'),
    "no such type": ("nonsense", b"x=y"),
    "a charset that is none": ("application/x-www-form-urlencoded; charset=nonsense", b"x=y"),
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n"),
    "multipart that ends early": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    ),
    "multipart of base64 that is none": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="note"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
    ),
    "too many fields": ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1_100))),
    "too much": ("application/x-www-form-urlencoded", b"note=" + b"x" * 3_000_000),
    "signs alone": ("application/x-www-form-urlencoded", b"&&=&%&%ff=%&;"),
}

FILES: dict[str, tuple[bytes, bytes]] = {
    "an empty file": (b"a.csv", b""),
    "bytes of no kind": (b"a.csv", bytes(range(256)) * 20),
    "a NUL in it": (b"a.csv", b"code,title\r\nX-1,a\x00b\r\n"),
    "half a character in it": (b"a.csv", b"code,title\r\nX-1,\xed\xa0\x80\r\n"),
    "an open quote": (b"a.csv", b'code,title\r\nX-1,"abc\r\n'),
    "a cell too long": (b"a.csv", b"code,title\r\nX-1," + b"x" * 200_000 + b"\r\n"),
    "JSON": (b"a.json", b'{"a": [1e999, NaN, "\\ud800", "\\u0000"]}'),
    "JSON too deep": (b"a.json", b"[" * 20_000),
    "a number for a list": (b"a.json", b"7"),
    "the beginning of a workbook": (b"a.xlsx", b"PK\x03\x04" + b"\x00" * 60),
    "no name": (b"", b"code,title\r\nX-1,T\r\n"),
    "a name with a NUL": (b"a\x00.csv", b"code,title\r\nX-1,T\r\n"),
    "a name that is no UTF-8": (b"\xff\xed\xa0\x80.csv", b"code,title\r\nX-1,T\r\n"),
    "a name too long": (b"x" * 5_000 + b".csv", b"code,title\r\nX-1,T\r\n"),
    "the name of a folder": (b"../../..", b"code,title\r\nX-1,T\r\n"),
    "two lines in its name": (b"a%0d%0ab\x0b.csv", b"code,title\r\nX-1,T\r\n"),
}


@dataclass(frozen=True)
class File:
    name: bytes
    content: bytes


Sent = dict[str, list[Any]]
"""What a form sends: by name the values, each of bytes or a File."""


def query(sent: Sent) -> str:
    return "&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}"
        for name, values in sent.items()
        for value in values
        if isinstance(value, bytes)
    )


def body(sent: Sent, multipart: bool) -> tuple[str, bytes]:
    """The content type, and the content."""
    if not multipart:
        return "application/x-www-form-urlencoded", query(sent).encode()
    parts = []
    for name, values in sent.items():
        for value in values:
            told = f'Content-Disposition: form-data; name="{name}"'.encode()
            if isinstance(value, File):
                told += b'; filename="' + value.name + b'"\r\nContent-Type: application/octet-stream'
            parts += [b"--border", told, b"", value.content if isinstance(value, File) else value]
    return "multipart/form-data; boundary=border", b"\r\n".join([*parts, b"--border--", b""])


SEED = os.environ.get("ADMIN_RUBBISH") or "1"
"""What decides on the sample: always the same, or what ADMIN_RUBBISH says; "all" is everything there is."""


def some(things: Iterable[Any], number: int, *why: Any) -> list[Any]:
    """So many of them, chosen by the seed and by what they are; everything where everything is asked."""
    every = list(things)
    if SEED == "all" or len(every) <= number:
        return every
    return random.Random(f"{SEED} {why}").sample(every, number)


def told(wrong: dict[str, list[str]]) -> str:
    lines = (f"{what}: {'; '.join(found)}" for what, found in wrong.items())
    return f"{len(wrong)} are wrong (ADMIN_RUBBISH={SEED}):\n" + "\n".join(lines)
