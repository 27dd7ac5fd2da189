"""What the office and its people keep for themselves: jobs, messages, imports, keys, views. All of it is hidden."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from recommendations.actions import (
    answers,
    assignments,
    deliveries,
    refreshes,
    second_factors,
    tokens,
    webhooks,
)
from recommendations.actions.answers import Said
from recommendations.models import (
    Assessment,
    Delivery,
    Digest,
    FeedPlace,
    Finding,
    Host,
    Import,
    ImportedRow,
    ImportPiece,
    ImportWork,
    LookTally,
    Notification,
    RawCopy,
    Recommendation,
    Retention,
    RunSummary,
    SavedView,
    Snapshot,
    Subscription,
    Sweep,
    User,
)
from tests import factories
from tests.factories import NOW
from tests.hidden import CODE, WORD

NO_ROW_ADDED = {
    "epoch": "one row, of the cluster",
    "allowance": "written by the limits themselves, which are off in tests",
}

HOLDS_NO_WORD = {
    # What of a hidden row holds no words of people: keys, numbers and moments only, or sealed and packed text.
    "addressee",
    "assignment",
    "feedplace",
    "importpiece",
    "looktally",
    "rawcopy",
    "refresh",
    "revision",
    "runsummary",
    "secondfactor",
    "snapshot",
    "subscription",
    "sweep",
    "tally",
    "verification",
}


def around(row: Recommendation) -> None:
    """Rows of all that is nobody's business outside, about the public recommendation `row` and what is hidden there.

    After hidden.around.
    """
    editor = User.objects.get(username=f"{WORD}-editor")
    reviewer, manager = factories.user("reviewer"), factories.user("manager")
    finding = Finding.objects.filter(recommendation=row).latest("id")
    assignments.assign(finding, person=reviewer, by=manager, now=NOW)
    proposal = Assessment.objects.get(recommendation=row, state="proposed")
    assignments.assign(proposal, person=reviewer, by=manager, now=NOW)
    _messages(editor, row)
    _told(reviewer, finding)
    _imports(manager)
    _looks(manager, finding)
    tokens.issue(editor, name=WORD, scopes=["read"], by=editor, now=NOW)
    second_factors.begin(editor)
    said = Said(status=201, body=WORD, headers={})
    answers.keep(f"person:{editor.pk}", WORD, "f" * 64, said, now=NOW)
    SavedView.objects.create(person=editor, noun="finding", name=WORD, query=f"q={WORD}")


def _messages(owner: User, row: Recommendation) -> None:
    hook, _secret = webhooks.create(
        url=f"https://{WORD}.example/hook",
        types=["recommendation.status_changed"],
        description=WORD,
        recommendation=row,
        by=owner,
        now=NOW,
    )
    deliveries.ping(hook, by=owner, now=NOW)
    failed = Delivery.objects.create(
        webhook=hook,
        message=f"msg_{WORD}",
        type="recommendation.status_changed",
        recommendation_code=row.code,
        payload=WORD,
        response=WORD,
        failure=WORD,
        state="failed",
        created_at=NOW,
        settled_at=NOW,
    )
    failed.history.create(at=NOW, elapsed_ms=1, failure=WORD)
    FeedPlace.objects.get_or_create(reader="webhooks")


def _told(person: User, finding: Finding) -> None:
    Subscription.objects.create(person=person, topic="finding", by_mail=True)
    digest = Digest.objects.create(person=person, message=UUID(int=1), made_at=NOW, due_at=NOW, failure=WORD)
    Notification.objects.create(
        person=person,
        topic="finding",
        fingerprint=WORD,
        title=WORD,
        noun="finding",
        number=finding.pk,
        in_admin=True,
        by_mail=True,
        made_at=NOW,
        digest=digest,
    )


def _imports(manager: User) -> None:
    brought = factories.dry_run(f"code,title\n{CODE}-9,{WORD}\n", by=manager)
    Import.objects.filter(pk=brought.pk).update(filename=WORD)
    ImportWork.objects.create(
        batch=brought,
        task="examine",
        asked_by=manager,
        asked_at=NOW,
        language="en",
        phase="failed",
        ended_at=NOW,
        detail=WORD,
    )
    ImportPiece.objects.create(batch=brought, place=1, content=b"abc")
    for code in (f"{CODE}-02", "OPEN-01"):
        ImportedRow.objects.create(
            origin="csv", noun="recommendation", code=code, digest="d" * 64, said={"title": WORD}
        )


def _looks(manager: User, finding: Finding) -> None:
    check = finding.status_check
    assert check is not None
    refreshes.ask([check.pk], by=manager, now=NOW)
    RunSummary.objects.create(
        status_check=check,
        month=date(2026, 10, 1),
        outcome="unchanged",
        looks=7,
        first_due_at=NOW - timedelta(days=40),
        last_due_at=NOW - timedelta(days=30),
    )
    LookTally.objects.create(hour=NOW.replace(minute=0), outcome="failed", number=3)
    Sweep.objects.create(started_at=NOW, finished_at=NOW, claimed=3)
    Host.objects.create(name=f"{WORD}.example", failing_since=NOW, finding=finding)
    snapshot = Snapshot.objects.filter(document__code=f"{WORD}-document").latest("id")
    RawCopy.objects.create(snapshot=snapshot, seen_at=NOW, raw_hash="b" * 64, size=3, body=b"abc")
    Retention.objects.create(what="runs", before=NOW - timedelta(days=40), at=NOW, by=WORD, rows=3)


def counted() -> Counter[str]:
    """How many rows each noun has."""
    return Counter({model: rows for model, rows, _with in _told_of_tables()})


def with_the_word() -> set[str]:
    """Nouns of which some row holds the word."""
    return {model for model, _rows, holding in _told_of_tables() if holding}


def _told_of_tables() -> list[tuple[str, int, int]]:
    models = apps.get_app_config("recommendations").get_models()
    each = (
        f"SELECT '{model._meta.model_name}', count(*), count(*) FILTER (WHERE t::text ILIKE '%%{WORD}%%')"
        f' FROM "{model._meta.db_table}" t'
        for model in models
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each), [])
        return cursor.fetchall()


NUMBERED = {
    "assessments": "assessment",
    "evidence": "evidence",
    "checks": "statuscheck",
    "findings": "finding",
    "imports": "import",
    "tokens": "token",
    "webhooks": "webhook",
    "deliveries": "delivery",
}
CODED = {
    noun: noun.removesuffix("s")
    for noun in ("sources", "recommendations", "institutions", "themes", "indicators")
}


def keys() -> dict[str, list[Any]]:
    """What may stand in an address: the codes or numbers of all rows, by the noun of the address."""
    codes = {noun: _column(table, "code") for noun, table in CODED.items()}
    return codes | {noun: _column(table, "id") for noun, table in NUMBERED.items()}


def _column(table: str, column: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM recommendations_{table} ORDER BY id')
        return [value for (value,) in cursor.fetchall()]
