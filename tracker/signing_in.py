"""How failed sign-ins are counted and forgotten, what is said to whoever fails too often, and by which address they are
known."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


class Failures(AxesDatabaseHandler):
    """Counted by address and by account, each by itself.

    axes has one limit for whatever is counted, and a success makes it forget all failures of the address: whoever has
    one account could guess at those of others for ever, signing in now and then. Here a success forgets what its own
    account failed at from its own address, and nothing of anybody else's.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Of the address and of the account, what is nearer its limit: in failures of the address."""
        of_address, of_account = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        share = settings.AXES_FAILURE_LIMIT / settings.TRACKER_FAILURES_PER_ACCOUNT
        return max(of_address, int(of_account * share))

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        name = get_client_username(request, credentials)
        of_address, _of_account = self.filter_user_attempts(request, credentials)
        forgotten: int = of_address.filter(username=name).delete()[0]
        return forgotten


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
