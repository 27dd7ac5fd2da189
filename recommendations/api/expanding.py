"""What `expand` adds to each row of a list: so many statements for any number of rows."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from recommendations.api.assessments import AssessmentRow
from recommendations.api.details import LinkedEvidence, ResponseRow
from recommendations.api.rows import shape
from recommendations.queries import assessments, evidence, ledgers, listing
from recommendations.queries.recommendations import existing
from recommendations.rules.moments import Moment

Added = dict[int, list[Any]]
"""What belongs to each recommendation, by its primary key."""

Expansion = Callable[[Collection[int], Any, Moment | None, dict[str, Any], datetime], Added]


def _parts(
    pks: Collection[int], user: Any, at: Moment | None, context: dict[str, Any], now: datetime
) -> Added:
    rows = existing(user, at).filter(parent__in=pks).order_by("code").values("pk", "parent")
    show = shape(context["root"])
    added: Added = {}
    for listed in listing.read(rows, user, at, now=now):
        added.setdefault(listed.keys[0], []).append(show(listed))
    return added


def _assessments(
    pks: Collection[int], user: Any, at: Moment | None, context: dict[str, Any], now: datetime
) -> Added:
    rows = assessments.listed(user, at).filter(recommendation__in=pks)
    return _told(rows, AssessmentRow(context=context | {"at": at}), "recommendation_id")


def _responses(
    pks: Collection[int], user: Any, at: Moment | None, context: dict[str, Any], now: datetime
) -> Added:
    rows = ledgers.responses_of(pks, user, at)
    return _told(rows, ResponseRow(context=context), "recommendation_id")


def _evidence(
    pks: Collection[int], user: Any, at: Moment | None, context: dict[str, Any], now: datetime
) -> Added:
    """Links of the recommendations and of their parts, each told of the whole that is listed."""
    wholes = {pk: [pk] for pk in pks}
    for part in existing(user, at).filter(parent__in=pks).only("pk", "parent"):
        wholes.setdefault(part.pk, []).append(part.parent_id or part.pk)
    row, added = LinkedEvidence(context=context), Added()
    for link in evidence.links_of(list(wholes), user, at):
        told = row.to_representation(link)
        for whole in wholes[link.recommendation_id]:
            added.setdefault(whole, []).append(told)
    return added


def _told(rows: Any, serializer: Any, by: str) -> Added:
    added: Added = {}
    for row in rows:
        added.setdefault(getattr(row, by), []).append(serializer.to_representation(row))
    return added


EXPANSIONS: dict[str, Expansion] = {
    "parts": _parts,
    "assessments": _assessments,
    "responses": _responses,
    "evidence": _evidence,
}
