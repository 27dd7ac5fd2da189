"""`freshness`: has nobody verified the verdict on a recommendation for longer than it may stand? Nobody is asked
over the network.

Configuration, optional: `within_days`, for how many days the verdict on this recommendation may stand; else the shelf
life of its status, past which the minute pass tells it in any case. What was never assessed, and what is closed, cannot
grow old.

State: `told`, the fingerprints of what stood at the last look.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from recommendations.rules.assessments import shelf_life
from recommendations.vocabulary import FindingKind

from .contract import Found, Look, Target
from .fields import Fields, whole_number
from .own_rows import OwnRows, told

KIND = "freshness"
WATCHES = "recommendation"
KEY = ""

FIELDS = Fields({"within_days": whole_number(1, 3650)})


def address(config: Mapping[str, Any]) -> str:
    return ""  # our own rows have none


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    return FIELDS.complaints(config)


def look(rows: OwnRows, *, target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Look:
    if rows.headline is None or rows.last_verified_at is None:
        return told((), state, "there is no verdict yet")
    days = int(config.get("within_days", shelf_life(rows.status).days))
    stale = rows.stale
    if "within_days" in config:
        stale = rows.open and rows.now - rows.last_verified_at > timedelta(days=days)
    found = [_stale(rows, rows.last_verified_at, days)] if stale else []
    return told(found, state, f"last verified on {rows.last_verified_at:%Y-%m-%d}")


def _stale(rows: OwnRows, seen: datetime, days: int) -> Found:
    return verdict_stale(rows.number, rows.code, rows.headline, rows.status, rows.status_label, seen, days)


def verdict_stale(
    number: int, code: str, headline: int | None, status: str, label: str, seen: datetime, days: int
) -> Found:
    """`number` is the key of the recommendation, `headline` that of its verdict: the next one starts its time anew."""
    return Found(
        FindingKind.VERDICT_STALE.value,
        "verdict_stale",
        1,
        f"The verdict on {code} has grown old",
        f"It was last verified on {seen:%Y-%m-%d}; “{label}” may stand for {days} days.",
        {"status": status, "last_verified_at": seen.isoformat()},
        1.0,
        f"{FindingKind.VERDICT_STALE}:{number}:{headline}",
    )
