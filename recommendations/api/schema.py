"""The OpenAPI document: what the code says, with the words that all operations share.

The parameters of an operation are the fields of its Query; what a view may answer besides its result is
told here once for all. `make schema` writes the document to openapi.yaml, and a test compares.
"""

from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from recommendations.api import examples
from recommendations.api.problems import CONTENT_TYPE, Problem

INTRODUCTION = Path(__file__).with_name("introduction.md").read_text()

DEEDS = {"GET": "read", "POST": "add", "PATCH": "change"}

TAGS = {
    "root": "What there is.",
    "sources": "The documents that make recommendations, and how each of them stands.",
    "recommendations": "What was asked and what it has come to, today or on any day of the past.",
    "assessments": "Verdicts, proposed by one person and decided by another.",
    "evidence": "What shows that something happened, what its address returned, and what changed there.",
    "institutions": "The bodies that are asked, that answer, or that publish.",
    "themes": "The shallow tree of subjects.",
    "indicators": "Measures of what recommendations were after, with their values.",
    "overview": "Counts by status, with coverage.",
    "compare": "What became different between two days.",
    "exports": "All that a list would show as one file, and everything public as records.",
    "changes": "Everything that changed, for whoever keeps a mirror or follows something.",
    "checks": "Standing instructions to look somewhere, and every look. For staff.",
    "findings": "What checks brought back for a person to judge. For staff.",
    "webhooks": "Addresses that are told of what becomes public, and every message to them.",
    "imports": "Files that are brought in: first told row by row, then as a whole. For staff.",
    "tokens": "One's own keys to this API.",
    "me": "Who you are to this API.",
}

PROBLEMS = {
    "400": "A parameter or a field is unknown or wrong; `errors` names it.",
    "401": "A token or a session is needed, or the token is unknown, expired or revoked.",
    "403": "The role, or the token's scopes, do not include this.",
    "404": "There is nothing at this address, or nothing that you may see.",
    "406": "Only `application/json` is served.",
    "409": "The action would break a rule; `rule` names it. Nothing was changed.",
    "410": "This cursor leads nowhere any more: begin again.",
    "412": "Somebody has changed it since you read it.",
    "413": "This is more than one request may send.",
    "415": "Send `application/json`.",
    "422": "This `Idempotency-Key` was sent with another request before.",
    "428": "Send `If-Match` with the ETag of what you read.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
}


class Operation(AutoSchema):
    """Reads the parameters from the view's queries and names operations by noun and deed."""

    view: Any  # a Resource; its module imports this one

    def get_override_parameters(self) -> list[Any]:
        query = self.view.query_of(self.method)
        return [query] if query().fields else []

    def get_description(self) -> str:  # type: ignore[override] # as drf-spectacular has it
        """What the method's docstring says; a view's own speaks to us, not to those who ask."""
        return cleandoc(getattr(self.view, self.method.lower()).__doc__ or "")

    def get_operation_id(self) -> str:
        words = [part for part in self.path.split("/")[3:] if part]
        nouns = [word.replace("-", "_").replace(".", "_") for word in words if not word.startswith("{")]
        if self.method == "POST" and nouns and nouns[-1] in getattr(self.view, "deeds", ()):
            return "_".join(nouns)
        deed = (
            getattr(self.view, "deed_of_delete", "revoke") if self.method == "DELETE" else DEEDS[self.method]
        )
        if self.method == "GET" and words and not words[-1].startswith("{"):
            deed = "list" if getattr(self.view, "is_list", False) else "read"
        return "_".join([*(nouns or ["root"]), deed])

    def get_auth(self) -> list[Any]:
        """Whether nobody may ask, too ({}), is said by the view and not by permission classes."""
        asked = [each for each in super().get_auth() if each]
        return asked if self.view.needs_person(self.method) else [*asked, {}]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self._problems():
            told = self._get_response_for_code(Problem, status, [CONTENT_TYPE])
            bodies.setdefault(status, told | {"description": PROBLEMS[status]})
        return bodies

    def _problems(self) -> list[str]:
        found = ["400", "401", "406", "429"]
        if "{" in self.path:
            found.append("404")
        if self.view.needs_person(self.method):
            found.append("403")
        if self.method in ("POST", "PATCH"):
            found += ["409", "413", "415"]
        if self.method == "POST":
            found += ["422"]
        if self.method == "PATCH":
            found += ["412", "428"]
        return [*found, *getattr(self.view, "problems", ())]

    def get_tags(self) -> list[str]:
        words = [part for part in self.path.split("/")[3:] if part]
        return [words[0] if words else "root"]


class Scheme(OpenApiAuthenticationExtension):
    target_class = "recommendations.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key from `tokens/`: `Authorization: Bearer KEY` (or `Token KEY`).",
        }


@cache
def page_of(row: type[serializers.Serializer[Any]], **more: serializers.Field[Any, Any, Any, Any]) -> Any:
    """The envelope in which every list answers."""
    return inline_serializer(
        name=f"{row.__name__}Page",
        fields={
            "next": serializers.URLField(allow_null=True, help_text="The next page; null at the end."),
            "previous": serializers.URLField(
                allow_null=True, help_text="The page before; null at the beginning."
            ),
            "count": serializers.IntegerField(
                required=False, help_text="All that match; with include=count."
            ),
            "results": row(many=True),
            **more,
        },
    )


def complete(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Adds the introduction, and to every operation what its method brings with it."""
    result["info"]["description"] = INTRODUCTION
    result["tags"] = [{"name": name, "description": told} for name, told in TAGS.items()]
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if any(each["name"] == "fields" for each in operation.get("parameters", ())):
                _allow_less(operation, result["components"]["schemas"])
            if method == "get":
                operation["responses"]["304"] = {
                    "description": "Not changed since the ETag in If-None-Match."
                }
            if method == "patch":
                operation.setdefault("parameters", []).append(IF_MATCH)
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            operation["responses"]["414"] = TOO_LONG
            examples.add(operation)
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _allow_less(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """With `fields` a row holds what was asked for and nothing else."""
    chosen = {"type": "object", "description": "With `fields`: only what was asked for."}
    answer = operation["responses"]["200"]["content"]["application/json"]
    component = components[answer["schema"]["$ref"].rpartition("/")[2]]
    if results := component["properties"].get("results"):
        results["items"] = {"anyOf": [results["items"], chosen]}
    else:
        answer["schema"] = {"anyOf": [answer["schema"], chosen]}


TOO_LONG = {"description": "The address is longer than 8,190 characters; the server itself says so."}

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of what you read.",
}

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 257,
        "pattern": r'^("[!#-~]{1,255}"|[!#-~]{1,255})$',
    },
    "description": (
        "A random word of your own. Sent again within 24 hours, the same request has no second effect and gets the "
        "first answer, with `Idempotency-Replayed: true`."
    ),
}
