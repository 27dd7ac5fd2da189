"""Documents that make recommendations."""

from datetime import datetime
from typing import Any

from recommendations.actions import records
from recommendations.actions.refusals import one_transaction, require
from recommendations.models import Source, User
from recommendations.vocabulary import Visibility


def create(*, by: User, now: datetime, **fields: Any) -> Source:
    """Add a source; `fields` are the columns of Source."""
    require(by, "source.write")
    with one_transaction():
        source = Source(**fields, updated_at=now)
        return records.create(source, by=by, now=now, public=source.visibility == Visibility.PUBLIC)


def change(source: Source, *, by: User, now: datetime, **changes: Any) -> Source:
    """Change columns. The database refuses a publication day later than a verdict's day."""
    require(by, "source.write")
    with one_transaction():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        was_public = source.visibility == Visibility.PUBLIC
        public = was_public or changes.get("visibility") == Visibility.PUBLIC
        records.change(source, changes, by=by, now=now, public=public)
    return source
