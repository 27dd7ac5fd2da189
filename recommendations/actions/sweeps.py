"""What a sweep did, written down for operators."""

from datetime import datetime, timedelta

from django.db.models import F

from recommendations.actions.refusals import one_transaction
from recommendations.models import Sweep

KEPT = timedelta(days=30)


def note(*, started_at: datetime, now: datetime, claimed: int, recorded: int, released: int) -> Sweep:
    """Write down one sweep that is over; idle ones in a row share a row. Drops what is older than a month.

    No event: nothing of the record changes, and sweeps come every few seconds.
    """
    with one_transaction():
        last = Sweep.objects.order_by("-finished_at", "-id").first()
        if not claimed and last is not None and not last.claimed:
            Sweep.objects.filter(pk=last.pk).update(finished_at=now, idle=F("idle") + 1)
            return last
        if claimed:
            Sweep.objects.filter(finished_at__lt=now - KEPT).delete()
        return Sweep.objects.create(
            started_at=started_at,
            finished_at=now,
            claimed=claimed,
            recorded=recorded,
            released=released,
            idle=0 if claimed else 1,
        )
