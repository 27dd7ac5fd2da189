"""Is it alive, is it ready, and what does it count."""

import hmac
import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tracker.celery import app
from tracker.metrics import registry


class Probes:
    """Answers the three addresses itself, ahead of all other middleware.

    A probe names the container's address as its host, and speaks plain HTTP: the checks that are right for
    everyone else's requests would refuse it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        return probe(request) if probe else self.get_response(request)


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing of anything else, so that a database's bad day restarts no web server."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Everything that a request or a check needs is there: 200, or 503 with what is not."""
    checks = {"database": _said(_database), "broker": _said(_broker), "migrations": _said(_migrations)}
    ready = all(said == "ok" for said in checks.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": checks}, status=200 if ready else 503
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for whoever holds the token; without a token set, for this machine only."""
    if not _may_measure(request):
        return HttpResponseForbidden("The metrics are not public.\n", content_type="text/plain")
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}


def _said(check: Callable[[], str]) -> str:
    """What a check says; its error's kind and no more, for the text of an error may name hosts and users."""
    try:
        return check()
    except Exception as failure:
        return type(failure).__name__


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    with app.connection_for_read(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(pending)} not applied" if pending else "ok"


def _may_measure(request: HttpRequest) -> bool:
    if settings.TRACKER_METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.TRACKER_METRICS_TOKEN.encode())
    # A proxy on this machine also comes from loopback, but says for whom.
    if "X-Forwarded-For" in request.headers:
        return False
    return ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback
