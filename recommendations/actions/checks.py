"""Standing instructions to look somewhere: making them, changing them, asking for a look now."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from recommendations.actions import events, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.fetching.adapters import KINDS, OWN_KINDS
from recommendations.fetching.adapters.fields import SECRET
from recommendations.fetching.characters import storable
from recommendations.models import Evidence, Indicator, Recommendation, StatusCheck, User
from recommendations.queries.limits import EVERYTHING, concerned
from recommendations.vocabulary import CheckState

Watched = Evidence | Recommendation | Indicator

SECRET_IN_ADDRESS = re.compile(r"([?&][^=&\"]*(?:key|token|secret|password)=)[^&\"]*", re.IGNORECASE)
"""What is told of a wrong setting is kept in answers and logs; a key that strayed into it is not."""

LONGEST_CONFIG = 8_000
"""Characters of a check's settings, as JSON: more than any kind can use."""


def create(
    *,
    kind: str,
    config: dict[str, Any],
    every: int,
    by: User,
    now: datetime,
    evidence: Evidence | None = None,
    recommendation: Recommendation | None = None,
    indicator: Indicator | None = None,
) -> StatusCheck:
    """Watch one thing, every so many seconds (at least 60).

    A page or document is watched where a piece of evidence has its address; registers and feeds are asked for
    what bears on a recommendation, series for values of an indicator: their settings say where. `deadline` and
    `freshness` look at our own rows of a recommendation, and go nowhere.
    """
    require(by, "check.write", evidence or recommendation or indicator or EVERYTHING)
    check = of(
        kind=kind,
        config=config,
        every=every,
        now=now,
        evidence=evidence,
        recommendation=recommendation,
        indicator=indicator,
    )
    check.created_by = by
    with one_transaction():
        watching = twin(check)
        if watching is not None:
            raise Refused(
                "check_one_of_a_kind",
                _("This is watched already, by check %(number)d.") % {"number": watching.pk},
                KINDS[kind].WATCHES,
            )
        return records.create(check, by=by, now=now, public=False)


def of(
    *, kind: str, config: dict[str, Any], every: int, now: datetime, **watched: Watched | None
) -> StatusCheck:
    """A check of that kind, judged but not saved; `watched` is the one evidence, recommendation or indicator."""
    _valid(kind, config, every)
    given = {name: row for name, row in watched.items() if row is not None}
    wanted = KINDS[kind].WATCHES
    if list(given) != [wanted]:
        raise Refused("check_watches_one_thing", _attached_to(wanted), wanted)
    row = given[wanted]
    url = row.document.url if isinstance(row, Evidence) else KINDS[kind].address(config)
    if not url and kind not in OWN_KINDS:
        raise Refused("check_has_address", _("This evidence has no address to watch."), "evidence")
    return StatusCheck(
        kind=kind, config=config, every=every, host=host_of(url), next_due_at=now, created_at=now, **given
    )


def twin(check: StatusCheck) -> StatusCheck | None:
    """The check that does the same already: the same address, or the same question for the same thing."""
    alike = StatusCheck.objects.filter(kind=check.kind)
    if check.evidence is not None:
        return alike.filter(evidence__document=check.evidence.document).first()
    return alike.filter(
        recommendation=check.recommendation, indicator=check.indicator, config=check.config
    ).first()


def change(check: StatusCheck, *, by: User, now: datetime, **changes: Any) -> StatusCheck:
    """Change `config`, `every` or `state` (active or paused).

    With other settings a register is asked something else, and so what was seen before is forgotten. A look that is
    under way then answers the old question: it is not recorded, and another one is had for the same due time.

    Who is limited must be so to all that it concerns: a document that is no longer watched is so for everybody.
    """
    require(by, "check.write", concerned(check))
    for field in changes:
        if field not in ("config", "every", "state"):
            raise Refused("check_field_fixed", _("“%(field)s” cannot be changed.") % {"field": field}, field)
    with one_transaction():
        check = StatusCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        config = changes.get("config", check.config)
        _valid(check.kind, config, changes.get("every", check.every))
        if config != check.config and check.evidence_id is None:
            StatusCheck.objects.filter(pk=check.pk).update(
                memory={}, host=host_of(KINDS[check.kind].address(config))
            )
        if (config, changes.get("every", check.every)) != (check.config, check.every):
            StatusCheck.objects.filter(pk=check.pk).update(lease=None, leased_until=None)
        records.change(check, changes, by=by, now=now, public=False)
    return check


def request_run(check: StatusCheck, *, by: User, now: datetime) -> StatusCheck:
    """Make a check due now because a person asks; it then runs even while live checks are off.

    Asking again before it has run changes nothing.
    """
    require(by, "check.run", check)
    with one_transaction():
        check = StatusCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        if check.state == CheckState.PAUSED:
            raise Refused("check_paused", _("This check is paused: make it active first."))
        if check.requested_at is None:
            check.requested_by, check.requested_at = by, now
            check.next_due_at = min(check.next_due_at, now)
            check.save(update_fields=["requested_by", "requested_at", "next_due_at"])
            events.record("check.requested", check, by=by, now=now)
    return check


def problems(kind: str, config: dict[str, Any]) -> dict[str, str]:
    """Setting -> what is wrong with it and what it holds; {} when these settings of a known kind will do."""
    return {
        field: f"{problem} {_held(config[field])}"
        if field in config and not SECRET.search(field)
        else problem
        for field, problem in KINDS[kind].validate(config).items()
    }


def _held(value: Any) -> str:
    held = SECRET_IN_ADDRESS.sub(r"\1…", json.dumps(value, ensure_ascii=False, default=str))
    return _("Given: %s.") % (held if len(held) <= 200 else f"{held[:199]}…")


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _valid(kind: str, config: dict[str, Any], every: int) -> None:
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise Refused(
            "check_kind_known",
            _("There is no kind “%(kind)s”; choose from %(known)s.") % {"kind": kind, "known": known},
            "kind",
        )
    if every < 60:
        raise Refused(
            "check_not_more_than_each_minute", _("At most one run a minute: 60 seconds or more."), "every"
        )
    if not isinstance(config, dict):
        raise Refused("check_config", _("Settings are names with values, such as {}."), "config")
    for field, problem in problems(kind, config).items():
        raise Refused("check_config", f"{field}: {problem}", "config")
    said = json.dumps(config, ensure_ascii=False)
    if len(said) > LONGEST_CONFIG or storable(said) != said or "\\u0000" in said:
        raise Refused("check_config", _("These settings are too long, or hold what is no text."), "config")


def _attached_to(wanted: str) -> str:
    """The sentence that says what a kind is attached to."""
    return {
        "evidence": _("This kind of check watches one piece of evidence: name it, and nothing else."),
        "recommendation": _("This kind of check is about one recommendation: name it, and nothing else."),
        "indicator": _("This kind of check is about one indicator: name it, and nothing else."),
    }[wanted]
