"""What Celery runs. Each task may run twice, or die half way: what is due is a row, and stays due.

`looking.py` is the sweep's own work: claim, look, write down. `reading.py` makes requests of claims and looks of
answers, `writing.py` writes them down. `notifying.py` tells people, `sending.py` webhooks; `importing.py` judges and
applies what is brought in.
"""

import logging
import time
from dataclasses import asdict

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from recommendations.actions import closures, contests, deadlines, freshness, look_tallies, sweeps, tallies
from recommendations.tasks.importing import work_on_imports
from recommendations.tasks.looking import PULL_SECONDS, look_at_due, pull
from recommendations.tasks.notifying import mail_digests, notify
from recommendations.tasks.sending import deliver, prune

__all__ = [
    "deliver",
    "look_at_due",
    "look_at_own_dates",
    "mail_digests",
    "notify",
    "prune",
    "reopen_closures",
    "sweep",
    "tally_looks",
    "work_on_imports",
]


log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep() -> int:
    """Look at everything that is due; how many looks were recorded."""
    started_at, started = timezone.now(), time.perf_counter()
    tally = pull(live=settings.TRACKER_LIVE_CHECKS, seconds=PULL_SECONDS)
    seconds = time.perf_counter() - started
    if tally.claimed:  # an idle sweep every five seconds would be most of the log
        log.info("swept", extra={"event": "sweep", "seconds": round(seconds, 3)} | asdict(tally))
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
def fold_tallies() -> int:
    """Keep the sums of the tallies short; how many sums were made."""
    return tallies.fold()


@shared_task(ignore_result=True)
def look_at_own_dates() -> int:
    """What has passed or grown old among all our own rows, checks or none; how many are new."""
    now = timezone.now()
    return deadlines.tell_passed(now=now) + freshness.tell_stale(now=now) + contests.tell_contested(now=now)


@shared_task(ignore_result=True)
def tally_looks() -> int:
    """Count the looks of each hour that is over, for the page that shows what a week of them brought."""
    return look_tallies.tally(now=timezone.now())
