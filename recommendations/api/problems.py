"""Every error as `application/problem+json` (RFC 9457): what went wrong, in words and in codes.

`errors` blames one field each; a refused action names the broken rule there and in `rule`.
"""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from recommendations.actions.refusals import NotAllowed, Refused

log = logging.getLogger("django.request")

CONTENT_TYPE = "application/problem+json"


class Refusal(exceptions.APIException):
    """An invariant refused the action: 409, and which rule it was."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "refused"

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.message)
        self.rule, self.field = refused.rule, refused.field


class MustMatch(exceptions.APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition_required"
    default_detail = gettext_lazy(
        "Send If-Match with the ETag of what you read, so that nobody's change is lost."
    )


class Stale(exceptions.APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"
    default_detail = gettext_lazy("Somebody has changed it since you read it: read it again.")


class Gone(exceptions.APIException):
    status_code = status.HTTP_410_GONE
    default_code = "gone"


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = gettext_lazy("This is more than one request may send.")


class Unexpected(exceptions.APIException):
    default_code = "error"
    default_detail = gettext_lazy("Something went wrong here. It has been noted.")


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """The problem that answers `error`, whatever it is. What we did not foresee is logged and told as a 500."""
    known = _known(error)
    if known is None:
        request = context["request"]
        log.error("%s %s", request.method, request.path, exc_info=error)
        got_request_exception.send(
            sender=type(context.get("view")), request=request
        )  # the test client raises it
        known = Unexpected()
    set_rollback()
    # Also where the page asked for is YAML or HTML.
    context["request"].accepted_renderer, context["request"].accepted_media_type = (
        JSONRenderer(),
        "application/json",
    )
    answer = Response(told(known), status=known.status_code, content_type=CONTENT_TYPE)
    if header := getattr(known, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if (wait := getattr(known, "wait", None)) is not None:
        answer["Retry-After"] = str(int(wait) + 1)
    return answer


def told(error: exceptions.APIException) -> dict[str, Any]:
    """The body of a problem."""
    code = _code(error)
    problem: dict[str, Any] = {
        "type": f"/api/v1/docs/#{code}",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": _detail(error),
        "errors": list(_errors(error)),
    }
    if isinstance(error, Refusal):
        problem["rule"] = error.rule
    return problem


def _known(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, NotAllowed):
        return exceptions.PermissionDenied(error.message)
    if isinstance(error, Refused):
        return Refusal(error)
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, BadRequest | SuspiciousOperation):  # such as a form of more fields than Django takes
        return exceptions.ParseError()
    if isinstance(error, Http404):
        return exceptions.NotFound(_("There is nothing at this address, or nothing that you may see."))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    return None


def _code(error: exceptions.APIException) -> str:
    """One word for the kind of problem. A validation error has as many codes as fields, and is `invalid`."""
    codes = error.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _detail(error: exceptions.APIException) -> str:
    if not isinstance(error, exceptions.ValidationError):
        return str(error.detail)
    blamed = list(_errors(error))
    if len(blamed) == 1:
        return f"{blamed[0]['field']}: {blamed[0]['detail']}" if blamed[0]["field"] else blamed[0]["detail"]
    return _("%(number)d things are wrong; “errors” names each.") % {"number": len(blamed)}


def _errors(error: exceptions.APIException) -> Iterator[dict[str, str]]:
    if isinstance(error, Refusal):
        yield {"field": error.field, "code": error.rule, "detail": str(error.detail)}
    elif isinstance(error, exceptions.ValidationError):
        yield from _blamed(error.detail, "")


def _blamed(detail: Any, field: str) -> Iterator[dict[str, str]]:
    """Nested details as a flat list; a field inside a list is `evidence.0.id`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _blamed(inner, ".".join(part for part in (field, own) if part))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _blamed(inner, field)
    else:
        yield {"field": field, "code": detail.code, "detail": str(detail)}


class Blame(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField(
        help_text="The parameter or field, `evidence.0.id` inside a list; may be empty."
    )
    code = serializers.CharField(help_text="What is wrong, for a program; of a refusal, the rule.")
    detail = serializers.CharField(help_text="What is wrong, for a person.")


class Problem(serializers.Serializer[Any]):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField(help_text="The kind of problem; leads to its explanation.")
    title = serializers.CharField(help_text="The HTTP status in words.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What went wrong, for a person.")
    errors = Blame(many=True, help_text="Each field to blame; may be empty.")  # type: ignore[assignment] # no attribute: a field
    rule = serializers.CharField(
        required=False, help_text="Of a refused action: the rule that it would break."
    )
