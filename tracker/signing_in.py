"""What is said to whoever fails to sign in too often, and by which address they are known."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def client_address(request: HttpRequest) -> str:
    """The address that the connection comes from; behind our proxy the last one that it has written down.

    Of IPv6 the beginning of the network of 64 bits that one subscriber has to themselves: who guesses would else
    have an address for every guess. "" where there is none, as with a socket in the file system.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or told
    try:
        address = ip_address(told)
    except ValueError:
        return ""  # the database keeps nothing else as an address
    if not isinstance(address, IPv6Address):
        return str(address)
    network = ip_network((int(address) >> 64 << 64, 64))
    return str(address.ipv4_mapped or network.network_address)


def locked(request: HttpRequest, _response: Any = None, _credentials: Any = None) -> HttpResponse:
    """429 with the time to wait; it does not say whether the name exists."""
    wait = settings.AXES_COOLOFF_TIME
    context = {**admin.site.each_context(request), "minutes": round(wait.total_seconds() / 60)}
    answer = TemplateResponse(request, "admin/tracker/locked.html", context, status=429)
    answer["Retry-After"] = str(round(wait.total_seconds()))
    return answer.render()
