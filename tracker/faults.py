"""What is answered where no view of ours answers: a page to people, a problem (RFC 9457) to programs."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views import defaults

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(400, "Bad Request", "bad_request", "The request could not be understood.")
    if type(exception) is BadRequest:  # in our own words; others may tell more than is good
        return render(request, "400.html", {"reason": str(exception)}, status=400)
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(403, "Forbidden", "permission_denied", "You may not do this.")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(404, "Not Found", "not_found", "There is nothing at this address.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponseBase:
    if request.path.startswith(API):
        return problem(500, "Internal Server Error", "error", "Something went wrong here. It has been noted.")
    return defaults.server_error(request)


def problem(status: int, title: str, code: str, detail: str) -> HttpResponse:
    """The same body as the API's own problems, from nothing but what is given: it must not fail in turn."""
    body: dict[str, Any] = {
        "type": f"/api/v1/docs/#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [],
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
