"""`/api/v1/` and `exports/`: what there is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.resources import Resource

RESOURCES = (
    "sources",
    "recommendations",
    "assessments",
    "evidence",
    "institutions",
    "themes",
    "indicators",
    "checks",
    "findings",
    "imports",
    "overview",
    "compare",
    "changes",
    "exports",
    "webhooks",
    "tokens",
    "me",
    "schema",
    "docs",
)


FILES = (
    "recommendations.csv",
    "recommendations.ndjson",
    "recommendations.xlsx",
    "datapackage.zip",
    "tracker.ndjson",
)


class RootAnswer(serializers.Serializer[Any]):
    """The address of each resource."""

    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.URLField() for name in RESOURCES}


class Root(Resource):
    @extend_schema(summary="What there is", responses=RootAnswer)
    def get(self, request: Request) -> Response:
        root = self.context()["root"]
        return Response({name: f"{root}{name}/" for name in RESOURCES})


class ExportsAnswer(serializers.Serializer[Any]):
    """The address of each file."""

    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.URLField() for name in FILES}


class Exports(Resource):
    @extend_schema(summary="What files there are", responses=ExportsAnswer)
    def get(self, request: Request) -> Response:
        """All but `tracker.ndjson` are asked for as the list of recommendations is."""
        root = self.context()["root"]
        return Response({name: f"{root}exports/{name}" for name in FILES})
