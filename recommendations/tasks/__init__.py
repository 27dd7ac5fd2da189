"""What Celery runs. Each task may run twice, or die half way: what is due is a row, and stays due.

`looking.py` is the sweep's own work: claim, look, write down. `reading.py` makes requests of claims and looks of
answers, `writing.py` writes them down.
"""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from recommendations.actions import closures, deadlines, freshness, sweeps
from recommendations.tasks.looking import PULL_SECONDS, look_at_due, pull

__all__ = ["look_at_due", "look_at_own_dates", "reopen_closures", "sweep"]


@shared_task(ignore_result=True)
def sweep() -> int:
    """Look at everything that is due; how many looks were recorded."""
    started_at = timezone.now()
    tally = pull(live=settings.TRACKER_LIVE_CHECKS, seconds=PULL_SECONDS)
    sweeps.note(
        started_at=started_at,
        now=timezone.now(),
        claimed=tally.claimed,
        recorded=tally.recorded,
        released=tally.released,
    )
    return tally.recorded


@shared_task(ignore_result=True)
def reopen_closures() -> int:
    """Reopen what was closed until a day that has come."""
    return closures.reopen_lapsed(now=timezone.now())


@shared_task(ignore_result=True)
def look_at_own_dates() -> int:
    """What has passed or grown old among all our own rows, checks or none; how many are new."""
    now = timezone.now()
    return deadlines.tell_passed(now=now) + freshness.tell_stale(now=now)
