"""When a check is looked at next, and why then, in a sentence."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.admin.shown import short
from recommendations.fetching.adapters import kind_of
from recommendations.models import Host, StatusCheck
from recommendations.rules.next_look import Reason, Standing, reason, stretch
from recommendations.vocabulary import OWN_CHECKS

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class NextLook:
    """`at` is None where nothing is planned."""

    at: datetime | None
    why: str


def next_look(check: StatusCheck, *, now: datetime) -> NextLook:
    host = Host.objects.filter(name=check.host).first() or Host()
    standing = Standing(
        state=check.state,
        every=check.every,
        quiet_runs=check.quiet_runs,
        failures=check.failures,
        next_due_at=check.next_due_at,
        last_run_at=check.last_run_at,
        last_outcome=check.last_outcome,
        requested=check.requested_at is not None,
        leased_until=check.leased_until,
        has_changed=check.changed_at is not None,
        host_closed_until=host.closed_until,
        host_fails=host.failing_since is not None,
        goes_out=settings.TRACKER_LIVE_CHECKS or check.kind in OWN_CHECKS,
    )
    why = reason(standing, now=now)
    planned = why not in (Reason.PAUSED, Reason.SWITCHED_OFF)
    return NextLook(check.next_due_at if planned else None, _sentence(why, check, host))


def _sentence(why: Reason, check: StatusCheck, host: Host) -> str:
    every = interval(check.every)
    if why is Reason.HOST_CLOSED:
        return _("Its host asked to be left alone until %(moment)s UTC (Retry-After).") % {
            "moment": short(host.closed_until)
        }
    if why is Reason.HOST_FAILS:
        return _(
            "Its whole host has been failing since %(moment)s UTC. When it answers again, what waited for it is looked "
            "at within minutes."
        ) % {"moment": short(host.failing_since)}
    if why is Reason.BACKING_OFF:
        return ngettext(
            "It failed in its last run: it is tried again soon, then after twice as long, at most %(every)s.",
            "It has failed %(number)d times in a row: after each failure it is left alone twice as long, "
            "at most until it would be due anyway (%(every)s).",
            check.failures,
        ) % {"number": check.failures, "every": every}
    if why is Reason.QUIET:
        return _(
            "It is set to %(every)s. It was unchanged %(number)d times in a row, so it is left alone %(times)d times "
            "as long."
        ) % {"every": every, "number": check.quiet_runs, "times": stretch(check.quiet_runs)}
    if why is Reason.ASKED_FOR:
        return _(
            "%(person)s asked for it at %(moment)s UTC. A worker takes it as soon as one is free, even while scheduled "
            "checks are switched off."
        ) % {"person": check.requested_by, "moment": short(check.requested_at)}
    if why is Reason.KEY_MISSING:
        return _(
            "It was not looked at: %(name)s is not set. Until it is, nothing is asked and nothing is seen."
        ) % {"name": kind_of(check.kind).KEY}
    return {
        Reason.PAUSED: _("It is paused: nobody looks until it is made active."),
        Reason.LOOKING: _("A worker is looking now."),
        Reason.SWITCHED_OFF: _(
            "Scheduled checks are switched off here (TRACKER_LIVE_CHECKS): it is looked at when a person asks."
        ),
        Reason.LATE: _(
            "Its time has come; it waits for a worker. One host is asked by one worker at a time."
        ),
        Reason.FIRST: _("It has not been looked at yet. After that it is set to %(every)s.")
        % {"every": every},
        Reason.HOST_ASKED: _("Its server asked to be left alone until then (Retry-After)."),
        Reason.BROUGHT_FORWARD: _("It was brought forward; it is set to %(every)s.") % {"every": every},
        Reason.STIRRED: _(
            "It changed not long ago, and what has been changed is often changed again: it is looked at sooner than "
            "set (%(every)s)."
        )
        % {"every": every},
        Reason.AS_SET: _("It is set to %(every)s.") % {"every": every},
    }[why]


def interval(seconds: int) -> str:
    """`every day`, `every 6 hours`, `every 90 minutes`: in the largest unit that leaves nothing over."""
    if seconds % DAY == 0:
        return ngettext("every day", "every %(number)d days", seconds // DAY) % {"number": seconds // DAY}
    if seconds % HOUR == 0:
        return ngettext("every hour", "every %(number)d hours", seconds // HOUR) % {"number": seconds // HOUR}
    minutes = round(seconds / MINUTE)
    return ngettext("every minute", "every %(number)d minutes", minutes) % {"number": minutes}
