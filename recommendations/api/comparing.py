"""`compare/`: what became different between two days."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.evidence import known
from recommendations.api.pagination import Key, PageQuery, paged_as
from recommendations.api.parameters import KnownAtField
from recommendations.api.recommendations import ClosureSummary
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import Institution, Recommendation, Source, Theme
from recommendations.queries import comparing
from recommendations.queries.comparing import Compared, Days
from recommendations.queries.narrowing import groups_of, within
from recommendations.queries.recommendations import Headline
from recommendations.vocabulary import Confidence, ResponseKind, Status

FACTS = ["status", "confidence", "response", "closure", "contested", "due_on"]


class Standing(serializers.Serializer[Any]):
    """What a recommendation had come to on one of the two days."""

    status = serializers.ChoiceField(Status.choices)
    status_label = serializers.CharField()
    status_since = serializers.DateField(allow_null=True)
    confidence = serializers.ChoiceField(Confidence.choices, allow_null=True)
    response = serializers.ChoiceField(ResponseKind.choices)
    closure = ClosureSummary()
    contested = serializers.BooleanField()
    due_on = serializers.DateField(allow_null=True)


class ComparedRow(serializers.Serializer[Any]):
    """One recommendation about which something new was told between the two days."""

    code = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()
    changed = serializers.ListField(
        child=serializers.ChoiceField(FACTS),
        help_text="What differs; empty where a new verdict or answer says the same again, all where it is new.",
    )
    before = Standing(allow_null=True, help_text="null: its source was not published yet.")
    after = Standing()


class CompareQuery(PageQuery):
    """Two days, and whose changes. `from` is a word of Python's, so the days are named in `get_fields`."""

    source = serializers.CharField(required=False, max_length=100, help_text="Code of a source.")  # type: ignore[assignment] # no attribute: a field
    theme = serializers.CharField(
        required=False, max_length=100, help_text="Code of a theme, with its parts."
    )
    addressee = serializers.CharField(required=False, max_length=100, help_text="Code of an institution.")

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {
            "from": serializers.DateField(
                help_text="The day before: its end is where the comparison begins."
            ),
            "to": serializers.DateField(required=False, help_text="The day after. Today if left out."),
            "known_at": KnownAtField(
                required=False, help_text="Both days as far as we had published it by this moment."
            ),
        }

    def validate_source(self, code: str) -> Source:
        return known(Source, code, self.context["reader"])

    def validate_theme(self, code: str) -> Theme:
        return known(Theme, code, self.context["reader"])

    def validate_addressee(self, code: str) -> Institution:
        return known(Institution, code, self.context["reader"])

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        now = self.context["now"]
        first, last = asked["from"], asked.get("to", now.date())
        if last > now.date():
            raise serializers.ValidationError({"to": [_("This day has not come yet.")]}, code="future")
        if first >= last:
            raise serializers.ValidationError(
                {"from": [_("The day before must be before the day after.")]}, code="order"
            )
        if "known_at" in asked and asked["known_at"].date() > now.date():
            raise serializers.ValidationError(
                {"known_at": [_("This moment has not come yet.")]}, code="future"
            )
        return asked


class Compare(Resource):
    of_record = True
    queries = {"GET": CompareQuery}
    is_list = True

    @extend_schema(summary="What became different between two days", responses=page_of(ComparedRow))
    def get(self, request: Request) -> Response:
        """Recommendations and parts that were made, judged, answered, dated, closed or reopened after the end of `from`
        and until the end of `to`, each as it stood on both days.
        """
        asked, last = self.asked, self.asked.get("to", self.now.date())
        days = Days(asked["from"], last, asked.get("known_at", self.now))
        order = (Key("code"),)

        def touched(*, walked: bool) -> QuerySet[Recommendation]:
            rows = comparing.touched(self.reader, days, walked=walked)
            for group in groups_of(asked):
                rows = within(rows, group)
            return rows

        def read(page: QuerySet[Recommendation]) -> list[Compared]:
            return comparing.read(page.values("pk", "code"), days)

        page = paged_as(
            touched(walked=comparing.were_many(days)),
            order,
            asked,
            request,
            read=read,
            keys=lambda row: row.keys,
            count=lambda: touched(walked=False).count(),
        )
        root = self.context()["root"]
        return Response(page.answer([_row(row, root) for row in page.rows]))


def _row(row: Compared, root: str) -> dict[str, Any]:
    before, after = _standing(row.before), _standing(row.after)
    assert after is not None
    return {
        "code": row.code,
        "title": row.title,
        "url": f"{root}recommendations/{row.code}/",
        "changed": [fact for fact in FACTS if before is None or before[fact] != after[fact]],
        "before": before,
        "after": after,
    }


def _standing(headline: Headline | None) -> dict[str, Any] | None:
    if headline is None:
        return None
    return {
        "status": headline.status,
        "status_label": headline.status_label,
        "status_since": headline.status_since,
        "confidence": headline.confidence or None,
        "response": headline.response,
        "closure": ClosureSummary(headline).data,
        "contested": headline.contested,
        "due_on": headline.due_on,
    }
