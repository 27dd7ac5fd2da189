"""What follows when a person accepts a finding or sets it aside: evidence filed, a value recorded, a part left out.

Each in the name of the person who decides. actions/findings.py decides; nothing here is called from elsewhere.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from recommendations.actions import checks, indicators
from recommendations.actions import evidence as evidence_actions
from recommendations.actions.refusals import Refused
from recommendations.models import Evidence, Finding, Recommendation, StatusCheck, User


@dataclass(frozen=True)
class Filing:
    """How a document that was found is filed as evidence: what it shows, in our words, and how it bears.

    `occurred_on` is the day on which the document says it was published, and `title` what the register calls it,
    unless others are given.
    """

    kind: str
    finding: str
    stance: str
    occurred_on: date | None = None
    title: str = ""


def file(
    finding: Finding, filing: Filing, subject: Recommendation | None, *, by: User, now: datetime
) -> Evidence:
    saw = finding.saw
    if not saw.get("url") or not saw.get("title"):
        raise Refused(
            "finding_holds_document", _("This finding brought no document that could be filed."), "file"
        )
    if subject is None:
        raise nameless("recommendation")
    occurred_on = filing.occurred_on or (
        date.fromisoformat(saw["published_on"]) if saw.get("published_on") else None
    )
    if occurred_on is None:
        raise Refused(
            "evidence_has_day", _("Say on which day it happened: the document names none."), "occurred_on"
        )
    return evidence_actions.file(
        url=saw["url"],
        title=filing.title.strip() or saw["title"],
        finding=filing.finding,
        kind=filing.kind,
        occurred_on=occurred_on,
        bears_on=[evidence_actions.Bearing(subject, filing.stance)],
        by=by,
        now=now,
    )


def observe(finding: Finding, value: Decimal | None, *, by: User, now: datetime, note: str) -> None:
    saw = finding.saw
    if finding.indicator is None:
        raise nameless("indicator")
    first, last = (
        date.fromisoformat(saw[name]) if saw.get(name) else None for name in ("period_from", "period_to")
    )
    indicators.observe(
        finding.indicator,
        period=saw["period"],
        value=Decimal(saw["value"]) if value is None else value,
        seen_at=saw["url"][:1000],
        note=note,
        by=by,
        now=now,
        period_from=first,
        period_to=last,
    )


def leave_out(finding: Finding, chosen: Collection[str], *, by: User, now: datetime) -> None:
    offered = {
        place[key]: setting
        for place in finding.saw.get("where", [])
        for key, setting in (("part", "skip"), ("phrase", "ignore"))
        if key in place
    }
    unknown = next((each for each in chosen if each not in offered), None)
    if unknown is not None or finding.status_check is None:
        raise Refused(
            "finding_offers_parts",
            _("“%(part)s” is not among the parts that this finding is about.") % {"part": unknown or ""},
            "leave_out",
        )
    check = StatusCheck.objects.get(pk=finding.status_check.pk)
    config = dict(check.config)
    for each in chosen:
        known = config.get(offered[each], [])
        config[offered[each]] = [*known, each] if each not in known else known
    checks.change(check, config=config, by=by, now=now)


def edits(
    finding: Finding, *, status: str, value: Decimal | None, filing: Filing | None
) -> dict[str, list[str]]:
    """What was suggested and taken otherwise: name -> [suggestion, what was taken or ""], as JSON holds them."""
    saw, taken = finding.saw, {}
    if finding.suggested_status and status != finding.suggested_status:
        taken["status"] = [finding.suggested_status, status]
    if value is not None and value != Decimal(saw["value"]):
        taken["value"] = [str(saw["value"]), str(value)]
    if filing is not None and filing.title.strip() and filing.title.strip() != saw["title"]:
        taken["title"] = [saw["title"], filing.title.strip()]
    day = filing.occurred_on.isoformat() if filing is not None and filing.occurred_on else ""
    if day and saw.get("published_on") and day != saw["published_on"]:
        taken["occurred_on"] = [saw["published_on"], day]
    return taken


def nameless(field: str) -> Refused:
    return Refused("finding_names_recommendation", _("Say which recommendation it is about."), field)
