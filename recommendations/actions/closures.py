"""Closing a recommendation for a stated reason, and opening it again."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from recommendations.actions import changes, events, findings, headlines
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.fetching.adapters.deadline import closure_expired
from recommendations.fetching.adapters.own_rows import Lapsed
from recommendations.models import Closure, Recommendation, User
from recommendations.rules.closures import needs_review_date

SWEEP = "closure sweep"
"""The name under which lapsed closures reopen by themselves."""


def close(
    recommendation: Recommendation,
    *,
    reason: str,
    note: str,
    by: User,
    now: datetime,
    review_on: date | None = None,
) -> Closure:
    """Close it. Three reasons need the day on which the closure is to be looked at again."""
    require(by, "recommendation.close", recommendation)
    if not note.strip():
        raise Refused("closure_note_given", _("Say why it is closed."), "note")
    if needs_review_date(reason) and (review_on is None or review_on <= now.date()):
        raise Refused(
            "closure_review_date_where_it_lapses",
            _("Name a day in the future on which this closure is to be looked at again."),
            "review_on",
        )
    if not needs_review_date(reason) and review_on is not None:
        raise Refused(
            "closure_review_date_where_it_lapses",
            _("A closure for this reason does not lapse: leave the review date empty."),
            "review_on",
        )
    with one_transaction():
        changes.hold()
        recommendation = headlines.lock(recommendation)
        if recommendation.closure_reason:
            raise Refused("closure_one_in_force", _("It is closed already."))
        closure = Closure.objects.create(
            recommendation=recommendation,
            reason=reason,
            note=note.strip(),
            review_on=review_on,
            closed_by=by,
            closed_at=now,
        )
        headlines.refresh([recommendation.pk], by=by, now=now)
        events.record(
            "recommendation.closed",
            closure,
            by=by,
            now=now,
            before={"closure": None},
            after={"closure": reason, "review_on": review_on},
            note=note,
            public=True,
        )
    return closure


def reopen(recommendation: Recommendation, *, note: str, by: User, now: datetime) -> Closure:
    """Open a closed recommendation again, with a reason."""
    require(by, "recommendation.reopen", recommendation)
    if not note.strip():
        raise Refused("closure_reopened_with_reason", _("Say why it is reopened."), "note")
    with one_transaction():
        changes.hold()
        recommendation = headlines.lock(recommendation)
        closure = recommendation.closures.in_force().select_for_update().first()
        if closure is None:
            raise Refused("closure_in_force", _("It is open already."))
        return _reopen(closure, by=by, now=now, note=note.strip())


def reopen_lapsed(*, now: datetime, limit: int = 500) -> int:
    """Reopen what has reached its review date, and put each before a person; how many. Safe to run twice at once."""
    with one_transaction():
        changes.hold()
        lapsed = (
            Recommendation.objects.filter(closure_review_on__lte=now.date())
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("closure_review_on", "pk")[:limit]
        )
        closures = [recommendation.closures.in_force().get() for recommendation in lapsed]
        for closure in closures:
            _reopen(closure, by=SWEEP, now=now, note=_("The review date of the closure has come."))
            _tell(closure, now=now)
    return len(closures)


def _tell(closure: Closure, *, now: datetime) -> None:
    row = closure.recommendation
    assert closure.review_on is not None
    lapsed = Lapsed(closure.pk, closure.reason, str(closure.get_reason_display()), closure.review_on)
    findings.tell(closure_expired(row.code, lapsed), recommendation=row, by=SWEEP, now=now)


def _reopen(closure: Closure, *, by: events.Actor, now: datetime, note: str) -> Closure:
    closure.reopened_at, closure.reopening_note = now, note
    closure.reopened_by = by if isinstance(by, User) else None
    closure.save(update_fields=["reopened_at", "reopened_by", "reopening_note"])
    headlines.refresh([closure.recommendation_id], by=by, now=now)
    events.record(
        "recommendation.reopened",
        closure,
        by=by,
        now=now,
        before={"closure": closure.reason, "review_on": closure.review_on},
        after={"closure": None},
        note=note,
        public=True,
    )
    return closure
