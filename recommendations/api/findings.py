"""`findings/`: what checks brought back for a person to judge. For staff."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import findings as actions
from recommendations.actions.consequences import Filing
from recommendations.api.assessments import ASSESSABLE, MOST_CITED, CitedBody, cited
from recommendations.api.authentication import permit
from recommendations.api.decisions import NoteBody
from recommendations.api.evidence import known
from recommendations.api.fields import Address, Person, Word
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Choices, Query, Text
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Finding, Indicator, Recommendation
from recommendations.queries import findings
from recommendations.vocabulary import (
    SUMMARY_LIMIT,
    TEXT_LIMIT,
    Confidence,
    EvidenceKind,
    FindingKind,
    FindingState,
    Stance,
)


class FindingRow(serializers.Serializer[Any]):
    """Something for a person to judge: the rule that brought it and what it saw."""

    id = serializers.IntegerField()
    url = Address("findings/{pk}/")
    kind = serializers.ChoiceField(FindingKind.choices)
    state = serializers.ChoiceField(FindingState.choices)
    title = serializers.CharField()
    detail = serializers.CharField()
    rule = serializers.CharField()
    rule_version = serializers.CharField()
    score = serializers.FloatField(help_text="0 to 1: what to look at first, never whether.")
    saw = serializers.DictField()
    suggested_status = Word(ASSESSABLE, allow_null=True)
    check = serializers.IntegerField(source="status_check_id", allow_null=True)
    recommendation = serializers.CharField(source="recommendation.code", default=None, allow_null=True)
    evidence = serializers.IntegerField(source="evidence_id", allow_null=True)
    indicator = serializers.CharField(source="indicator.code", default=None, allow_null=True)
    before = serializers.IntegerField(source="before_id", allow_null=True, help_text="Id of a snapshot.")
    after = serializers.IntegerField(source="after_id", allow_null=True, help_text="Id of a snapshot.")
    sightings = serializers.IntegerField()
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    decided_by = Person(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_note = serializers.CharField()
    edits = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What was accepted otherwise than suggested: name -> [the suggestion, what was taken].",
    )
    assessments = serializers.SerializerMethodField(help_text="Ids of what was proposed from it.")

    def get_assessments(self, row: Finding) -> list[int]:
        return sorted(each.pk for each in row.assessments.all())


class PrecisionRow(serializers.Serializer[Any]):
    """What people made of the findings of one version of one rule."""

    rule = serializers.CharField()
    rule_version = serializers.CharField()
    accepted = serializers.IntegerField(help_text="Those accepted with other values included.")
    edited = serializers.IntegerField(
        help_text="Accepted with another status, value, title or day than suggested."
    )
    dismissed = serializers.IntegerField()
    decided = serializers.IntegerField()
    open = serializers.IntegerField()
    precision = serializers.FloatField(
        allow_null=True, help_text="Accepted of all decided, 0 to 1; null while nobody has decided on any."
    )


class PrecisionAnswer(serializers.Serializer[Any]):
    results = PrecisionRow(many=True)


class PrecisionQuery(Query):
    rule = serializers.CharField(required=False, max_length=100)


class FindingQuery(PageQuery):
    state = Choices(FindingState.choices)
    kind = Choices(FindingKind.choices)
    check = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    evidence = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    recommendation = serializers.CharField(required=False, max_length=100)
    indicator = serializers.CharField(required=False, max_length=100)

    def validate_recommendation(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])

    def validate_indicator(self, code: str) -> Indicator:
        return known(Indicator, code, self.context["reader"])


class FilingBody(Body):
    """How the document that was found is filed: what it shows, in your words, and how it bears."""

    kind = serializers.ChoiceField(EvidenceKind.choices)
    finding = Text(max_length=SUMMARY_LIMIT, help_text="What it shows, in your own words.")
    stance = serializers.ChoiceField(Stance.choices)
    occurred_on = serializers.DateField(required=False, help_text="Else the day the register gives.")
    title = Text(required=False, max_length=500, help_text="Else what the register calls it.")


class AcceptBody(Body):
    """With a status, or a rationale for the one suggested, it becomes a proposal in your name. `filing` files the
    document that was found as evidence; a value that was found is recorded. Anything else needs a note. To edit is to
    accept with another status, value, title or day than was suggested: the finding keeps both."""

    note = Text(required=False, allow_blank=True, max_length=SUMMARY_LIMIT)
    recommendation = serializers.CharField(
        required=False, max_length=100, help_text="Code: what the verdict is about."
    )
    status = serializers.ChoiceField(ASSESSABLE, required=False)
    effective_on = serializers.DateField(required=False)
    rationale = Text(required=False, allow_blank=True, max_length=TEXT_LIMIT)
    confidence = serializers.ChoiceField(Confidence.choices, required=False)
    evidence = CitedBody(many=True, required=False, max_length=MOST_CITED)  # type: ignore[call-arg] # of the list, which many=True makes
    filing = FilingBody(required=False)
    value = serializers.DecimalField(
        max_digits=24, decimal_places=6, required=False, help_text="Instead of the value found."
    )

    def validate_recommendation(self, code: str) -> Recommendation:
        return known(Recommendation, code, self.context["reader"])


class DismissBody(NoteBody):
    leave_out = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=10,
        help_text="Of `saw.where`: at what the check is not to look again. Takes the right to change checks.",
    )


class FindingList(Resource):
    verbs = {"GET": "internal.read"}
    queries = {"GET": FindingQuery}
    is_list = True

    @extend_schema(summary="Findings, the last seen first", responses=page_of(FindingRow))
    def get(self, request: Request) -> Response:
        columns = {
            "state": "state__in",
            "kind": "kind__in",
            "check": "status_check",
            "evidence": "evidence",
            "recommendation": "recommendation",
            "indicator": "indicator",
        }
        rows = findings.listed().filter(
            **{column: self.asked[name] for name, column in columns.items() if name in self.asked}
        )
        page = paged(
            rows, (Key("last_seen_at", descending=True), Key("id", descending=True)), self.asked, request
        )
        return Response(page.answer(FindingRow(page.rows, many=True, context=self.context()).data))


class PrecisionList(Resource):
    """How far each rule is to be trusted, by what people made of what it brought."""

    verbs = {"GET": "internal.read"}
    queries = {"GET": PrecisionQuery}

    @extend_schema(summary="The precision of each rule and version", responses=PrecisionAnswer)
    def get(self, request: Request) -> Response:
        rows = findings.precision(self.asked.get("rule", ""))
        return Response(PrecisionAnswer({"results": rows}, context=self.context()).data)


class FindingDetail(Resource):
    verbs = {"GET": "internal.read"}

    @extend_schema(summary="One finding", responses=FindingRow)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_told(self, pk))


class Accept(Resource):
    verbs = {"POST": "finding.accept"}
    deeds = ("accept",)

    @extend_schema(summary="Agree that it matters", request=AcceptBody, responses=FindingRow)
    def post(self, request: Request, pk: int) -> Response:
        row = self.find(findings.listed(), pk=pk)
        sent = self.sent(AcceptBody)
        cites = cited(sent.pop("evidence", []), self.person)
        if "filing" in sent:
            sent["filing"] = Filing(**sent["filing"])
        if (
            sent.get("status") or (row.suggested_status and sent.get("rationale"))
        ) and "confidence" not in sent:
            raise serializers.ValidationError({"confidence": [_("How sure are you?")]}, code="required")
        actions.accept(row, **sent, cites=cites, by=self.person, now=self.now)
        return Response(_told(self, pk))


class Dismiss(Resource):
    verbs = {"POST": "finding.dismiss"}
    deeds = ("dismiss",)

    @extend_schema(summary="Set it aside, with a reason", request=DismissBody, responses=FindingRow)
    def post(self, request: Request, pk: int) -> Response:
        row = self.find(findings.listed(), pk=pk)
        sent = self.sent(DismissBody)
        if sent.get("leave_out"):
            permit(request, "check.write")  # by the token's scopes too: the action knows the person only
        actions.dismiss(row, **sent, by=self.person, now=self.now)
        return Response(_told(self, pk))


def _told(resource: Resource, pk: int) -> Any:
    return FindingRow(resource.find(findings.listed(), pk=pk), context=resource.context()).data
