"""The few response headers worth keeping, cleaned, and the pause that a server asks for."""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

KEPT = (
    "content-type",
    "content-length",
    "content-encoding",
    "date",
    "etag",
    "last-modified",
    "location",
    "link",
    "retry-after",
    "server",
    "cf-mitigated",
)
MAX_VALUE = 1_000
"""Characters kept of one value. A validator that is longer is dropped: sent back cut, it would never
match."""

LONGEST_PAUSE = 24 * 3600.0
"""Seconds. A Retry-After beyond a day is taken as a day."""


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower-case names, values without what PostgreSQL or a log could not hold (NUL, lone surrogates)."""
    kept = {}
    for name in KEPT:
        value = headers.get(name)
        if value is None:
            continue
        if not value.isprintable():
            value = value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
        if name in ("etag", "last-modified") and (len(value) > MAX_VALUE or not value.isprintable()):
            continue
        kept[name] = value[:MAX_VALUE]
    return kept


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, 0 to a day; None when nothing (readable) is asked.

    RFC 9110 10.2.3: a number of seconds or a date. A date is counted from the server's own Date, since clocks
    differ.
    """
    value = (headers.get("Retry-After") or "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_PAUSE)
    until = _moment(value)
    if until is None:
        return None
    return min(max(until - (_moment(headers.get("Date") or "") or time.time()), 0.0), LONGEST_PAUSE)


def _moment(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
