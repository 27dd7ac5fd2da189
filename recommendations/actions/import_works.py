"""Imports that take long: kept for a worker, which judges and applies them under a lease.

Nothing is done twice, and nothing by halves. What a worker does is one transaction, and ends with the claim that its
lease still stands: who has died has done nothing, and who was frozen while another took over is undone. How far it has
come is written meanwhile, over another connection (tasks/importing.py).
"""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from recommendations.actions import events, import_pieces, imports, notifications
from recommendations.actions.import_staging import Tell
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Import, ImportWork, Notification, Source, User
from recommendations.queries.limits import EVERYTHING
from recommendations.vocabulary import ImportPhase, ImportState, ImportTask, Topic

LEASE = timedelta(seconds=60)
"""For so long a worker that is silent is taken to live."""

TRIES = 3
"""A file over which so many workers have died is given up."""

CLAIM_LOCK = 0x7072696D
"""The advisory lock under which claims are made (any number that nothing else uses)."""


class Lost(Exception):
    """Somebody has cancelled this work, or another worker has taken it over: all that was done is undone."""


def bring(
    file: BinaryIO,
    *,
    format: str,
    filename: str,
    by: User,
    now: datetime,
    source: Source | None = None,
    as_of: date | None = None,
    later: bool = False,
) -> Import:
    """Judge a small file at once, as `imports.examine` does; keep a large one for a worker, and any with `later`."""
    at_once = not later and is_small(file)
    batch = imports.begun(file, format=format, filename=filename, by=by, now=now, source=source, as_of=as_of)
    with one_transaction():
        imports.forget_old(now)
        if at_once:
            imports.judge(batch, file, now=now, most_rows=settings.IMPORT_ROWS)
            return batch
        batch.save(force_insert=True)
        import_pieces.keep(batch, file)
        _ask(batch, ImportTask.EXAMINE, by=by, now=now)
    return batch


def is_small(file: BinaryIO) -> bool:
    """Whether a file is judged while somebody waits for the answer: few bytes, and few lines."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > settings.IMPORT_AT_ONCE_BYTES:
        return False
    lines = sum(block.count(b"\n") for block in iter(lambda: file.read(imports.BLOCK), b""))
    file.seek(0)
    return lines <= settings.IMPORT_AT_ONCE_ROWS


def is_applied_at_once(batch: Import) -> bool:
    """Whether an import is applied while somebody waits for the answer."""
    return batch.rows_total <= settings.IMPORT_AT_ONCE_ROWS


def ask_to_apply(batch: Import, *, by: User, now: datetime) -> Import:
    """Let a worker apply a dry run, in this person's name. Raises what `imports.apply` does as far as it shows already,
    and Refused with the rule `import_work_asked_once`."""
    require(by, "import.write", batch.source or EVERYTHING)
    with one_transaction():
        batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        imports.may_be_applied(batch)
        if ImportWork.objects.filter(batch=batch, ended_at__isnull=True).exists():
            raise Refused("import_work_asked_once", _("Somebody has asked for it already."))
        _ask(batch, ImportTask.APPLY, by=by, now=now)
    return batch


def cancel(batch: Import, *, by: User, now: datetime) -> Import:
    """Call off what was asked for, while it waits or is judged. Raises Refused with `import_work_can_be_cancelled`."""
    require(by, "import.write", batch.source or EVERYTHING)
    _may_be_cancelled(ImportWork.objects.filter(batch=batch).first())
    with one_transaction():
        # In this order, as whoever judges locks them.
        batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        work = _may_be_cancelled(ImportWork.objects.select_for_update().filter(batch=batch).first())
        _close(work, ImportPhase.CANCELLED, now=now)
        if work.task == ImportTask.EXAMINE:
            batch.state = ImportState.CANCELLED
            batch.save(update_fields=["state"])
            import_pieces.drop(batch)
        events.record("import.cancelled", batch, by=by, now=now, after={"task": work.task})
    return batch


def _may_be_cancelled(work: ImportWork | None) -> ImportWork:
    if work is None or work.over:
        raise Refused("import_work_can_be_cancelled", _("Nothing is under way that could be cancelled."))
    if work.task == ImportTask.APPLY and work.phase != ImportPhase.WAITING:
        raise Refused(
            "import_work_can_be_cancelled", _("It is being applied: that ends as a whole, or not at all.")
        )
    return work


def _ask(batch: Import, task: str, *, by: User, now: datetime) -> None:
    ImportWork.objects.update_or_create(
        batch=batch,
        defaults={
            "task": task,
            "asked_by": by,
            "asked_at": now,
            "language": get_language() or settings.LANGUAGE_CODE,
            "phase": ImportPhase.WAITING,
            "done": 0,
            "total": 0,
            "started_at": None,
            "ended_at": None,
            "rule": "",
            "detail": "",
            "tries": 0,
        },
    )


# What a worker calls.

_CLAIM = """
UPDATE recommendations_importwork
   SET lease = %(lease)s, leased_until = %(until)s, started_at = coalesce(started_at, %(now)s), tries = tries + 1
 WHERE id = (SELECT id FROM recommendations_importwork
              WHERE ended_at IS NULL AND (leased_until IS NULL OR leased_until <= %(now)s)
                AND NOT EXISTS (SELECT 1 FROM recommendations_importwork
                                 WHERE ended_at IS NULL AND leased_until > %(now)s)
              ORDER BY asked_at, id LIMIT 1
                FOR UPDATE SKIP LOCKED)  -- whose end is being committed
