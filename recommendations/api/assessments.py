"""`assessments/`: verdicts, proposed by one person and decided by another."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.actions import assessments as actions
from recommendations.actions.assessments import Cited
from recommendations.api.evidence import EvidenceFields, known
from recommendations.api.fields import Address, InstitutionName, Person, StaffNote, Word
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Body, Choices, MomentQuery, Text, moment
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Assessment, Citation, Evidence, Institution
from recommendations.queries import assessments, recommendations
from recommendations.queries.visibility import visible
from recommendations.rules.moments import Moment
from recommendations.vocabulary import (
    ASSESSABLE_STATUSES,
    TEXT_LIMIT,
    AssessmentState,
    Confidence,
    Stance,
    Status,
    VerdictBy,
)

LATEST_FIRST = (
    Key("effective_on", descending=True),
    Key("published_at", descending=True, nullable=True),
    Key("id", descending=True),
)
MOST_CITED = 200
"""Pieces of evidence that one verdict may cite in the API."""
ASSESSABLE = [(each.value, each.label) for each in ASSESSABLE_STATUSES]


class CitedEvidence(EvidenceFields):
    """Evidence that a verdict rests on, with its stance and where in it to look."""

    stance = serializers.ChoiceField(Stance.choices)
    locator = serializers.CharField(help_text="Where in the document; may be empty.")

    @cached_property
    def _plain(self) -> EvidenceFields:
        """Made once for all rows: making a serializer costs more than using it."""
        return EvidenceFields(context=self.context)

    def to_representation(self, citation: Citation) -> dict[str, Any]:
        return {
            **self._plain.to_representation(citation.evidence),
            "stance": citation.stance,
            "locator": citation.locator,
        }


AS_HELD = {
    "state": AssessmentState.PUBLISHED.value,
    "retracted_by": None,
    "retracted_at": None,
    "retraction_reason": "",
}
"""What a verdict that was retracted later says of itself before."""


class AssessmentRow(serializers.Serializer[Any]):
    """A dated claim about implementation: added, never edited."""

    id = serializers.IntegerField()
    url = Address("assessments/{pk}/")
    recommendation = serializers.CharField(source="recommendation.code")
    status = serializers.ChoiceField(Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    effective_on = serializers.DateField(help_text="True in the world as of this day.")
    rationale = serializers.CharField()
    confidence = Word(Confidence.choices, allow_null=True)
    verdict_by = serializers.ChoiceField(VerdictBy.choices)
    verdict_institution = InstitutionName(allow_null=True)
    state = serializers.ChoiceField(AssessmentState.choices)
    method_version = serializers.CharField()
    evidence_derived = serializers.BooleanField(
        help_text="true: all evidence up to that day is listed; nobody chose from it."
    )
    source_label = serializers.CharField(help_text="The word of the system it came from; may be empty.")
    source_system = serializers.CharField()
    mapping_version = serializers.CharField()
    supersedes = serializers.IntegerField(source="supersedes_id", allow_null=True)
    superseded_by = serializers.SerializerMethodField()
    basis_changed = serializers.BooleanField(
        help_text="A document it cites has changed, moved or gone since, and no person has looked yet."
    )
    proposed_by = Person(allow_null=True)
    proposed_at = serializers.DateTimeField()
    decided_by = Person(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_note = StaffNote()
    published_at = serializers.DateTimeField(allow_null=True, help_text="Since when we say so.")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    retracted_by = Person(allow_null=True)
    retracted_at = serializers.DateTimeField(allow_null=True)
    retraction_reason = serializers.CharField()
    evidence = CitedEvidence(source="citations.all", many=True)

    def to_representation(self, row: Assessment) -> dict[str, Any]:
        """At a moment (`at` in the context) as it stood then: only what was held published then is listed at all."""
        told: dict[str, Any] = super().to_representation(row)
        return told | AS_HELD if self.context.get("at") is not None else told

    def get_superseded_by(self, row: Assessment) -> list[int]:
        return [each.pk for each in row.superseded_by.all()]


class AssessmentQuery(PageQuery, MomentQuery):
    state = Choices(AssessmentState.choices)
    status = Choices(ASSESSABLE)
    verdict_by = Choices(VerdictBy.choices)


class CitedBody(Body):
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of a piece of evidence.")
    stance = serializers.ChoiceField(Stance.choices)
    locator = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ClaimBody(Body):
    """What a verdict claims. Blank and missing grounds are for the action to refuse, with the rule's name."""

    status = serializers.ChoiceField(ASSESSABLE)
    effective_on = serializers.DateField(help_text="Not in the future, not before the source was published.")
    rationale = Text(allow_blank=True, max_length=TEXT_LIMIT)
    confidence = serializers.ChoiceField(Confidence.choices)
    evidence = CitedBody(  # type: ignore[call-arg] # of the list, which many=True makes
        many=True,
        required=False,
        max_length=MOST_CITED,
        help_text="At least one, but where nothing was found.",
    )


