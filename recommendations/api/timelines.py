"""`recommendations/{code}/timeline/`: everything that happened with it and with its parts, as one list."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.fields import Word
from recommendations.api.parameters import MomentQuery, moment
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.queries import recommendations
from recommendations.queries.timelines import Entry, timeline
from recommendations.vocabulary import Confidence, Precision, Stance, Status

WHAT = [
    "published",
    "evidence",
    "assessment",
    "retracted",
    "response",
    "deadline",
    "closed",
    "reopened",
]

TEXTS = {
    "evidence": "evidence.finding",
    "assessment": "rationale",
    "retracted": "retraction_reason",
    "response": "summary",
    "deadline": "reason",
    "closed": "note",
    "reopened": "reopening_note",
}
"""Where the words of each kind of entry are."""


class TimelineEntry(serializers.Serializer[Any]):
    """One thing that happened. What a kind of entry has not is null."""

    on = serializers.CharField(source="iso", help_text="The day in the world, with only what is known of it.")
    precision = serializers.ChoiceField(Precision.choices)
    what = serializers.ChoiceField(WHAT)
    title = serializers.CharField()
    text = serializers.SerializerMethodField(help_text="Rationale, finding, summary or reason; may be empty.")
    recommendation = serializers.CharField(help_text="Code of the whole or of the part it happened to.")
    status = Word(Status.choices, source="row.status", default=None, allow_null=True)
    confidence = Word(Confidence.choices, source="row.confidence", default=None, allow_null=True)
    stance = Word(Stance.choices, source="row.stance", default=None, allow_null=True)
    url = serializers.SerializerMethodField(help_text="Where this API tells more of it; may be null.")

    def get_text(self, entry: Entry) -> str:
        value: Any = entry.row if entry.what in TEXTS else ""
        for name in TEXTS.get(entry.what, "").split("."):
            value = getattr(value, name) if name else value
        return str(value)

    def get_url(self, entry: Entry) -> str | None:
        root = self.context["root"]
        if entry.what == "evidence":
            return f"{root}evidence/{entry.row.evidence_id}/"
        if entry.what in ("assessment", "retracted"):
            return f"{root}assessments/{entry.row.pk}/"
        if entry.what == "published":
            return f"{root}sources/{entry.row.code}/"
        return None


class RecommendationTimeline(Resource):
    of_record = True
    queries = {"GET": MomentQuery}
    is_list = True

    @extend_schema(summary="Everything that happened, the latest first", responses=page_of(TimelineEntry))
    def get(self, request: Request, code: str) -> Response:
        """The document, verdicts and their retractions, evidence, responses, deadlines and closures, of the whole and
        of its parts, in one list that is never paged.
        """
        at = moment(self.asked, self.now)
        row = self.find(recommendations.existing(self.reader, at).select_related("source"), code=code)
        entries = TimelineEntry(timeline(row, self.reader, at), many=True, context=self.context()).data
        return Response({"next": None, "previous": None, "results": entries})
