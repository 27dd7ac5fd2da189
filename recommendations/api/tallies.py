"""Counts by status as the scorecard and the overview show them: what is not known always among them."""

from typing import Any

from rest_framework import serializers

from recommendations.queries.groups import Group
from recommendations.vocabulary import Status


class StatusCounts(serializers.Serializer[Any]):
    """How many stand at each status, zeros among them."""

    def get_fields(self) -> dict[str, Any]:
        return {status: serializers.IntegerField() for status in Status.values}


class Tally(serializers.Serializer[Any]):
    """Counts by status, with how much of the whole was assessed and how old the verdicts are."""

    total = serializers.IntegerField(source="counts.total")
    counts = StatusCounts(source="counts.by_status")
    assessed = serializers.IntegerField(
        source="counts.assessed", help_text="Those that somebody has looked at and could judge."
    )
    coverage = serializers.FloatField(
        source="counts.coverage", allow_null=True, help_text="assessed / total; null where there is nothing."
    )
    median_age_days = serializers.IntegerField(
        allow_null=True,
        help_text="Half of the verdicts were last verified so many days ago (in UTC) or less; null without verdicts.",
    )


class NamedTally(Tally):
    """The tally of one group."""

    code = serializers.CharField()
    name = serializers.CharField()


def tally(group: Group) -> dict[str, Any]:
    """What `Tally` says of a group; three times a hundred serializers would cost more than the counting."""
    counts = group.counts
    return {
        "total": counts.total,
        "counts": counts.by_status,
        "assessed": counts.assessed,
        "coverage": counts.coverage,
        "median_age_days": group.median_age_days,
    }


def named_tally(group: Group) -> dict[str, Any]:
    return tally(group) | {"code": group.code, "name": group.name}
