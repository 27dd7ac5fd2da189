"""`indicators/`: measures of what recommendations were after, with their values."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import indicators as actions
from recommendations.api.evidence import known
from recommendations.api.fields import Address, Word
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, MomentQuery, Text, moment
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Observation, Recommendation
from recommendations.queries import indicators
from recommendations.vocabulary import TEXT_LIMIT, Direction, ObservationRole


class ObservationRow(serializers.Serializer[Any]):
    """One value: the baseline, the target, or what was observed in a period. null is not known, never zero."""

    id = serializers.IntegerField()
    role = serializers.ChoiceField(ObservationRole.choices)
    period = serializers.CharField(help_text="As given, such as FY2010-FY2018 cumulative.")
    period_from = serializers.DateField(allow_null=True)
    period_to = serializers.DateField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    value_text = serializers.CharField(help_text="Where it is not one number; may be empty.")
    measure = serializers.CharField(help_text="What was measured, where it differs from the name.")
    quality = serializers.CharField()
    basis = serializers.CharField()
    verified = serializers.BooleanField(allow_null=True)
    seen_at = serializers.CharField()
    note = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class IndicatorRow(serializers.Serializer[Any]):
    """A measure, with its unit and the way it should move where that is plain."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = Address("indicators/{code}/")
    unit = serializers.CharField()
    direction = Word(
        Direction.choices, allow_null=True, help_text="null where better and worse are an opinion."
    )
    note = serializers.CharField()
    sources = serializers.ListField(help_text="Addresses of the series.")
    recommendations = serializers.SerializerMethodField(help_text="Codes of what it measures.")
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    def get_recommendations(self, row: Any) -> list[str]:
        return sorted(each.code for each in row.recommendations.all())


class IndicatorDetailRow(IndicatorRow):
    """A measure with all its values."""

    observations = ObservationRow(source="observations.all", many=True)


class IndicatorQuery(PageQuery, MomentQuery):
    recommendation = serializers.CharField(
        required=False, max_length=100, help_text="Code; what measures it."
    )

    def validate_recommendation(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])


class ObservationQuery(PageQuery, MomentQuery):
    role = serializers.ChoiceField(ObservationRole.choices, required=False)


class ObservationBody(Body):
    period = Text(max_length=200)
    value = serializers.DecimalField(
        max_digits=24,
        decimal_places=6,
        allow_null=True,
        required=False,
        help_text="null is not known, never zero.",
    )
    role = serializers.ChoiceField(ObservationRole.choices, required=False)
    period_from = serializers.DateField(
        allow_null=True,
        required=False,
        help_text="Without either day they are read from a period that is a plain year, quarter, month or day.",
    )
    period_to = serializers.DateField(allow_null=True, required=False)
    value_text = serializers.CharField(max_length=300, allow_blank=True, required=False)
    verified = serializers.BooleanField(allow_null=True, required=False)
    seen_at = serializers.CharField(max_length=1_000, allow_blank=True, required=False)
    note = Text(allow_blank=True, required=False, max_length=TEXT_LIMIT)


class IndicatorList(Resource):
    of_record = True
    queries = {"GET": IndicatorQuery}
    is_list = True

    @extend_schema(summary="Indicators, by code", responses=page_of(IndicatorRow))
    def get(self, request: Request) -> Response:
        at = moment(self.asked, self.now)
        rows = indicators.listed(self.reader, at)
        if "recommendation" in self.asked:
            rows = indicators.of_recommendations([self.asked["recommendation"].pk], self.reader, at)
        page = paged(rows, (Key("code"),), self.asked, request)
        return Response(page.answer(IndicatorRow(page.rows, many=True, context=self.context()).data))


class IndicatorDetail(Resource):
    of_record = True
    queries = {"GET": MomentQuery}

    @extend_schema(summary="One indicator with its values", responses=IndicatorDetailRow)
    def get(self, request: Request, code: str) -> Response:
        row = self.find(indicators.listed(self.reader, moment(self.asked, self.now)), code=code)
        return Response(IndicatorDetailRow(row, context=self.context()).data)


class ObservationList(Resource):
    of_record = True
    verbs = {"POST": "observation.write"}
    queries = {"GET": ObservationQuery}
    is_list = True

    @extend_schema(
        summary="Values of one indicator, in the order of their periods", responses=page_of(ObservationRow)
    )
    def get(self, request: Request, code: str) -> Response:
        at = moment(self.asked, self.now)
        row = self.find(indicators.listed(self.reader, at), code=code)
        rows = indicators.observations(row, at)
        if "role" in self.asked:
            rows = rows.filter(role=self.asked["role"])
        page = paged(rows, (Key("period_from", nullable=True), Key("id")), self.asked, request)
        return Response(page.answer(ObservationRow(page.rows, many=True, context=self.context()).data))

    @extend_schema(summary="Add a value", request=ObservationBody, responses={201: ObservationRow})
    def post(self, request: Request, code: str) -> Response:
        indicator = self.find(indicators.listed(self.person), code=code)
        sent = self.sent(ObservationBody)
        row = actions.observe(indicator, **{"value": None} | sent, by=self.person, now=self.now)
        told = ObservationRow(Observation.objects.get(pk=row.pk), context=self.context()).data
        return Response(told, status=status.HTTP_201_CREATED)
