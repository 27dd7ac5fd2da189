"""From a claim to what is asked, and from what came back to a look. Nothing here writes."""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from recommendations.actions.leases import Claimed
from recommendations.actions.runs import Exchange
from recommendations.actions.snapshots import raw_copy
from recommendations.fetching.adapters import OWN_KINDS, Look, OwnRows, Target, adapter, kind_of
from recommendations.fetching.answers import Answer, Failure, FailureKind, Request
from recommendations.models import Recommendation, Snapshot
from recommendations.queries import own_rows
from recommendations.vocabulary import Outcome

log = logging.getLogger(__name__)

LIGHT = 200_000
"""Bytes of a page that is read in a few milliseconds, which costs the looks in flight less than a thread would."""

NOT_REACHED = frozenset(
    {
        FailureKind.DNS,
        FailureKind.TLS,
        FailureKind.CONNECTION,
        FailureKind.TIMEOUT,
        FailureKind.ROBOTS_UNAVAILABLE,
    }
)
"""Failures that speak against the host and not against the address."""

NOBODY_ASKED = frozenset({FailureKind.REFUSED, FailureKind.BAD_URL, FailureKind.RETRY_LATER})


class TextWanted(Exception):
    """To judge this answer the text seen before is needed, which is in the database."""


def ask(claimed: Claimed) -> Request | Look:
    """What to ask for of a network, or the look that says why nothing can be asked."""
    kind = adapter(claimed.kind)
    if kind.KEY and not _key(claimed):
        return Look(Outcome.KEY_MISSING, claimed.memory, note=f"{kind.KEY} is not set")
    try:
        return replace(kind.request(_target(claimed), claimed.config, claimed.memory), key=claimed)
    except (
        Exception
    ) as error:  # Settings that a kind no longer understands must not stop the checks behind it.
        log.exception("check %s could not ask", claimed.pk)
        return Look(Outcome.FAILED, claimed.memory, note=f"could not ask: {type(error).__name__}")


def look_at_own_rows(claimed: Collection[Claimed]) -> list[Look]:
    """The looks of kinds that ask nobody: what our rows say at this moment."""
    watched = {each.watched.pk for each in claimed if isinstance(each.watched, Recommendation)}
    rows = own_rows.of(watched, now=timezone.now())
    return [_look_at(each, rows) for each in claimed]


def _look_at(claimed: Claimed, rows: dict[int, OwnRows]) -> Look:
    assert claimed.watched is not None
    try:
        return OWN_KINDS[claimed.kind].look(
            rows[claimed.watched.pk], target=_target(claimed), config=claimed.config, state=claimed.memory
        )
    except Exception as error:  # as in `ask`: the checks behind it must not wait for ever
        log.exception("check %s could not look", claimed.pk)
        return Look(Outcome.FAILED, claimed.memory, note=f"could not look: {type(error).__name__}")


def is_light(result: Answer | Failure) -> bool:
    """Whether reading it takes no longer than handing it to a thread is worth. A PDF never is."""
    if isinstance(result, Failure):
        return True
    body = result.body or b""
    return not result.more and len(body) <= LIGHT and not body.startswith(b"%PDF")


def read(claimed: Claimed, result: Answer | Failure, previous_text: Callable[[], str | None]) -> Look:
    """The kind's judgement. Raises what `previous_text` raises, and nothing else."""
    try:
        return adapter(claimed.kind).read(
            result,
            target=_target(claimed),
            config=claimed.config,
            state=claimed.memory,
            previous_text=previous_text,
        )
    except TextWanted:
        raise
    except Exception as error:  # A page that breaks our reading must not come due for ever.
        log.exception("check %s could not read what it got", claimed.pk)
        return Look(Outcome.FAILED, claimed.memory, note=f"could not be read: {type(error).__name__}")


def want_text() -> str | None:
    """For `read` where the database is out of reach."""
    raise TextWanted


def text_before(claimed: Claimed) -> str | None:
    """The text of the last snapshot; None for registers, which keep none, and where it is no longer kept."""
    if claimed.document_id is None:
        return None
    known = claimed.memory.get("text_hash", "")
    seen = Snapshot.objects.filter(document_id=claimed.document_id, text_hash=known).first()
    return seen.text if seen else None


def raw(result: Answer | Failure, look: Look) -> bytes | None:
    """The bytes of the answer, where the settings say to keep them."""
    if isinstance(result, Failure) or not result.body:
        return None
    return raw_copy(
        result.body,
        new_text=look.text is not None,
        keep=settings.TRACKER_KEEP_RAW,
        limit=settings.TRACKER_RAW_LIMIT,
    )


def exchange(result: Answer | Failure) -> Exchange:
    """The facts of the exchange, for the run."""
    if isinstance(result, Answer):
        return Exchange(
            http_status=result.status,
            final_url=result.final_url,
            content_type=result.content_type,
            size=result.bytes,
            elapsed_ms=result.elapsed_ms,
        )
    reached = None if result.kind in NOBODY_ASKED else result.kind not in NOT_REACHED
    return Exchange(elapsed_ms=result.elapsed_ms, reached=reached)


def _target(claimed: Claimed) -> Target:
    """What a check watches: an evidence's address, or what its settings ask on behalf of a row of ours."""
    row = claimed.watched
    if row is None:
        return Target(url=claimed.url, title=claimed.title)
    return Target(
        url=kind_of(claimed.kind).address(claimed.config),
        title=str(row),
        about=f"{row._meta.model_name} {row.code}",
        key=_key(claimed),
    )


def _key(claimed: Claimed) -> str:
    """The key that the register asks for, from the setting of its name; "" where none is needed or set."""
    name = kind_of(claimed.kind).KEY
    return str(getattr(settings, name)) if name else ""
