"""Asking for looks at many checks at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from recommendations.actions import events
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Refresh, StatusCheck, User
from recommendations.vocabulary import CheckState

MOST = 10_000
"""Checks that one person may ask for at once; the operator at the terminal may ask for more."""


@dataclass(frozen=True)
class Asked:
    """The refresh, and how many of the checks were left out because they are paused."""

    refresh: Refresh
    paused: int


def ask(checks: Collection[int], *, by: User, now: datetime) -> Asked:
    """Make these checks due now, as `checks.request_run` does one; paused ones are left out and counted.

    Those that somebody has asked for already and that were not looked at yet belong to this refresh too.
    """
    require(by, "check.run", StatusCheck.objects.filter(pk__in=checks))
    if len(checks) > MOST:
        raise Refused(
            "refresh_not_too_large",
            _("At most %(most)s checks at once: choose fewer, or use manage.py refresh.")
            % {"most": f"{MOST:,}"},
        )
    with one_transaction():
        rows = StatusCheck.objects.select_for_update().filter(pk__in=checks).order_by("pk")
        states = dict(rows.values_list("pk", "state"))
        wanted = [pk for pk, state in states.items() if state != CheckState.PAUSED]
        if not wanted:
            raise Refused("refresh_has_checks", _("None of these checks can be looked at: they are paused."))
        StatusCheck.objects.filter(pk__in=wanted, requested_at__isnull=True).update(
            requested_by=by, requested_at=now, next_due_at=Least(F("next_due_at"), now)
        )
        refresh = Refresh.objects.create(asked_by=by, asked_at=now)
        refresh.checks.set(wanted)
        events.record("refresh.asked", refresh, by=by, now=now, after={"checks": len(wanted)})
    return Asked(refresh, len(states) - len(wanted))
