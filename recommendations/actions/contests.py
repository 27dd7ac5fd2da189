"""Verdicts that another party's published verdict contradicts."""

from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.actions import findings
from recommendations.actions.refusals import one_transaction
from recommendations.queries import own_dates
from recommendations.vocabulary import FindingKind, Status

WATCH = "contest watch"
"""The name under which contested verdicts are told."""

RULE, RULE_VERSION = "verdict_contested", "1"


def tell_contested(*, now: datetime, limit: int = 500) -> int:
    """Put each contested headline before a person, once; how many were new. Safe to run twice at once.

    A new headline, or a new verdict of another party that differs from it, is told anew. That a person has looked
    ends the waiting, not the difference: the recommendation stays marked as contested.
    """
    with one_transaction():
        contested = own_dates.contested_verdicts(now=now, limit=limit)
        for due in contested:
            row, other = due.recommendation, due.other
            assert other is not None
            theirs = str(Status(other.status).label)
            findings.bring(
                kind=FindingKind.VERDICT_CONTESTED,
                rule=RULE,
                rule_version=RULE_VERSION,
                title=_("Verdicts on %(code)s differ") % {"code": row.code},
                detail=_("Ours says “%(ours)s”; %(whose)s says “%(theirs)s”, as of %(day)s.")
                % {
                    "ours": row.get_status_display(),
                    "whose": other.verdict_institution or other.get_verdict_by_display(),
                    "theirs": theirs,
                    "day": other.effective_on.isoformat(),
                },
                saw={"ours": row.status, "theirs": other.status, "assessment": other.pk},
                recommendation=row,
                fingerprint=due.fingerprint,
                by=WATCH,
                now=now,
            )
    return len(contested)
