"""`congress_bill`: how far has a bill of the Congress of the United States come?

Asks the API of Congress.gov (version 3) for all actions on the bill; the key (CONGRESS_API_KEY) goes in a
header, to the register alone. Configuration: `congress` (119), `type` (hr, s, hjres, sjres, hconres, sconres,
hres, sres), `number`, `url` (of a mirror of the API).

A stage that the bill has newly reached suggests a status, never more than what the stage shows: a bill that was
introduced or passed one chamber is work begun (`in_progress`); a law is at most a part of what was asked until a
person has read it (`partially_implemented`); a veto stops the work (`stalled`). What it cannot see: what the bill
says, the same words passed inside another bill, and that a bill dies with its Congress.

State: `stages`, those reached so far.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from recommendations.vocabulary import FindingKind, Status

from ..answers import Answer, Failure, Request
from ..metadata import iso_day
from .contract import Found, Look, PreviousText, Target
from .fields import Fields, one_word_of, web_address, whole_number
from .findings import fingerprint
from .registers import (
    ACCEPT_JSON,
    MAX_BYTES,
    NotData,
    asked,
    failed,
    hash_of,
    json_of,
    next_link,
    pages,
    rows_in,
    told,
    trouble,
    words,
)

KIND = "congress_bill"
WATCHES = "recommendation"
KEY = "CONGRESS_API_KEY"

API = "https://api.congress.gov/v3"
OWN_HOSTS = frozenset({"api.congress.gov", "127.0.0.1", "localhost", "::1"})
"""Whom the key may be shown to: whoever configures a mirror must not get it. Loopback is for tests; the door
opens to it only when told to."""

TYPES = {
    "hr": ("H.R.", "house-bill"),
    "s": ("S.", "senate-bill"),
    "hjres": ("H.J.Res.", "house-joint-resolution"),
    "sjres": ("S.J.Res.", "senate-joint-resolution"),
    "hconres": ("H.Con.Res.", "house-concurrent-resolution"),
    "sconres": ("S.Con.Res.", "senate-concurrent-resolution"),
    "hres": ("H.Res.", "house-resolution"),
    "sres": ("S.Res.", "senate-resolution"),
}

STAGES = {
    "introduced": ("was introduced", Status.IN_PROGRESS, 0.3),
    "passed_house": ("passed the House", Status.IN_PROGRESS, 0.6),
    "passed_senate": ("passed the Senate", Status.IN_PROGRESS, 0.6),
    "presented": ("was presented to the President", Status.IN_PROGRESS, 0.7),
    "vetoed": ("was vetoed", Status.STALLED, 0.8),
    "became_law": ("became law", Status.PARTIALLY_IMPLEMENTED, 0.9),
}
"""From the first to the last: what happened, the status it suggests, how much it matters."""

WHY = {
    Status.IN_PROGRESS: "This shows work begun and no result.",
    Status.STALLED: "Unless Congress overrides the veto, the work stops here.",
    Status.PARTIALLY_IMPLEMENTED: "Whether the law does what was asked, in whole or in part, is for a person who has "
    "read it: the suggestion is the least that it can mean.",
}

PASSED = re.compile(
    r"^passed/agreed to in (house|senate)\b"
    r"|^passed (house|senate)\b"
    r"|^(?:on|passed on) (?:passage|motion to suspend the rules and (?:pass|agree)).*\b(?:passed|agreed to)\b",
    re.IGNORECASE,
)
FAILED_VOTE = re.compile(r"\bfail|\bnot agreed|\bover(?:ride)? (?:the )?veto", re.IGNORECASE)
CODES = {"8000": "passed_house", "17000": "passed_senate", "28000": "presented", "E20000": "presented"}

FIELDS = Fields(
    {
        "congress": whole_number(93, 200),
        "type": one_word_of(TYPES),
        "number": whole_number(1, 99_999),
        "url": web_address,
    },
    needed=frozenset({"congress", "type", "number"}),
)


def address(config: Mapping[str, Any]) -> str:
    return str(config.get("url") or API)


def validate(config: Mapping[str, Any]) -> dict[str, str]:
    return FIELDS.complaints(config)


def request(target: Target, config: Mapping[str, Any], state: Mapping[str, Any]) -> Request:
    base = address(config).rstrip("/")
    url = f"{base}/bill/{config['congress']}/{config['type']}/{config['number']}/actions"
    own = (urlsplit(base).hostname or "") in OWN_HOSTS
    return Request(
        # All actions, each time: this list ignores `sort` and `fromDateTime`.
        asked(url, [("format", "json"), ("limit", "250")]),
        accept=ACCEPT_JSON,
        headers={"X-Api-Key": target.key} if own and target.key else {},
        max_bytes=MAX_BYTES,
        robots=False,
        next_page=next_page,
    )


def next_page(answer: Answer) -> str:
    return next_link(answer, "pagination", "next")


def read(
    result: Answer | Failure,
    *,
    target: Target,
    config: Mapping[str, Any],
    state: Mapping[str, Any],
    previous_text: PreviousText,
) -> Look:
    if (look := trouble(result, state)) is not None:
        return look
    assert isinstance(result, Answer)
    try:
        reached = _stages([row for page in pages(result) for row in rows_in(json_of(page), "actions")])
    except NotData as error:
        return failed(state, error)
    known = set(state.get("stages", ()))
    new = [stage for stage in STAGES if stage in reached and stage not in known]
    # Of several stages reached since the last look the furthest one says where the bill stands.
    found = [_found(stage, *reached[stage], target, config, result) for stage in new[-1:]]
    note = f"furthest stage: {list(reached)[-1].replace('_', ' ')}" if reached else "no action yet"
    if next_page(pages(result)[-1]):
        note += "; further pages were not read"
    next_state = {"stages": [stage for stage in STAGES if stage in known | set(reached)]}
    return told(found, next_state, state, answer=result, note=note)


def _stages(actions: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Stage -> (day, words) of the first action that shows it, in the order of STAGES.

    An event may be listed twice, once as the President's and once as the register's own; of a law only the type
    BecameLaw counts, and a stage is reached once however often it is told.
    """
    shown: dict[str, tuple[str, str]] = {}
    for row in actions:
        on, text = iso_day(row.get("actionDate")), words(row.get("text"))
        if not on:
            continue
        for stage in {"introduced", _stage(row, text)} - {""}:
            if stage not in shown or on < shown[stage][0]:
                shown[stage] = (on, text)
    return {stage: shown[stage] for stage in STAGES if stage in shown}


