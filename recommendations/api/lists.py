"""The list of recommendations: a page of rows, with what is asked to be added and without what is not asked for."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Cast
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.assessments import AssessmentRow
from recommendations.api.choosing import Fields, Words, chosen
from recommendations.api.details import LinkedEvidence, ResponseRow
from recommendations.api.expanding import EXPANSIONS
from recommendations.api.keysets import Key
from recommendations.api.pagination import paged_as
from recommendations.api.parameters import moment
from recommendations.api.recommendations import (
    ORDERS,
    RELEVANCE,
    FoundRow,
    RecommendationQuery,
    RecommendationRow,
    wanted,
)
from recommendations.api.resources import Resource
from recommendations.api.rows import shape
from recommendations.api.schema import page_of
from recommendations.models import Recommendation
from recommendations.queries import listing, search
from recommendations.queries.listing import Listed
from recommendations.queries.narrowing import ALL, count, groups_of
from recommendations.rules.moments import Moment


class ListedRow(FoundRow):
    """A recommendation as the list shows it, with what `expand` adds."""

    parts = RecommendationRow(many=True, required=False, help_text="With `expand=parts`.")
    assessments = AssessmentRow(many=True, required=False, help_text="With `expand=assessments`.")
    responses = ResponseRow(many=True, required=False, help_text="With `expand=responses`.")
    evidence = LinkedEvidence(
        many=True, required=False, help_text="With `expand=evidence`: what bears on it or on its parts."
    )


class RecommendationListQuery(RecommendationQuery):
    """As exports are asked, with what concerns the form of the answer alone."""

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {
            "fields": Fields(
                ListedRow,
                required=False,
                help_text="Only these fields of each row: `code,status,source.code`. An expansion is a field, too.",
            ),
            "expand": Words(
                list(EXPANSIONS),
                required=False,
                help_text="What to add to each row, one or several with commas: "
                + ", ".join(EXPANSIONS)
                + ".",
            ),
        }


RANKED = serializers.ChoiceField(
    ["all", "newest"],
    required=False,
    help_text="With `q` and without `ordering`: whether all that match were put in order, or (of words that very many"
    " share) the 2,000 that changed last.",
)


class RecommendationList(Resource):
    of_record = True
    queries = {"GET": RecommendationListQuery}
    is_list = True

    @extend_schema(
        summary="Recommendations, filtered and in order",
        responses=page_of(ListedRow, ranked=RANKED),
    )
    def get(self, request: Request) -> Response:
        """Whole recommendations of today, unless `level`, `as_of` or `known_at` say otherwise.

        Filters narrow each other; of `status` and `response`, which may be repeated, any one will do. With `q`
        parts are searched too, the best match comes first, and each row has a `highlight`. `expand` adds what else is
        known of each row, `fields` leaves out all but what is named.
        """
        asked, at = self.asked, moment(self.asked, self.now)
        rows = wanted(asked, self.reader, at, self.now)
        if "q" in asked:
            # As float8: a float4 does not come back from a cursor as the same number.
            rows = rows.annotate(relevance=Cast(F("rank"), FloatField()))
        order, counted = _order(asked), _counter(asked, self.reader, at, self.now)
        ranked = order == RELEVANCE
        common = ranked and search.is_common(asked["q"])
        if common:
            rows = search.newest(rows, asked["q"], self.reader)

        def read(page: QuerySet[Recommendation]) -> list[Listed]:
            keyed = page.values("pk", *(key.column for key in order))
            return listing.read(keyed, self.reader, at, now=self.now, words=asked.get("q", ""))

        page = paged_as(
            rows,
            order,
            asked,
            request,
            read=read,
            keys=lambda listed: listed.keys,
            count=counted,
        )
        shown = list(map(shape(self.context()["root"]), page.rows))
        pks = [listed.row.pk for listed in page.rows]
        for name in asked.get("expand", ()):
            added = EXPANSIONS[name](pks, self.reader, at, self.context(), self.now)
            for told, pk in zip(shown, pks, strict=True):
                told[name] = added.get(pk, [])
        if "fields" in asked:
            shown = [chosen(told, asked["fields"]) for told in shown]
        answer = page.answer(shown)
        return Response({"ranked": "newest" if common else "all"} | answer if ranked else answer)


COUNTED = {
    "source",
    "theme",
    "addressee",
    "status",
    "level",
    "limit",
    "cursor",
    "include",
    "ordering",
    "fields",
}
"""What the tallies can count by, and what changes no count."""


def _counter(asked: dict[str, Any], reader: Any, at: Moment | None, now: datetime) -> Callable[[], int]:
    """How all that match are counted: from the tallies where they know it, row by row where they do not."""
    groups = groups_of(asked)
    if len(groups) > 1 or not COUNTED.issuperset(asked):
        return lambda: wanted(asked, reader, at, now, whole=True).count()
    group = groups[0] if groups else ALL
    return partial(count, reader, group, statuses=asked.get("status", ()), level=asked.get("level", "top"))


def _order(asked: dict[str, Any]) -> tuple[Key, ...]:
    given = asked.get("ordering")
    if given is None:
        return RELEVANCE if "q" in asked else (ORDERS["code"],)
    key = ORDERS[given.lstrip("-")]
    key = Key(key.column, given.startswith("-"), key.nullable)
    # Both keys go the same way, so that one range of one index holds what comes next.
    return (key,) if key.column == "code" else (key, Key("id", key.descending))
