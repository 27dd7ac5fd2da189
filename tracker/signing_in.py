"""What is said to whoever fails to sign in too often, and by which address they are known."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def client_address(request: HttpRequest) -> str:
    """The address that the connection comes from; behind our proxy the last one that it has written down."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER is not None and forwarded:
        return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def locked(request: HttpRequest, _response: Any = None, _credentials: Any = None) -> HttpResponse:
    """429 with the time to wait; it does not say whether the name exists."""
    wait = settings.AXES_COOLOFF_TIME
    context = {**admin.site.each_context(request), "minutes": round(wait.total_seconds() / 60)}
    answer = TemplateResponse(request, "admin/tracker/locked.html", context, status=429)
    answer["Retry-After"] = str(round(wait.total_seconds()))
    return answer.render()
