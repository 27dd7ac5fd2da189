"""`deadline`: has one of our own dates for a recommendation come and gone? Nobody is asked over the network.

Looks at the deadline in force, at the review date of a closure, and, where it is told by when, at the response.
Configuration, all of it optional: `response_within_days` or `response_within_months`, the time that the addressees
have to respond; `response_rule`, where that is written (needed with either: no period is made up here);
`response_from`, the day from which it counts (else from the source's publication, and where only its month or year is
known, from the end of it). A response by anyone ends the wait for one: governments answer for their departments.
What it cannot see: whether a response answers what was asked.

State: `told`, the fingerprints of what stood at the last look.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from recommendations.rules.dates import months_later
from recommendations.vocabulary import FindingKind, ResponseKind

from .contract import Found, Look, Target
from .fields import Fields, day, text, whole_number
from .own_rows import Lapsed, OwnRows, told

KIND = "deadline"
WATCHES = "recommendation"
KEY = ""

PERIODS = ("response_within_days", "response_within_months")
FIELDS = Fields(
    {
        "response_within_days": whole_number(1, 3650),
        "response_within_months": whole_number(1, 120),
        "response_rule": text(300),
        "response_from": day,
    }
)


def address(config: Mapping[str, Any]) -> str:
    return ""  # our own rows have none


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    wrong = FIELDS.complaints(config)
    given = [name for name in PERIODS if name in config]
    if len(given) == 2:
        wrong[PERIODS[1]] = "Give the time in days or in months, not both."
    if given and "response_rule" not in config:
        wrong["response_rule"] = "Say where it is written that a response is due by then."
    for name in ("response_rule", "response_from"):
        if name in config and not given:
            wrong[name] = f"This goes with {PERIODS[0]} or {PERIODS[1]}."
    return wrong


def look(rows: OwnRows, *, target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Look:
    found = []
    if rows.lapsed is not None:
        found.append(closure_expired(rows.code, rows.lapsed))
    if rows.overdue and rows.due_on is not None:
        found.append(deadline_passed(rows.number, rows.code, rows.due_on, rows.status))
    response_due = response_due_on(rows, config)
    if response_due is not None and _waits(rows) and rows.now.date() > response_due:
        found.append(_response_overdue(rows, response_due, config))
    return told(found, state, "no date has passed")


def _waits(rows: OwnRows) -> bool:
    return rows.open and rows.response == ResponseKind.NONE


def response_due_on(rows: OwnRows, config: Mapping[str, Any]) -> date | None:
    """The last day on which a response is in time; None where nothing says."""
    start = date.fromisoformat(config["response_from"]) if "response_from" in config else rows.published_on
    if "response_within_days" in config:
        return start + timedelta(days=config["response_within_days"])
    if "response_within_months" in config:
        return months_later(start, config["response_within_months"])
    return None


def deadline_passed(number: int, code: str, due_on: date, status: str) -> Found:
    """`number` is the key of the recommendation. A deadline that is moved and passes again is told again."""
    return Found(
        FindingKind.DEADLINE_PASSED.value,
        "deadline_passed",
        1,
        f"The deadline of {code} has passed",
        f"It was due on {due_on} and is not closed.",
        {"due_on": f"{due_on}", "status": status},
        1.0,
        f"{FindingKind.DEADLINE_PASSED}:{number}:{due_on}",
    )


def closure_expired(code: str, lapsed: Lapsed) -> Found:
    return Found(
        FindingKind.CLOSURE_EXPIRED.value,
        "closure_review_date",
        1,
        f"The closure of {code} has come to its review date",
        f"It was closed as “{lapsed.label}” and is open again.",
        {"reason": lapsed.reason, "review_on": f"{lapsed.review_on}"},
        1.0,
        f"{FindingKind.CLOSURE_EXPIRED}:{lapsed.number}",
    )


def _response_overdue(rows: OwnRows, due_on: date, config: Mapping[str, Any]) -> Found:
    asked = ", ".join(rows.addressees) or "no addressee named"
    return Found(
        FindingKind.RESPONSE_OVERDUE.value,
        "response_overdue",
        1,
        f"No response to {rows.code} is known, and its time is up",
        f"A response was due by {due_on} ({config['response_rule']}). Asked: {asked}.",
        {
            "due_on": f"{due_on}",
            "rule": config["response_rule"],
            "counted_from": config.get("response_from", f"{rows.published_on}"),
            "addressees": list(rows.addressees),
        },
        0.8,
        f"{FindingKind.RESPONSE_OVERDUE}:{rows.number}:{due_on}",
    )