def _stage(row: Mapping[str, Any], text: str) -> str:
    kind, code = row.get("type"), words(row.get("actionCode"), 20)
    if kind == "BecameLaw":
        return "became_law"
    if FAILED_VOTE.search(text):
        return ""
    if code in CODES:
        return CODES[code]
    if re.match(r"(?:pocket )?vetoed by president", text, re.IGNORECASE):
        return "vetoed"
    if re.match(r"presented to president", text, re.IGNORECASE):
        return "presented"
    if passed := PASSED.search(text):
        chamber = passed[1] or passed[2] or ("senate" if "senate" in _house_of(row) else "house")
        return f"passed_{chamber.lower()}"
    return ""


def _house_of(row: Mapping[str, Any]) -> str:
    """The system that recorded the action: "House floor actions", "Senate", "Library of Congress"."""
    system = row.get("sourceSystem")
    return words(system.get("name"), 50).lower() if isinstance(system, dict) else ""


def _found(
    stage: str, on: str, text: str, target: Target, config: Mapping[str, Any], answer: Answer
) -> Found:
    said, status, score = STAGES[stage]
    short, long = TYPES[config["type"]]
    congress = _ordinal(config["congress"])
    name = f"{short} {config['number']} ({congress} Congress)"
    return Found(
        FindingKind.STATUS_SUGGESTED.value,
        "bill_stage",
        1,
        f"{name} {said} on {on}",
        f"The register says: {text or said} {WHY[status]}",
        {
            "url": f"https://www.congress.gov/bill/{congress}-congress/{long}/{config['number']}",
            "title": name,
            "publisher": "Congress of the United States",
            "published_on": on,
            "stage": stage,
            "action": text,
            "query": answer.url,
            "answer_hash": hash_of(answer),
        },
        score,
        fingerprint(
            FindingKind.STATUS_SUGGESTED,
            target.about,
            f"{config['congress']} {config['type']} {config['number']}",
            stage,
        ),
        suggested_status=status.value,
    )


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
