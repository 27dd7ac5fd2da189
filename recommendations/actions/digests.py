"""One e-mail a day to those who asked for it, about what they were told since the last one."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models import Digest, Notification, User
from recommendations.queries import notifications as queries
from recommendations.queries.visibility import sees_internal

EVERY = timedelta(hours=24)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
SHOWN = 100
"""Lines of one mail; the admin has all."""


def gather(*, now: datetime) -> int:
    """Make a digest for each person whose last one is a day old and who has something to be mailed; how many."""
    made = 0
    for person, last in queries.waiting_for_mail().items():
        if last is not None and last > now - EVERY:
            continue
        with transaction.atomic():
            # One worker at a time for each person; what another made meanwhile counts as their last one.
            held = User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=person)
            if not held or Digest.objects.filter(person=person, made_at__gt=now - EVERY).exists():
                continue
            rows = Notification.objects.select_for_update(skip_locked=True)
            ids = list(rows.filter(person=person, by_mail=True, digest=None).values_list("pk", flat=True))
            if not ids:
                continue  # another worker was quicker
            digest = Digest.objects.create(person_id=person, message=uuid.uuid4(), made_at=now, due_at=now)
            Notification.objects.filter(pk__in=ids).update(digest=digest)
        made += 1
    return made


def send_due(*, now: datetime, limit: int = 100) -> int:
    """Send what is due, each in a transaction of its own; how many were sent.

    A worker that dies between sending and writing that down sends again: the same message, with the same identifier,
    which mail programs show once. What a mail server refuses is tried again, later each time. A person who may read
    nothing internal any more, or has no address, is sent nothing: theirs waits, and is looked at again.
    """
    sent = 0
    for _turn in range(limit):
        with transaction.atomic():
            digest = (
                Digest.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("person")
                .filter(sent_at=None, due_at__lte=now)
                .order_by("due_at", "pk")
                .first()
            )
            if digest is None:
                break
            try:
                _send(digest)
            except (OSError, ValueError) as error:  # of smtplib; of an address that is none
                digest.attempts += 1
                digest.failure = f"{type(error).__name__}: {error}"[:300]
                # Not 2 ** attempts: a number of that many digits is no time any more.
                digest.due_at = now + min(FIRST_PAUSE * 2 ** min(digest.attempts - 1, 16), LONGEST_PAUSE)
            else:
                digest.attempts += 1
                digest.failure, digest.sent_at = "", now
                sent += 1
            digest.save()
    return sent


def _send(digest: Digest) -> None:
    if not sees_internal(digest.person) or not digest.person.email:
        raise ValueError("this person may be sent nothing now")
    message(digest).send()


def message(digest: Digest) -> EmailMessage:
    """The mail as plain text: one line a notification, with where to read on."""
    rows = list(digest.notifications.order_by("pk"))
    lines = [f"- {row.title}\n  {settings.TRACKER_URL}/admin/notifications/{row.pk}/" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(_("… and %(number)d more in the admin.") % {"number": len(rows) - SHOWN})
    subject = ngettext(
        "%(number)d notification of the recommendation tracker",
        "%(number)d notifications of the recommendation tracker",
        len(rows),
    ) % {"number": len(rows)}
    end = _("You chose to be told by e-mail. Change it here: %(address)s") % {
        "address": f"{settings.TRACKER_URL}/admin/notifications/"
    }
    host = settings.TRACKER_URL.partition("//")[2] or "localhost"
    return EmailMessage(
        subject,
        "\n".join([*lines, "", end, ""]),
        to=[digest.person.email],
        headers={
            "Message-ID": f"<{digest.message}@{host.partition(':')[0]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
