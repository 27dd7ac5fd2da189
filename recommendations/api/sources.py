"""`sources/`: the documents that make recommendations, and how each of them stands."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.fields import Address, Dated, InstitutionName, precision
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import MomentQuery, moment
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.api.tallies import Tally, tally
from recommendations.models import Recommendation, Source
from recommendations.queries import groups, sources
from recommendations.queries.recommendations import Asked, matching
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment
from recommendations.vocabulary import SourceKind


class SourceFields(serializers.Serializer[Any]):
    """A document that makes recommendations."""

    code = serializers.CharField()
    title = serializers.CharField()
    url = Address("sources/{code}/")
    kind = serializers.ChoiceField(SourceKind.choices)
    authors = serializers.ListField(child=serializers.CharField())
    author_note = serializers.CharField()
    publisher = InstitutionName()
    publisher_wording = serializers.CharField(help_text="As the document names it; may be empty.")
    series = serializers.CharField()
    published_on = Dated("published_on")
    date_precision = precision()
    date_label = serializers.CharField(help_text="The date as words, such as Winter 1997; may be empty.")
    date_note = serializers.CharField()
    document_url = serializers.CharField(source="url", help_text="Where it is written; may be empty.")
    url_confirmed = serializers.BooleanField(allow_null=True)
    language = serializers.CharField()
    note = serializers.CharField()
    scorecard_url = Address("sources/{code}/scorecard/")
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class SourceRow(SourceFields, Tally):
    """A document that makes recommendations, and how its whole recommendations stand."""


class SourceQuery(PageQuery, MomentQuery):
    kind = serializers.ChoiceField(SourceKind.choices, required=False)


class Sources(Resource):
    def told(self, rows: list[Source], at: Moment | None) -> list[dict[str, Any]]:
        found = groups.of_sources([row.pk for row in rows], self.reader, at, now=self.now)
        fields = SourceFields(rows, many=True, context=self.context()).data
        return [
            row | tally(found.get(row["code"]) or groups.none_of(row["code"], self.now)) for row in fields
        ]


class SourceList(Sources):
    of_record = True
    queries = {"GET": SourceQuery}
    is_list = True

    @extend_schema(summary="Sources, the oldest first", responses=page_of(SourceRow))
    def get(self, request: Request) -> Response:
        at = moment(self.asked, self.now)
        rows = sources.listed(self.reader, at)
        if "kind" in self.asked:
            rows = rows.filter(kind=self.asked["kind"])
        page = paged(rows, (Key("published_on"), Key("id")), self.asked, request)
        return Response(page.answer(self.told(page.rows, at)))


class SourceDetail(Sources):
    of_record = True
    queries = {"GET": MomentQuery}

    @extend_schema(summary="One source", responses=SourceRow)
    def get(self, request: Request, code: str) -> Response:
        at = moment(self.asked, self.now)
        [told] = self.told([self.find(sources.listed(self.reader, at), code=code)], at)
        return Response(told)


MARKS = {"contested": Asked(contested=True), "overdue": Asked(overdue=True), "stale": Asked(stale=True)}


class Scorecard(Tally):
    """How the whole recommendations of a source stand, and beside them its parts."""

    source = serializers.CharField(help_text="Code of the source.")  # type: ignore[assignment] # no attribute: a field
    as_of = serializers.DateField()
    contested = serializers.IntegerField()
    overdue = serializers.IntegerField()
    stale = serializers.IntegerField()
    parts = Tally()


class SourceScorecard(Resource):
    of_record = True
    queries = {"GET": MomentQuery}

    @extend_schema(summary="Counts by status of one source, with coverage", responses=Scorecard)
    def get(self, request: Request, code: str) -> Response:
        """Whole recommendations; its parts are counted beside them, under `parts`."""
        at = moment(self.asked, self.now)
        source = self.find(sources.listed(self.reader, at), code=code)
        rows = visible(Recommendation.objects.filter(source=source), self.reader)
        whole = rows.filter(parent__isnull=True)
        group = groups.everything(whole, at, now=self.now)
        told = {
            "source": source.code,
            "as_of": at.as_of if at else self.now.date(),
            "counts": group.counts,
            "median_age_days": group.median_age_days,
            "parts": groups.everything(rows.filter(parent__isnull=False), at, now=self.now),
        }
        for name, asked in MARKS.items():
            told[name] = matching(whole, asked, at, now=self.now).count()
        return Response(Scorecard(told, context=self.context()).data)
