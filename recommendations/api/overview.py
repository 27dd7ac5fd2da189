"""`overview/`: counts by status for each source, theme, addressee or year, on any day."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.parameters import MomentQuery, moment
from recommendations.api.resources import Resource
from recommendations.api.tallies import NamedTally, Tally
from recommendations.queries import groups
from recommendations.queries.recommendations import existing

GROUPS = ["source", "theme", "addressee", "year"]


class OverviewQuery(MomentQuery):
    group_by = serializers.ChoiceField(GROUPS, default="source")
    level = serializers.ChoiceField(
        ["top", "part", "all"], default="top", help_text="Whole recommendations, parts, or both."
    )


class OverviewAnswer(serializers.Serializer[Any]):
    """Counts by status of all together and of each group. With two themes a recommendation counts under both."""

    group_by = serializers.ChoiceField(GROUPS)
    as_of = serializers.DateField()
    total = Tally()
    results = NamedTally(many=True)


class Overview(Resource):
    queries = {"GET": OverviewQuery}

    @extend_schema(summary="Counts by status, with coverage", responses=OverviewAnswer)
    def get(self, request: Request) -> Response:
        """What is not assessed is always among the counts: `coverage` says how much of the whole was looked at."""
        asked, at = self.asked, moment(self.asked, self.now)
        rows = existing(self.reader, at)
        if asked["level"] != "all":
            rows = rows.filter(parent__isnull=asked["level"] == "top")
        told = {
            "group_by": asked["group_by"],
            "as_of": at.as_of if at else self.now.date(),
            "total": groups.everything(rows, at, now=self.now),
            "results": groups.grouped(rows, asked["group_by"], at, now=self.now),
        }
        return Response(OverviewAnswer(told, context=self.context()).data)
