"""Answers kept for a while, so that a request sent twice has one effect and one answer (Idempotency-Key)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from recommendations.actions import sealing
from recommendations.models import KeptAnswer

KEEP = timedelta(hours=24)

WAIT_SECONDS = 5
"""How long a repeated request waits for the first one to end."""


class Busy(Exception):
    """The first request with this key has not ended yet."""


class OtherRequest(Exception):
    """The key was sent before, with another request."""


@dataclass(frozen=True)
class Said:
    """An answer as it can be given again; `body` is what the JSON is made of, None where there is none."""

    status: int
    body: Any
    headers: dict[str, str]
    content_type: str | None = None


def earlier(caller: str, key: str, fingerprint: str, *, now: datetime) -> Said | None:
    """What this request was answered before, if it was; whoever sends the same key meanwhile waits.

    Call it in the transaction of what the request does: the key is held until that ends, and so two requests at
    once have one effect. Raises Busy where the first one takes longer than WAIT_SECONDS, and OtherRequest.
    """
    _hold(caller, key)
    kept = KeptAnswer.objects.filter(caller=caller, key=key).first()
    if kept is None:
        return None
    if kept.created_at <= now - KEEP:
        kept.delete()
        return None
    if kept.fingerprint != fingerprint:
        raise OtherRequest
    try:
        return Said(**json.loads(sealing.unseal(kept.sealed)))
    except sealing.Unreadable as error:  # what it did cannot be done again, and what it said cannot be read
        raise OtherRequest from error


def keep(caller: str, key: str, fingerprint: str, said: Said, *, now: datetime) -> None:
    """Keep an answer, in the transaction of what the request did."""
    KeptAnswer.objects.create(
        caller=caller,
        key=key,
        fingerprint=fingerprint,
        status=said.status,
        sealed=sealing.seal(json.dumps(vars(said))),
        created_at=now,
    )


def prune(*, now: datetime) -> int:
    """Forget what is older than a day; how many."""
    gone, _rows = KeptAnswer.objects.filter(created_at__lte=now - KEEP).delete()
    return gone


def _hold(caller: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_SECONDS}s"])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{caller} {key}"])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Busy from error
            raise
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
