"""Verdicts that nobody has looked at for longer than their status may stand."""

from datetime import datetime

from recommendations.actions import findings
from recommendations.actions.refusals import one_transaction
from recommendations.fetching.adapters.freshness import verdict_stale
from recommendations.queries import own_dates
from recommendations.rules.assessments import shelf_life

WATCH = "freshness watch"
"""The name under which stale verdicts are told."""


def tell_stale(*, now: datetime, limit: int = 500) -> int:
    """Put each stale verdict before a person, once; how many were new. Safe to run twice at once.

    It needs no check to be set up and reaches every verdict that is the headline of an open recommendation; a check
    of the kind `freshness` tells the same under the same fingerprint. A verdict that is made anew starts its time
    anew.
    """
    with one_transaction():
        stale = own_dates.stale_verdicts(now=now, limit=limit)
        for due in stale:
            row = due.recommendation
            seen = row.last_verified_at
            assert seen is not None
            found = verdict_stale(
                row.pk,
                row.code,
                row.headline_id,
                row.status,
                row.get_status_display(),
                seen,
                shelf_life(row.status).days,
            )
            findings.tell(found, recommendation=row, by=WATCH, now=now)
    return len(stale)
