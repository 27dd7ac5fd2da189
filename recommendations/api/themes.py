"""`themes/`: the shallow tree of subjects."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.fields import Address, ThemeName
from recommendations.api.pagination import Key, PageQuery, paged
from recommendations.api.resources import Resource
from recommendations.api.schema import page_of
from recommendations.queries import themes


class ThemeRow(serializers.Serializer[Any]):
    """A subject; one with a parent has no children of its own."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = Address("themes/{code}/")
    description = serializers.CharField()
    parent = ThemeName(allow_null=True)


class ThemeList(Resource):
    of_record = True
    queries = {"GET": PageQuery}
    is_list = True

    @extend_schema(summary="Themes, by name", responses=page_of(ThemeRow))
    def get(self, request: Request) -> Response:
        page = paged(themes.listed(self.reader), (Key("name"), Key("id")), self.asked, request)
        return Response(page.answer(ThemeRow(page.rows, many=True, context=self.context()).data))


class ThemeDetail(Resource):
    of_record = True

    @extend_schema(summary="One theme", responses=ThemeRow)
    def get(self, request: Request, code: str) -> Response:
        return Response(
            ThemeRow(self.find(themes.listed(self.reader), code=code), context=self.context()).data
        )
