"""How two recommendations stand to each other."""

from datetime import datetime

from recommendations.actions import changes, events, records
from recommendations.actions.refusals import one_transaction, require
from recommendations.models import Recommendation, Relation, User


def add(
    recommendation: Recommendation,
    *,
    other: Recommendation,
    kind: str,
    by: User,
    now: datetime,
    note: str = "",
) -> Relation:
    """Tell that `recommendation` is of this `kind` to `other`; the database refuses telling it twice."""
    require(by, "relation.write", recommendation)
    with one_transaction():
        changes.hold()
        relation = Relation(recommendation=recommendation, other=other, kind=kind, note=note, recorded_at=now)
        return records.create(relation, by=by, now=now)


def remove(relation: Relation, *, by: User, now: datetime, note: str) -> None:
    require(by, "relation.write", relation)
    with one_transaction():
        changes.hold()
        before = {"other": relation.other, "kind": relation.kind, "note": relation.note}
        events.record("relation.removed", relation, by=by, now=now, before=before, note=note, public=True)
        relation.delete()
