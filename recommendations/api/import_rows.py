"""`imports/{id}/rows/`: what each row of a file says, and what would become of it."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.parameters import Choices
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.models import ImportRow
from recommendations.queries import imports
from recommendations.rules import imports as rules
from recommendations.vocabulary import RowOutcome


class RowChange(serializers.Serializer[Any]):
    """One field of a row: what is here, and what the file says."""

    column = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class RowProblem(serializers.Serializer[Any]):
    """Why a row is refused."""

    column = serializers.CharField(help_text="As the file calls it.")
    value = serializers.CharField(help_text="What stands there.")
    rule = serializers.CharField(help_text="For a program.")
    detail = serializers.CharField(help_text="For a person.")


class ImportRowShown(serializers.Serializer[Any]):
    """One row of a file, and what would become of it (or, once applied, what became of it)."""

    line = serializers.IntegerField(help_text="In the file, counted from 1.")
    key = serializers.CharField(help_text="By what it is known again in the next file.")
    code = serializers.CharField(help_text="Of the recommendation.")
    outcome = serializers.ChoiceField(RowOutcome.choices)
    said = serializers.DictField(help_text="What the row says, in our nouns.")
    changes = serializers.SerializerMethodField(help_text="`claim` is a verdict that is proposed.")
    kept = serializers.SerializerMethodField(
        help_text="What the file says anew and a person has changed here: theirs stays."
    )
    problems = serializers.SerializerMethodField()

    @extend_schema_field(RowChange(many=True))
    def get_changes(self, row: ImportRow) -> list[dict[str, Any]]:
        return _sides(row.changes)

    @extend_schema_field(RowChange(many=True))
    def get_kept(self, row: ImportRow) -> list[dict[str, Any]]:
        return _sides(row.kept)

    @extend_schema_field(RowProblem(many=True))
    def get_problems(self, row: ImportRow) -> list[dict[str, str]]:
        return [
            {name: each[name] for name in ("column", "value", "rule")}
            | {"detail": rules.of_row(each["rule"])}
            for each in row.problems
        ]


def _sides(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"column": name, "before": old, "after": new} for name, (old, new) in fields.items()]


class ImportRowQuery(PageQuery):
    outcome = Choices(RowOutcome.choices)


class ImportRowList(Resource):
    verbs = {"GET": "internal.read"}
    queries = {"GET": ImportRowQuery}
    is_list = True

    @extend_schema(summary="Rows of an import, as they stand in the file", responses=page_of(ImportRowShown))
    def get(self, request: Request, pk: int) -> Response:
        rows = ImportRow.objects.filter(batch=self.find(imports.listed(), pk=pk))
        if "outcome" in self.asked:
            rows = rows.filter(outcome__in=self.asked["outcome"])
        page = paged(rows, (Key("line"),), self.asked, request)
        return Response(page.answer(ImportRowShown(page.rows, many=True, context=self.context()).data))
