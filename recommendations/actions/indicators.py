"""Measures and their values."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from recommendations.actions import changes, records
from recommendations.actions.refusals import Refused, one_transaction, require
from recommendations.fetching import periods
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


def change(
    indicator: Indicator,
    *,
    by: User,
    now: datetime,
    recommendations: Sequence[Recommendation] | None = None,
    **fields: Any,
) -> Indicator:
    """Change columns, and what it measures where `recommendations` are given: all that it measures from now on.

    Whoever is limited adds and takes away only what is within their limits. Raises Refused with the rule
    `indicator_measures_something`: its values would else be about nothing.
    """
    require(by, "indicator.write", indicator)
    if recommendations is None:
        with one_transaction():
            changes.hold()
            indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
            records.change(indicator, fields, by=by, now=now)
        return indicator
    if not recommendations:
        raise Refused(
            "indicator_measures_something",
            _("Name at least one recommendation that it measures."),
            "recommendations",
        )
    with one_transaction(), changes.followed(by=by, now=now, indicator=[indicator.pk]) as around:
        indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
        before, after = _moved(indicator, recommendations, by=by)
        around.add("recommendation", *(row.pk for row in (*before, *after)))
        moved = before != after
        records.change(
            indicator,
            fields,
            by=by,
            now=now,
            before={"recommendations": before} if moved else None,
            after={"recommendations": after} if moved else None,
        )
        indicator.recommendations.set(recommendations)
    return indicator


def _moved(
    indicator: Indicator, wanted: Sequence[Recommendation], *, by: User
) -> tuple[list[Recommendation], list[Recommendation]]:
    """What it measures and what it will, by code; refused where something that differs is beyond a person's limits."""
    before = list(indicator.recommendations.order_by("code"))
    after = sorted({row.pk: row for row in wanted}.values(), key=lambda row: row.code)
    if differs := {row.pk: row for row in (*before, *after) if (row in before) != (row in after)}:
        require(by, "indicator.write", differs.values())
    return before, after


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
    """Add one value. `value` is in the indicator's unit; None means not known, never zero.

    The days of a period that is a plain year, quarter, month or day are read from it where none are given: without
    them it would count as begun on any day of the past.
    """
    require(by, "observation.write", indicator)
    if period_from is None and period_to is None and role != ObservationRole.TARGET:
        plain = periods.read(period)
        period_from, period_to = plain.first_day, plain.last_day
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
