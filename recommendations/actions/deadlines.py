"""The deadline ledger: each move keeps the old date, the new one, who moved it and why."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from recommendations.actions import changes, events, findings, headlines
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.fetching.adapters import deadline
from recommendations.models import Deadline, Institution, Recommendation, User
from recommendations.queries import own_dates

WATCH = "deadline watch"
"""The name under which passed deadlines are told."""


def move(
    recommendation: Recommendation,
    *,
    due_on: date | None,
    reason: str,
    by: User,
    now: datetime,
    moved_by: Institution | None = None,
) -> Deadline:
    """Set, move or (with no date) lift the deadline. Raises Refused without a reason or a difference."""
    require(by, "deadline.write", recommendation)
    if not reason.strip():
        raise Refused("deadline_reason_given", _("Say why the deadline is set or moved."), "reason")
    with one_transaction(), changes.naming(moved_by, by=by, now=now):
        recommendation = headlines.lock(recommendation)
        if due_on == recommendation.due_on:
            raise Refused("deadline_says_something", _("This is already the deadline."), "due_on")
        entry = Deadline.objects.create(
            recommendation=recommendation,
            previous_due_on=recommendation.due_on,
            due_on=due_on,
            moved_by=moved_by,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=now,
        )
        headlines.refresh([recommendation.pk], by=by, now=now)
        events.record(
            "deadline.moved",
            entry,
            by=by,
            now=now,
            before={"due_on": entry.previous_due_on},
            after={"due_on": due_on, "moved_by": moved_by},
            note=reason,
            public=True,
        )
    return entry


def tell_passed(*, now: datetime, limit: int = 500) -> int:
    """Put each deadline that has passed before a person, once; how many were new. Safe to run twice at once.

    It needs no check to be set up and reaches every open recommendation; a check of the kind `deadline` tells the
    same under the same fingerprint. A deadline that is moved and passes again is told again.
    """
    with one_transaction():
        passed = own_dates.passed_deadlines(now=now, limit=limit)
        for due in passed:
            row = due.recommendation
            assert row.due_on is not None
            found = deadline.deadline_passed(row.pk, row.code, row.due_on, row.status)
            findings.tell(found, recommendation=row, by=WATCH, now=now)
    return len(passed)
