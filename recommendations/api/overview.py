"""`overview/`: counts by status for each source, theme, addressee or year, on any day."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from recommendations.api.parameters import MomentQuery, moment
from recommendations.api.resources import Resource
from recommendations.api.tallies import NamedTally, Tally, named_tally, tally
from recommendations.queries import groups

GROUPS = ["source", "theme", "addressee", "year"]


class OverviewQuery(MomentQuery):
    group_by = serializers.ChoiceField(GROUPS, default="source")
    level = serializers.ChoiceField(
        ["top", "part", "all"], default="top", help_text="Whole recommendations, parts, or both."
    )
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=500, default=100, help_text="Groups a page, by code."
    )
    after = serializers.CharField(
        required=False, max_length=100, help_text="The code after which to go on; `next` has it."
    )

    def validate_after(self, code: str) -> str:
        if "\x00" in code:
            raise serializers.ValidationError(_("There is no such code."), code="unknown")
        return code


class OverviewAnswer(serializers.Serializer[Any]):
    """Counts by status of all together and of each group. With two themes a recommendation counts under both."""

    group_by = serializers.ChoiceField(GROUPS)
    as_of = serializers.DateField()
    total = Tally()
    next = serializers.URLField(allow_null=True, help_text="The groups that follow; null at the end.")
    results = NamedTally(many=True)


class Overview(Resource):
    of_record = True
    queries = {"GET": OverviewQuery}

    @extend_schema(summary="Counts by status, with coverage", responses=OverviewAnswer)
    def get(self, request: Request) -> Response:
        """What is not assessed is always among the counts: `coverage` says how much of the whole was looked at.

        A theme counts what is filed under its parts too, as the filter `theme` of the list does.
        """
        asked, at = self.asked, moment(self.asked, self.now)
        found = groups.overview(
            self.reader,
            asked["group_by"],
            at,
            now=self.now,
            level=asked["level"],
            limit=asked["limit"],
            after=asked.get("after", ""),
        )
        follows = None
        if found.more:
            follows = replace_query_param(request.build_absolute_uri(), "after", found.groups[-1].code)
        told = {
            "group_by": asked["group_by"],
            "as_of": at.as_of if at else self.now.date(),
            "total": tally(found.total),
            "next": follows,
            "results": [named_tally(group) for group in found.groups],
        }
        return Response(told)
