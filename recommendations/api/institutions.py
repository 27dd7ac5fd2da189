"""`institutions/`: the bodies that are asked, that answer, or that publish."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.fields import Address, InstitutionName
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.queries import institutions
from recommendations.vocabulary import InstitutionKind


class InstitutionRow(serializers.Serializer[Any]):
    """A body; one row, whatever it is called."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = Address("institutions/{code}/")
    kind = serializers.ChoiceField(InstitutionKind.choices)
    country = serializers.CharField(help_text="ISO 3166-1, two letters; may be empty.")
    parent = InstitutionName(allow_null=True)
    aliases = serializers.ListField(child=serializers.CharField())
    merged_into = InstitutionName(allow_null=True, help_text="The body that this one was found to be.")


class InstitutionQuery(PageQuery):
    kind = serializers.ChoiceField(InstitutionKind.choices, required=False)
    country = serializers.RegexField(r"[A-Z]{2}", required=False, max_length=2)


class InstitutionList(Resource):
    of_record = True
    queries = {"GET": InstitutionQuery}
    is_list = True

    @extend_schema(summary="Institutions, by name", responses=page_of(InstitutionRow))
    def get(self, request: Request) -> Response:
        asked = {name: self.asked[name] for name in ("kind", "country") if name in self.asked}
        page = paged(
            institutions.listed(self.reader).filter(**asked), (Key("name"), Key("id")), self.asked, request
        )
        return Response(page.answer(InstitutionRow(page.rows, many=True, context=self.context()).data))


class InstitutionDetail(Resource):
    of_record = True

    @extend_schema(summary="One institution", responses=InstitutionRow)
    def get(self, request: Request, code: str) -> Response:
        row = self.find(institutions.listed(self.reader), code=code)
        return Response(InstitutionRow(row, context=self.context()).data)
