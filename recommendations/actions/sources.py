"""Documents that make recommendations."""

from datetime import datetime
from typing import Any

from recommendations.actions import changes, records
from recommendations.actions.refusals import one_transaction, require
from recommendations.models import Source, User
from recommendations.vocabulary import Visibility


def create(*, by: User, now: datetime, **fields: Any) -> Source:
    """Add a source; `fields` are the columns of Source."""
    require(by, "source.write")
    source = Source(**fields, updated_at=now)
    with one_transaction(), changes.followed(by=by, now=now, institution=[source.publisher_id]) as around:
        records.create(source, by=by, now=now, public=source.visibility == Visibility.PUBLIC)
        around.add("source", source.pk)
    return source


def change(source: Source, *, by: User, now: datetime, **fields: Any) -> Source:
    """Change columns. The database refuses a publication day later than a verdict's day."""
    require(by, "source.write", source)
    with one_transaction(), changes.followed(by=by, now=now, **_around(source, fields)) as around:
        if "visibility" in fields:
            around.keep_filed()
        source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        was_public = source.visibility == Visibility.PUBLIC
        public = was_public or fields.get("visibility") == Visibility.PUBLIC
        records.change(source, fields, by=by, now=now, public=public)
    return source


def _around(source: Source, fields: dict[str, Any]) -> dict[str, list[int]]:
    """What a change concerns: with its visibility, all that it asks for."""
    around = {"source": [source.pk]}
    if "publisher" in fields:
        around["institution"] = [fields["publisher"].pk]
    if "visibility" in fields:
        around["recommendation"] = list(source.recommendations.values_list("pk", flat=True))
    return around
