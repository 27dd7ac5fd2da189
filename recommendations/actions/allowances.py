"""Leave to make requests, counted for all web processes together. No event: nothing is changed for anyone."""

from dataclasses import dataclass

from django.db import connection
from django.utils.crypto import salted_hmac

from recommendations.models import Allowance

SHARE = 50
"""At most this part of a limit is granted at once: a process asks the database once for many requests."""

_TAKE = """
INSERT INTO recommendations_allowance AS a (caller, minute, used, granted)
VALUES (%(caller)s, %(minute)s, %(first)s, %(first)s)
ON CONFLICT (caller) DO UPDATE SET
  minute = greatest(a.minute, excluded.minute),
  granted = CASE WHEN a.minute < excluded.minute THEN excluded.granted
                 ELSE greatest(0, least(%(most)s, greatest(1, (%(limit)s - a.used) / 8), %(limit)s - a.used)) END,
  used = CASE WHEN a.minute < excluded.minute THEN excluded.granted
              ELSE a.used + greatest(0, least(%(most)s, greatest(1, (%(limit)s - a.used) / 8), %(limit)s - a.used))
         END
RETURNING granted, used
"""


@dataclass(frozen=True)
class Grant:
    """Leave for `requests` more; `left` is what may still be granted in this minute, to anyone who asks."""

    requests: int
    left: int


def take(caller: str, *, limit: int, minute: int) -> Grant:
    """Take leave for some requests of a caller in a minute; for none once all were granted.

    What is granted never exceeds the limit. The nearer that is, the less is granted at once, down to a single
    request, so that hardly any leave lies unused with a process that another one could use.
    """
    most = max(1, limit // SHARE)
    asked: dict[str, str | int] = {
        "caller": caller,
        "minute": minute,
        "limit": limit,
        "most": most,
        "first": min(most, limit),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        granted, used = cursor.fetchone()
    return Grant(granted, max(0, limit - used))


def masked(address: str) -> str:
    """An address as it may be written down: recognised again, and not read."""
    return salted_hmac("recommendations.allowances", address, algorithm="sha256").hexdigest()[:32]


def prune(*, minute: int) -> int:
    """Forget callers of minutes before this one; how many."""
    gone, _rows = Allowance.objects.filter(minute__lt=minute).delete()
    return gone
