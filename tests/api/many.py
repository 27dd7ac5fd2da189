"""Rows of every noun, as many as one likes: each function makes so many more of what one list of the API shows."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import count

from recommendations.actions import deadlines, deliveries, findings, relations, tokens, webhooks
from recommendations.models import (
    CheckRun,
    Evidence,
    Import,
    Indicator,
    Observation,
    Recommendation,
    Snapshot,
    StatusCheck,
    User,
    Webhook,
)
from tests import factories
from tests.factories import NOW
from tests.mirrors import end_a_later_transaction

DAYS = (date(2012, 1, 1) + timedelta(days=each) for each in count())
"""A new one each time, none of them after NOW."""


def subject():
    """The recommendation that what is made belongs to."""
    return Recommendation.objects.filter(code="R-1").first() or factories.recommendation(code="R-1")


def source_rows(number):
    for _ in range(number):
        factories.source()


def recommendation_rows(number):
    for _ in range(number):
        row = factories.recommendation(
            addressees=[factories.institution(), factories.institution()],
            themes=[factories.theme(), factories.theme()],
        )
        factories.recommendation(parent=row)
        factories.published(row, effective_on=date(2013, 1, 1))


def evidence_rows(number):
    row = subject()
    for _ in range(number):
        seen = factories.evidence(
            bears_on=row, document=factories.document(publisher=factories.institution())
        )
        factories.proposed(row, cites=[factories.assessments.Cited(seen, "supports")])


def assessment_rows(number):
    row = subject()
    for _ in range(number):
        factories.published(row, effective_on=next(DAYS))


def everything(number):
    """One recommendation with so many of all that its page shows."""
    row, manager = subject(), factories.user("manager")
    for _ in range(number):
        on = next(DAYS)
        part = factories.recommendation(parent=row)
        factories.published(row, effective_on=on)
        factories.published(part)
        measure = factories.indicator(recommendations=[row, part])
        Observation.objects.create(indicator=measure, period="2020", value=1, recorded_at=NOW)
        other = factories.recommendation()
        relations.add(row, other=other, kind="same_aim", by=manager, now=NOW)
        relations.add(other, other=row, kind="supports", by=manager, now=NOW)


def indicator_rows(number):
    for _ in range(number):
        measure = factories.indicator(
            recommendations=[factories.recommendation(), factories.recommendation()]
        )
        Observation.objects.create(indicator=measure, period="2020", value=1, recorded_at=NOW)


def observation_rows(number):
    measure = Indicator.objects.filter(code="I1").first() or factories.indicator(code="I1")
    for _ in range(number):
        Observation.objects.create(indicator=measure, period=str(next(DAYS)), value=1, recorded_at=NOW)


def check_rows(number):
    for _ in range(number):
        factories.check(requested_by=factories.user("editor"), requested_at=NOW)


def run_rows(number):
    check = StatusCheck.objects.filter(pk=1).first() or factories.check(pk=1)
    for _ in range(number):
        CheckRun.objects.create(
            status_check=check,
            due_at=datetime.combine(next(DAYS), time(), UTC),
            started_at=NOW,
            finished_at=NOW,
            outcome="unchanged",
            requested_by=factories.user("editor"),
        )


def finding_rows(number):
    for _ in range(number):
        fingerprint = str(next(DAYS))
        finding = findings.bring(
            kind="evidence_changed",
            rule=f"rule {fingerprint}",
            rule_version="1",
            title="Changed",
            fingerprint=fingerprint,
            evidence=factories.evidence(),
            recommendation=factories.recommendation(),
            by="check:1",
            now=NOW,
        )
        finding.assessments.add(factories.proposed(factories.recommendation()))


def snapshot_rows(number):
    row = Evidence.objects.filter(pk=1).first() or factories.evidence(pk=1)
    for _ in range(number):
        day = next(DAYS)
        Snapshot.objects.create(
            document=row.document,
            taken_at=datetime.combine(day, time(), UTC),
            text_hash=sha256(str(day).encode()).hexdigest(),
            raw_hash="f" * 64,
            text=f"x {day}",
        )


def pairs_of_snapshots(number):
    snapshot_rows(2 * number)


def institution_rows(number):
    for _ in range(number):
        factories.institution(parent=factories.institution(), merged_into=factories.institution())


def theme_rows(number):
    for _ in range(number):
        factories.theme(parent=factories.theme())


def token_rows(number):
    """Of everybody: an administrator is told of all."""
    for _ in range(number):
        owner = User.objects.filter(username="asking").first() or factories.user("editor")
        tokens.issue(owner, name="t", scopes=["read"], by=owner, now=NOW)


def webhook_rows(number):
    for _ in range(number):
        row = factories.recommendation()
        owner = factories.user("viewer")
        hook, _secret = webhooks.create(
            url="https://newsroom.example/hook",
            types=["recommendation.status_changed"],
            source=row.source,
            theme=row.themes.get(),
            addressee=row.addressee_set.get().institution,
            recommendation=row,
            by=owner,
            now=NOW,
        )


def delivery_rows(number):
    """To the latest webhook."""
    if not Webhook.objects.exists():
        webhook_rows(1)
    hook = Webhook.objects.latest("pk")
    for _ in range(number):
        sent = deliveries.ping(hook, by=hook.owner, now=NOW)
        for _time in range(2):
            sent.history.create(at=NOW, elapsed_ms=1, failure="no answer")


def import_rows(number):
    factories.dry_run()
    for _ in range(number - 1):
        copy = Import.objects.latest("pk")
        copy.pk = None
        copy.save(force_insert=True)


def rows_of_an_import(number):
    """Of the latest one."""
    factories.dry_run("code,title\n" + "".join(f"NOWHERE-{each},T\n" for each in range(number)))


def change_rows(number):
    """Changes of one recommendation, and nothing else after a place in the feed."""
    row, by = subject(), factories.user("editor")
    for _ in range(number):
        deadlines.move(row, due_on=next(DAYS), reason="Moved.", by=by, now=NOW)
    end_a_later_transaction()
