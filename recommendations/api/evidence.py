"""`evidence/`: what shows that something happened, with what it shows in our words."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import changes
from recommendations.actions import evidence as actions
from recommendations.api.fields import Address, Dated, InstitutionName, precision
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Flag, PartialDateField, Text
from recommendations.api.resources import Resource, lock
from recommendations.api.schema import page_of
from recommendations.models import Evidence, Institution, Recommendation
from recommendations.queries import evidence
from recommendations.queries.coded import of_code
from recommendations.rules.dates import PartialDate
from recommendations.vocabulary import SUMMARY_LIMIT, TEXT_LIMIT, EvidenceKind, Stance, Timing, Visibility


class DocumentRow(serializers.Serializer[Any]):
    """The document in which evidence was found."""

    code = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="Where it is; may be empty.")
    publisher = InstitutionName(allow_null=True)
    publisher_wording = serializers.CharField()
    via = InstitutionName(allow_null=True, help_text="Who reported or reproduced it.")


class EvidenceFields(serializers.Serializer[Any]):
    """What is told of evidence wherever it is shown."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    url = Address("evidence/{pk}/")
    title = serializers.CharField()
    kind = serializers.ChoiceField(EvidenceKind.choices)
    finding = serializers.CharField(help_text="What it shows, in our words.")
    occurred_on = Dated("occurred_on")
    date_precision = precision()
    verified = serializers.BooleanField(
        help_text="A page that states it was read by the person who filed it."
    )
    url_confirmed = serializers.SerializerMethodField(
        help_text="false: the address comes from memory. null: nobody noted whether."
    )
    caution = serializers.CharField(help_text="What to beware of; may be empty.")
    document = DocumentRow()

    def get_url_confirmed(self, row: Evidence) -> bool | None:
        return row.document.url_confirmed if row.url_confirmed is None else row.url_confirmed


class BearsOn(serializers.Serializer[Any]):
    """How evidence bears on one recommendation."""

    code = serializers.CharField(source="recommendation.code")
    stance = serializers.ChoiceField(Stance.choices)
    timing = serializers.ChoiceField(Timing.choices)
    note = serializers.CharField()


class EvidenceRow(EvidenceFields):
    """One document or datum that shows something happened."""

    publisher_wording = serializers.CharField()
    checked_against = serializers.ListField(child=serializers.CharField())
    from_memory = serializers.ListField(child=serializers.CharField(), help_text="What was told from memory.")
    visibility = serializers.ChoiceField(Visibility.choices)
    recommendations = BearsOn(source="links.all", many=True)
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class EvidenceQuery(PageQuery):
    kind = serializers.ChoiceField(EvidenceKind.choices, required=False)
    recommendation = serializers.CharField(
        required=False, max_length=100, help_text="Code; what bears on it or on one of its parts."
    )
    verified = Flag(required=False)
    occurred_after = serializers.DateField(required=False)
    occurred_before = serializers.DateField(required=False)
    updated_since = serializers.DateTimeField(required=False)

    def validate_recommendation(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])


class BearingBody(Body):
    code = serializers.CharField(max_length=100, help_text="Code of a recommendation.")
    stance = serializers.ChoiceField(Stance.choices)
    note = Text(required=False, allow_blank=True, default="", max_length=TEXT_LIMIT)

    def validate_code(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])


class EvidenceChange(Body):
    """What is to be corrected; what is left out stays."""

    kind = serializers.ChoiceField(EvidenceKind.choices, required=False)
    title = Text(max_length=500, required=False)
    finding = Text(max_length=SUMMARY_LIMIT, required=False)
    occurred_on = PartialDateField(required=False)
    verified = serializers.BooleanField(required=False)
    caution = Text(allow_blank=True, required=False, max_length=TEXT_LIMIT)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)


