"""The checks that come with the seed data: one for every address, and what registers are asked.

All are due within a week, one after another. Whether they go out is for TRACKER_LIVE_CHECKS to say.
"""

from datetime import datetime, timedelta

from recommendations.actions import batches, checks
from recommendations.actions.refusals import Refused
from recommendations.exchange import nouns
from recommendations.models import Evidence, Indicator, Recommendation, StatusCheck
from recommendations.rules import schedules
from recommendations.vocabulary import CheckKind

ADDRESS_EVERY_SECONDS = 14 * 24 * 3600
FIRST_LOOKS_OVER = timedelta(days=7)


def addresses(*, now: datetime) -> batches.Tally:
    """A check for every address that is not watched yet."""
    watched = StatusCheck.objects.filter(evidence__isnull=False).values("evidence__document")
    unwatched = (
        Evidence.objects.exclude(document__url="")
        .exclude(document__in=watched)
        .select_related("document")
        .order_by("document_id", "id")
        .distinct("document_id")
    )
    found = list(unwatched)
    StatusCheck.objects.bulk_create(
        StatusCheck(
            kind=CheckKind.DOCUMENT if each.document.url.lower().endswith(".pdf") else CheckKind.PAGE,
            evidence=each,
            every=ADDRESS_EVERY_SECONDS,
            host=checks.host_of(each.document.url),
            next_due_at=_first_due(position, len(found), now),
            created_at=now,
        )
        for position, each in enumerate(found)
    )
    known = StatusCheck.objects.filter(evidence__isnull=False).count() - len(found)
    return batches.Tally(created=len(found), unchanged=known)


def registers(seeds: nouns.Seeds, batch: batches.Batch) -> batches.Tally:
    """What registers, feeds and series are asked.

    An entry is known by all that it says: one that is changed in the files is another check, and the old one
    stays for a person to pause.
    """
    recommendations = {row.code: row for row in Recommendation.objects.all()}
    indicators = {row.code: row for row in Indicator.objects.all()}
    tally = batches.Tally()
    for position, item in enumerate(seeds.checks):
        code = f"{item.kind} {item.recommendation or item.indicator} {batches.digest_of(item)[:16]}"
        if batch.is_unchanged("check", code, item):
            tally.unchanged += 1
            continue
        try:
            check = checks.of(
                kind=item.kind,
                config=dict(item.config),
                every=item.every,
                now=batch.now,
                recommendation=recommendations.get(item.recommendation),
                indicator=indicators.get(item.indicator),
            )
        except Refused as refusal:
            raise Refused(refusal.rule, f"{item.place}: {refusal.message}", refusal.field) from refusal
        if checks.twin(check) is not None:
            tally.unchanged += 1
            continue
        check.next_due_at = _first_due(position, len(seeds.checks), batch.now)
        check.save(force_insert=True)
        tally.created += 1
    return tally


def _first_due(position: int, total: int, now: datetime) -> datetime:
    return schedules.first_due(position, total, over=FIRST_LOOKS_OVER, start=now)
