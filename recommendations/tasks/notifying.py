"""Telling people what concerns them: made of events and of dates, and mailed once a day to who wants that."""

from celery import shared_task
from django.utils import timezone

from recommendations.actions import digests, notifications


@shared_task(ignore_result=True)
def notify() -> int:
    """Make notifications of the events that have come and the deadlines that come near; how many there were."""
    now = timezone.now()
    return notifications.make(now=now) + notifications.make_of_deadlines(now=now)


@shared_task(ignore_result=True)
def mail_digests() -> int:
    """Make the digests whose time has come, and send what is due; how many were sent."""
    now = timezone.now()
    digests.gather(now=now)
    return digests.send_due(now=now)
