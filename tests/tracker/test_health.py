import pytest
from django.test import Client
from pytest_django import Settings

from tracker.celery import app


def test_alive_needs_nothing_else(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_names_what_it_asked(client: Client, db: None) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "checks": {"database": "ok", "broker": "ok", "migrations": "ok"}},
    )


def test_not_ready_when_the_broker_is_gone(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_read_url", "redis://127.0.0.1:1/0")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["checks"] == {"database": "ok", "broker": "OperationalError", "migrations": "ok"}


@pytest.mark.parametrize(
    ("token", "asked_with", "status"),
    [
        ("", {}, 200),
        ("", {"X-Forwarded-For": "192.0.2.1"}, 403),
        ("a-token", {}, 403),
        ("a-token", {"Authorization": "Bearer another"}, 403),
        ("a-token", {"Authorization": "Bearer a-token"}, 200),
    ],
)
def test_metrics_are_not_public(
    client: Client, db: None, settings: Settings, token: str, asked_with: dict[str, str], status: int
) -> None:
    settings.TRACKER_METRICS_TOKEN = token

    assert client.get("/metrics", headers=asked_with).status_code == status


def test_metrics_are_not_for_other_machines(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 403
