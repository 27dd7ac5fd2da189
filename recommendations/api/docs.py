"""`schema/` and `docs/`: the OpenAPI document, and the reference page made from it."""

from functools import cache
from typing import Any

from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.parameters import Query
from recommendations.api.resources import Compact, Resource


@cache
def document() -> dict[str, Any]:
    """The whole document, made once a process: the code does not change while it runs."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def as_yaml() -> bytes:
    return bytes(OpenApiYamlRenderer().render(document()))


class Yaml(OpenApiYamlRenderer):
    """Writes the one document once: writing YAML is slow."""

    def render(self, *_given: Any, **_more: Any) -> bytes:
        return as_yaml()


class Schema(Resource):
    """The OpenAPI 3.1 document, as YAML or (`Accept: application/json`) as JSON."""

    schema = None
    renderer_classes = [Yaml, OpenApiJsonRenderer, Compact]

    def get(self, request: Request) -> Response:
        return Response(document())


class DocsQuery(Query):
    script = serializers.CharField(
        required=False, allow_blank=True, help_text="Asks for the page's own script."
    )


class Docs(Resource, SpectacularSwaggerSplitView):
    """The reference page. All it loads comes from this server."""

    schema = None
    renderer_classes: list[Any] = [TemplateHTMLRenderer]
    queries = {"GET": DocsQuery}
    title = "Policy Recommendation Tracker: API"

    def _get_schema_url(self, request: Request) -> str:
        return reverse("api:schema")
