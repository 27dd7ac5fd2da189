"""Measures and their values."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.actions import changes, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.models import Indicator, Observation, Recommendation, User
from recommendations.vocabulary import ObservationRole


def create(*, recommendations: Sequence[Recommendation], by: User, now: datetime, **fields: Any) -> Indicator:
    """Add a measure of these recommendations; `fields` are the columns of Indicator."""
    require(by, "indicator.write", recommendations)
    with one_transaction():
        changes.alone()
        return records.create(
            Indicator(**fields, updated_at=now),
            by=by,
            now=now,
            attach=lambda row: row.recommendations.set(recommendations),
            recommendations=list(recommendations),
        )


def change(indicator: Indicator, *, by: User, now: datetime, **fields: Any) -> Indicator:
    require(by, "indicator.write", indicator)
    with one_transaction():
        changes.hold()
        indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
        records.change(indicator, fields, by=by, now=now)
    return indicator


def observe(
    indicator: Indicator,
    *,
    period: str,
    value: Decimal | None,
    by: User,
    now: datetime,
    role: str = ObservationRole.OBSERVATION,
    period_from: date | None = None,
    period_to: date | None = None,
    value_text: str = "",
    verified: bool | None = True,
    seen_at: str = "",
    note: str = "",
) -> Observation:
    """Add one value. `value` is in the indicator's unit; None means not known, never zero."""
    require(by, "observation.write", indicator)
    if value is None and not value_text.strip() and not note.strip():
        raise Refused(
            "observation_says_something", _("Give a value, or say in a note why there is none."), "value"
        )
    with one_transaction():
        changes.hold()
        observation = records.create(
            Observation(
                indicator=indicator,
                role=role,
                period=period,
                period_from=period_from,
                period_to=period_to,
                value=value,
                value_text=value_text,
                verified=verified,
                seen_at=seen_at,
                note=note,
                recorded_by=by,
                recorded_at=now,
            ),
            by=by,
            now=now,
        )
        Indicator.objects.filter(pk=indicator.pk).update(version=F("version") + 1, updated_at=now)
    return observation