class ProposalBody(ClaimBody):
    """A proposed verdict. Somebody else decides on it."""

    verdict_by = serializers.ChoiceField(VerdictBy.choices, default=VerdictBy.OFFICE)
    verdict_institution = serializers.CharField(
        required=False, max_length=100, help_text="Code; needed unless the verdict is the office's."
    )
    supersedes = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of the published verdict that this corrects.",
    )
    source_label = serializers.CharField(required=False, allow_blank=True, max_length=200)
    source_system = serializers.CharField(required=False, allow_blank=True, max_length=100)
    mapping_version = serializers.CharField(required=False, allow_blank=True, max_length=20)

    def validate_verdict_institution(self, code: str) -> Institution:
        return known(Institution, code, self.context["reader"])

    def validate_supersedes(self, number: int) -> Assessment:
        found = visible(Assessment.objects.all(), self.context["reader"]).filter(pk=number).first()
        if found is None:
            raise serializers.ValidationError(_("There is no assessment %d.") % number, code="unknown")
        return found


class AssessmentList(Resource):
    queries = {"GET": AssessmentQuery}
    is_list = True

    @extend_schema(summary="Verdicts, the latest first", responses=page_of(AssessmentRow))
    def get(self, request: Request) -> Response:
        return _history(self, request, moment(self.asked, self.now))


class RecommendationAssessments(Resource):
    """The history of one recommendation's verdicts, and where a new one is proposed."""

    verbs = {"POST": "assessment.propose"}
    queries = {"GET": AssessmentQuery}
    of_record = True
    is_list = True

    @extend_schema(summary="Verdicts on one recommendation", responses=page_of(AssessmentRow))
    def get(self, request: Request, code: str) -> Response:
        at = moment(self.asked, self.now)
        subject = self.find(recommendations.existing(self.reader, at), code=code)
        return _history(self, request, at, recommendation=subject)

    @extend_schema(
        summary="Propose a verdict",
        request=ProposalBody,
        responses={201: AssessmentRow},
        examples=[
            OpenApiExample(
                "A law was passed",
                request_only=True,
                value={
                    "status": "implemented",
                    "effective_on": "2020-03-09",
                    "rationale": "The rule that was asked for is in force.",
                    "confidence": "high",
                    "evidence": [{"id": 12, "stance": "supports", "locator": "section 2"}],
                },
            )
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        """It is `proposed` and changes nothing until somebody else publishes it.

        Refused (409) are, by name: `assessment_cites_evidence`, `assessment_rationale_given`,
        `assessment_not_in_the_future`, `assessment_not_before_source`, `assessment_verdict_has_institution`,
        `assessment_corrects_its_like`.
        """
        subject = self.find(recommendations.existing(self.person), code=code)
        sent = self.sent(ProposalBody)
        cites = cited(sent.pop("evidence", []), self.person)
        row = actions.propose(subject, **sent, cites=cites, by=self.person, now=self.now)
        told = told_of(row, self)
        return Response(told, status=status.HTTP_201_CREATED, headers={"Location": told["url"]})


class AssessmentDetail(Resource):
    @extend_schema(summary="One verdict", responses=AssessmentRow)
    def get(self, request: Request, pk: int) -> Response:
        row = self.find(assessments.listed(self.reader), pk=pk)
        return Response(AssessmentRow(row, context=self.context()).data)


def cited(sent: Sequence[dict[str, Any]], reader: Any) -> list[Cited]:
    """The evidence that was named by id. Raises ValidationError for the first that is not there."""
    ids = [each["id"] for each in sent]
    rows = visible(Evidence.objects.filter(pk__in=ids), reader).in_bulk()
    blamed: list[dict[str, Any]] = [
        {} if number in rows else {"id": [_("There is no evidence %d.") % number]} for number in ids
    ]
    if any(blamed):
        raise serializers.ValidationError({"evidence": dict(_numbered(blamed))}, code="unknown")
    return [Cited(rows[each["id"]], each["stance"], each["locator"]) for each in sent]


def told_of(row: Assessment, resource: Resource) -> Any:
    """The verdict as its own address tells it."""
    shown = assessments.listed(resource.person).get(pk=row.pk)
    return AssessmentRow(shown, context=resource.context()).data


def _numbered(blamed: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(str(position), blame) for position, blame in enumerate(blamed) if blame]


def _history(resource: Resource, request: Request, at: Moment | None, **of: Any) -> Response:
    """A page of verdicts as they are today, or as they stood at a moment."""
    asked = resource.asked
    of |= {f"{name}__in": asked[name] for name in ("status", "verdict_by") if name in asked}
    rows = assessments.listed(resource.reader, at).filter(**of)
    if "state" in asked:
        if at is None:
            rows = rows.filter(state__in=asked["state"])
        elif AssessmentState.PUBLISHED not in asked["state"]:  # as all stood at that moment
            rows = rows.none()
    page = paged(rows, LATEST_FIRST, asked, request)
    context = resource.context() | {"at": at}
    return Response(page.answer(AssessmentRow(page.rows, many=True, context=context).data))
