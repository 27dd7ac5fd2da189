"""Verdicts that nobody has looked at for longer than their status may stand."""

from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.actions import findings
from recommendations.actions.refusals import one_transaction
from recommendations.queries import own_dates
from recommendations.rules.assessments import shelf_life
from recommendations.vocabulary import FindingKind

WATCH = "freshness watch"
"""The name under which stale verdicts are told."""


def tell_stale(*, now: datetime, limit: int = 500) -> int:
    """Put each stale verdict before a person, once; how many were new. Safe to run twice at once.

    The kind `freshness`: it needs no check to be set up and reaches every verdict that is the headline of an open
    recommendation. A verdict that is made anew starts its time anew.
    """
    with one_transaction():
        stale = own_dates.stale_verdicts(now=now, limit=limit)
        for due in stale:
            recommendation = due.recommendation
            status, seen = recommendation.status, recommendation.last_verified_at
            findings.bring(
                kind=FindingKind.VERDICT_STALE,
                rule="verdict_stale",
                rule_version="1",
                title=_("The verdict on %(code)s has grown old") % {"code": recommendation.code},
                detail=_("It was last verified on %(day)s; “%(status)s” may stand for %(days)d days.")
                % {
                    "day": f"{seen:%Y-%m-%d}",
                    "status": recommendation.get_status_display(),
                    "days": shelf_life(status).days,
                },
                saw={"status": status, "last_verified_at": seen.isoformat() if seen else ""},
                recommendation=recommendation,
                fingerprint=due.fingerprint,
                by=WATCH,
                now=now,
            )
    return len(stale)