RETURNING id
"""

_KEEP = """
UPDATE recommendations_importwork
   SET phase = %(phase)s, done = %(done)s, total = %(total)s, leased_until = %(until)s
 WHERE id = %(id)s AND lease = %(lease)s AND ended_at IS NULL
"""


def claim(*, lease: uuid.UUID, now: datetime, lasting: timedelta = LEASE) -> ImportWork | None:
    """Take what has waited longest, under `lease`; None where nothing waits or another worker is at an import.

    One at a time: two would wait for each other anyway, and take all workers from the checks.
    """
    with one_transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
        cursor.execute(_CLAIM, {"lease": lease, "until": now + lasting, "now": now})
        taken = cursor.fetchone()
    if taken is None:
        return None
    return ImportWork.objects.select_related("batch__source", "asked_by").get(pk=taken[0])


def keep(work: ImportWork, come: tuple[str, int, int], *, now: datetime, lasting: timedelta = LEASE) -> bool:
    """Hold the lease for another while and write down how far it has come; False when the work is ours no longer."""
    phase, done, total = come
    told: dict[str, Any] = {"phase": phase, "done": done, "total": total, "until": now + lasting}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, told | {"id": work.pk, "lease": work.lease})
        return cursor.rowcount == 1


def work_on(
    work: ImportWork, *, clock: Callable[[], datetime], tell: Tell, lasting: timedelta = LEASE
) -> None:
    """Do what was claimed, and end it, in one transaction. Raises Refused, or Lost where it is ours no longer."""
    now = clock()
    with override(work.language), one_transaction(), connection.cursor() as cursor:
        # A worker that is frozen in here must not hold its locks for as long as it pleases.
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true)",
            [f"{int(lasting.total_seconds() * 1000)}ms"],
        )
        batch = work.batch
        if work.task == ImportTask.EXAMINE:
            require(work.asked_by, "import.write", batch.source or EVERYTHING)
            with import_pieces.opened(batch) as file:
                imports.judge(batch, file, now=now, most_rows=settings.IMPORT_ROWS, tell=tell)
            import_pieces.drop(batch)
        else:
            batch = imports.apply(batch, by=work.asked_by, now=now, tell=tell)
        # What is left to the end of the transaction may take long, and the row of the work is locked from here on.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ended_at = clock()
        _end(work, ImportPhase.DONE, now=ended_at)
        _notify(work, batch, _ended(work, batch), ended_at)


def give_up(work: ImportWork, *, rule: str, detail: str, now: datetime) -> None:
    """Say that it failed, and with which sentence. Raises Lost where it is ours no longer."""
    with override(work.language), one_transaction():
        batch = Import.objects.select_for_update(of=("self",)).get(pk=work.batch_id)
        _end(work, ImportPhase.FAILED, now=now, rule=rule, detail=detail)
        if work.task == ImportTask.EXAMINE:
            batch.state = ImportState.FAILED
            batch.save(update_fields=["state"])
            import_pieces.drop(batch)
        told = _("It could not be brought in: %(file)s. %(detail)s") % {"file": batch, "detail": detail}
        _notify(work, batch, told, now)


def give_back(work: ImportWork) -> None:
    """Let another worker take it up again."""
    ImportWork.objects.filter(pk=work.pk, lease=work.lease, ended_at__isnull=True).update(
        lease=None, leased_until=None
    )


def _end(work: ImportWork, phase: str, *, now: datetime, rule: str = "", detail: str = "") -> None:
    held = ImportWork.objects.select_for_update().filter(pk=work.pk, lease=work.lease, ended_at__isnull=True)
    row = held.first()
    if row is None:
        raise Lost
    row.rule, row.detail = rule[:100], detail
    _close(row, phase, now=now)


def _close(work: ImportWork, phase: str, *, now: datetime) -> None:
    work.phase, work.ended_at, work.lease, work.leased_until = phase, now, None, None
    work.save()


def _ended(work: ImportWork, batch: Import) -> str:
    if work.task == ImportTask.APPLY and batch.state == ImportState.APPLIED:
        return _("Imported: %(file)s.") % {"file": batch}
    if work.task == ImportTask.APPLY:
        return _("Nothing was left to do: %(file)s.") % {"file": batch}
    counts = {
        "new": batch.rows_new,
        "changed": batch.rows_changed,
        "refused": batch.rows_refused,
        "file": batch,
    }
    return (
        _("Judged: %(file)s. %(new)d new, %(changed)d changed, %(refused)d refused. Nothing is imported yet.")
        % counts
    )


def _notify(work: ImportWork, batch: Import, title: str, now: datetime) -> None:
    """Tell who asked; each end of each asking once."""
    notice = Notification(
        person_id=work.asked_by_id,
        topic=Topic.IMPORT,
        fingerprint=f"import:{batch.pk}:{work.task}:{work.asked_at:%Y%m%d%H%M%S%f}",
        title=title[:500],
        noun="import",
        number=batch.pk,
    )
    notifications.tell([notice], now)
