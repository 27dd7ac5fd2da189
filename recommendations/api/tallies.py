"""Counts by status as the scorecard and the overview show them: what is not known always among them."""

from typing import Any

from rest_framework import serializers

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
    median_age_days = serializers.FloatField(
        allow_null=True, help_text="Median number of days since a verdict was last verified."
    )


class NamedTally(Tally):
    """The tally of one group."""

    code = serializers.CharField()
    name = serializers.CharField()
