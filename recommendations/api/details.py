"""`recommendations/{code}/`: everything about one recommendation, today or at a moment of the past."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.assessments import AssessmentRow
from recommendations.api.choosing import Fields, chosen
from recommendations.api.detail_rows import blocks
from recommendations.api.evidence import EvidenceFields
from recommendations.api.fields import Address, Dated, InstitutionName, precision
from recommendations.api.indicators import IndicatorDetailRow
from recommendations.api.parameters import MomentQuery, moment
from recommendations.api.recommendations import RecommendationRow
from recommendations.api.resources import Resource
from recommendations.api.rows import shape
from recommendations.models import Closure, EvidenceLink
from recommendations.queries import details, relations
from recommendations.rules import moments
from recommendations.vocabulary import (
    STATUS_MEANINGS,
    ClosureReason,
    RelationKind,
    ResponseKind,
    Stance,
    Status,
    Timing,
)


class LinkedEvidence(EvidenceFields):
    """Evidence with how it bears on this recommendation, or on the part of it that is named."""

    recommendation = serializers.CharField(help_text="The code of this recommendation, or of the part of it.")
    stance = serializers.ChoiceField(Stance.choices)
    timing = serializers.ChoiceField(
        Timing.choices, help_text="What is older than the document is context: it cannot carry it out."
    )
    note = serializers.CharField()

    @cached_property
    def _plain(self) -> EvidenceFields:
        """Made once for all rows: making a serializer costs more than using it."""
        return EvidenceFields(context=self.context)

    def to_representation(self, link: EvidenceLink) -> dict[str, Any]:
        return {
            **self._plain.to_representation(link.evidence),
            "recommendation": link.recommendation.code,
            "stance": link.stance,
            "timing": link.timing,
            "note": link.note,
        }


class ResponseRow(serializers.Serializer[Any]):
    """What an addressee said about it, on a day."""

    institution = InstitutionName()
    kind = serializers.ChoiceField(
        [choice for choice in ResponseKind.choices if choice[0] != ResponseKind.NONE]
    )
    stated_on = Dated("stated_on")
    date_precision = precision()
    summary = serializers.CharField()
    source_label = serializers.CharField()
    source_system = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class DeadlineRow(serializers.Serializer[Any]):
    """One entry of the deadline ledger. Without a new date it lifts the deadline."""

    previous_due_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    moved_by = InstitutionName(allow_null=True)
    reason = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class ClosureRow(serializers.Serializer[Any]):
    """One time it was closed, and when it opened again."""

    reason = serializers.ChoiceField(ClosureReason.choices)
    note = serializers.CharField()
    review_on = serializers.DateField(allow_null=True)
    closed_at = serializers.DateTimeField()
    reopened_at = serializers.DateTimeField(allow_null=True)
    reopening_note = serializers.CharField()

    def to_representation(self, closure: Closure) -> dict[str, Any]:
        """At a moment of the past a closure stands that was reopened only later."""
        at, reopened_at = self.context.get("at"), closure.reopened_at
        then = at is None or reopened_at is None or moments.was_done(reopened_at, at)
        held = {} if then else {"reopened_at": None, "reopening_note": ""}
        return super().to_representation(closure) | held


class RelationRow(serializers.Serializer[Any]):
    """How it stands to another recommendation, told from either side."""

    kind = serializers.ChoiceField(RelationKind.choices, source="relation.kind")
    direction = serializers.SerializerMethodField(help_text="`from` this one to the other, or `to` this one.")
    code = serializers.CharField(source="other.code")
    title = serializers.CharField(source="other.title")
    url = Address("recommendations/{code}/", source="other")
    note = serializers.CharField(source="relation.note")

    def get_direction(self, related: relations.Related) -> str:
        return "from" if related.outgoing else "to"


class RecommendationDetailRow(RecommendationRow):
    """One recommendation with all that is known of it."""

    html_url = serializers.SerializerMethodField(help_text="The page for people.")
    status_definition = serializers.SerializerMethodField(help_text="What the status means, in one sentence.")
    group = serializers.CharField(source="row.group", help_text="The document's own heading.")
    locator = serializers.CharField(source="row.locator", help_text="Where in the document.")
    explicit = serializers.BooleanField(
        source="row.explicit", help_text="false: the document implies this and does not state it."
    )
    note = serializers.CharField(source="row.note")

    def get_html_url(self, shown: dict[str, Any]) -> str:
        page = reverse("pages:recommendation", args=[shown["row"].code])
        return str(self.context["request"].build_absolute_uri(page))

    def get_status_definition(self, shown: dict[str, Any]) -> str:
        return str(STATUS_MEANINGS[shown["headline"].status].definition)

    def get_fields(self) -> dict[str, Any]:
        """The rows around it are read by the view, each kind with one statement."""
        return super().get_fields() | {
            "headline": AssessmentRow(
                source="around.headline", allow_null=True, help_text="The verdict that the status rests on."
            ),
            "parts": RecommendationRow(source="around.parts", many=True),
            "responses": ResponseRow(source="around.responses", many=True),
            "evidence": LinkedEvidence(source="around.evidence", many=True),
            "indicators": IndicatorDetailRow(source="around.indicators", many=True),
            "deadlines": DeadlineRow(source="around.deadlines", many=True),
            "relations": RelationRow(source="around.relations", many=True),
            "closures": ClosureRow(source="around.closures", many=True),
        }


class DetailQuery(MomentQuery):
    """The moment, and what of the answer is wanted."""

    def get_fields(self) -> dict[str, Any]:
        wanted = Fields(
            RecommendationDetailRow,
            required=False,
            help_text="Only these: `code,headline.status,parts.code`.",
        )
        return super().get_fields() | {"fields": wanted}


class RecommendationDetail(Resource):
    of_record = True
    queries = {"GET": DetailQuery}

    @extend_schema(summary="One recommendation, or one part of it", responses=RecommendationDetailRow)
    def get(self, request: Request, code: str) -> Response:
        """By its code (`CFR60-06`, or `CFR60-06a` for a part), with its parts, responses, verdict, evidence,
        indicators, deadlines, relations and closures.

        With `as_of` and `known_at`: what had happened by that day, as far as we had told it by that moment. The words
        (title, summary, notes) and the `version` are those of today.
        """
        at = moment(self.asked, self.now)
        detail = self.found(details.read(code, self.reader, at, now=self.now))
        whole, told = detail.whole, detail.around
        context = self.context()
        root, show = context["root"], shape(context["root"])
        shown = blocks(told, root, internal=context["internal"], past=at is not None)
        page = reverse("pages:recommendation", args=[whole.row.code])
        answer = show(whole) | {
            "html_url": request.build_absolute_uri(page),
            "status_definition": str(STATUS_MEANINGS[Status(whole.headline.status)].definition),
            **told["row"],
            "headline": shown.pop("headline"),
            "parts": list(map(show, detail.parts)),
            **shown,
        }
        return Response(chosen(answer, self.asked.get("fields", {})))