class EvidenceBody(Body):
    """New evidence. A known address joins the document that is there already."""

    url = serializers.URLField(max_length=1_000, allow_blank=True)
    title = Text(max_length=500)
    finding = Text(max_length=SUMMARY_LIMIT, help_text="What it shows, in your own words.")
    kind = serializers.ChoiceField(EvidenceKind.choices)
    occurred_on = PartialDateField(help_text="With only as much as is known: 2011-03 for March 2011.")
    publisher = serializers.CharField(required=False, max_length=100, help_text="Code of an institution.")
    recommendations = BearingBody(many=True, required=False, max_length=200)  # type: ignore[call-arg] # of the list, which many=True makes
    verified = serializers.BooleanField(
        default=True,
        help_text="You have read a page that states it. Without such a page no verdict can rest on it.",
    )
    caution = Text(allow_blank=True, required=False, max_length=TEXT_LIMIT)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)

    def validate_publisher(self, code: str) -> Institution:
        return known(Institution, code, self.context["reader"])


class EvidenceList(Resource):
    verbs = {"POST": "evidence.write"}
    queries = {"GET": EvidenceQuery}
    is_list = True

    @extend_schema(summary="Evidence, the newest first", responses=page_of(EvidenceRow))
    def get(self, request: Request) -> Response:
        columns = {
            "kind": "kind",
            "verified": "verified",
            "occurred_after": "occurred_on__gt",
            "occurred_before": "occurred_on__lt",
            "updated_since": "updated_at__gte",
        }
        asked = {column: self.asked[name] for name, column in columns.items() if name in self.asked}
        rows = evidence.listed(self.reader).filter(**asked)
        if "recommendation" in self.asked:
            rows = rows.filter(pk__in=evidence.bearing_on(self.asked["recommendation"], self.reader))
        order = (Key("occurred_on", descending=True), Key("id", descending=True))
        page = paged(rows, order, self.asked, request)
        return Response(page.answer(EvidenceRow(page.rows, many=True, context=self.context()).data))

    @extend_schema(
        summary="File evidence",
        request=EvidenceBody,
        responses={201: EvidenceRow},
        examples=[
            OpenApiExample(
                "A rule, and how it bears on a recommendation",
                request_only=True,
                value={
                    "url": "https://example.org/rule",
                    "title": "Control of firearms",
                    "finding": "The review of export licences moved to another department.",
                    "kind": "regulation",
                    "occurred_on": "2020-03",
                    "recommendations": [{"code": "CFR60-06", "stance": "contradicts"}],
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        sent = self.sent(EvidenceBody)
        bearings = [
            actions.Bearing(each["code"], each["stance"], each["note"])
            for each in sent.pop("recommendations", [])
        ]
        row = actions.file(**_dated(sent), bears_on=bearings, by=self.person, now=self.now)
        told = EvidenceRow(evidence.listed(self.person).get(pk=row.pk), context=self.context()).data
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class EvidenceDetail(Resource):
    verbs = {"PATCH": "evidence.write"}

    @extend_schema(summary="One piece of evidence", responses=EvidenceRow)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self._told(pk))

    @extend_schema(summary="Correct what we say of it", request=EvidenceChange, responses=EvidenceRow)
    def patch(self, request: Request, pk: int) -> Response:
        with transaction.atomic():
            changes.alone()  # before the row: whoever changes what the public sees locks in this order
            row = self.find(evidence.listed(self.person), pk=pk)
            lock(row)
            self.must_match(self._told(pk))
            actions.change(row, **_dated(self.sent(EvidenceChange)), by=self.person, now=self.now)
        return Response(self._told(pk))

    def _told(self, pk: int) -> Any:
        return EvidenceRow(self.find(evidence.listed(self.reader), pk=pk), context=self.context()).data


def known(model: Any, code: str, reader: Any) -> Any:
    """The row of this code; refused in the same words whether there is none or none that may be seen."""
    row = of_code(model, code, reader) if "\x00" not in code else None
    if row is None:
        raise serializers.ValidationError(_("There is no “%(code)s”.") % {"code": code}, code="unknown")
    return row


def _dated(sent: dict[str, Any]) -> dict[str, Any]:
    """A partial date as the two columns that hold it."""
    partial: PartialDate | None = sent.pop("occurred_on", None)
    if partial is None:
        return sent
    return sent | {"occurred_on": partial.first_day, "date_precision": partial.precision}
