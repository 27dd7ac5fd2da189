"""The production shape: what no engine here can run is at least whole and agrees with the settings."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.embedded.paths import PROJECT

COMPOSE = (PROJECT / "docker-compose.yml").read_text()
FOR_COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
"""Not read by settings: docker-compose.yml makes DATABASE_URL of it."""
NOT_A_SETTING = {"TRACKER_PROCESS", "MAKELEVEL", "DJANGO_SETTINGS_MODULE"}
"""Set by ourselves for ourselves."""


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
    return found


def settings_read() -> set[str]:
    """Every variable that the project's code asks the environment for."""
    asked = re.compile(r"""\b(?:env\.\w+|environ\.get|given\.get)\(\s*"([A-Z_]+)\"""")
    found = {
        name for file in Path(PROJECT / "tracker").rglob("*.py") for name in asked.findall(file.read_text())
    }
    return found - NOT_A_SETTING


def settings_explained() -> list[str]:
    return re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)


def test_every_setting_is_explained_once_and_nothing_else_is() -> None:
    assert sorted(settings_explained()) == sorted(settings_read() | FOR_COMPOSE_ONLY)


def test_the_example_gives_no_secret() -> None:
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", (PROJECT / ".env.example").read_text(), re.MULTILINE))

    assert {name: given[name] for name in ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD")} == {
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": "",
        "POSTGRES_PASSWORD": "",
    }


def test_every_variable_of_the_compose_file_is_a_setting(services: dict[str, dict[str, Any]]) -> None:
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE))
    given = set(services["web"]["environment"])

    assert asked - FOR_COMPOSE_ONLY <= settings_read()
    assert given <= settings_read()


def test_the_secrets_have_no_default() -> None:
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD"):
        assert re.findall(rf"\$\{{{name}(\W)(.)", COMPOSE) == [(":", "?")] * COMPOSE.count(f"${{{name}:")


def test_the_services_are_as_drawn(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    assert all(service["read_only"] for service in services.values())
    assert [name for name, service in services.items() if "container_name" in service] == []
    assert [name for name, service in services.items() if "ports" in service] == ["web"]
    assert services["web"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    volumes = yaml.safe_load(COMPOSE)["volumes"]
    assert {
        mount.split(":")[0] for name in ("postgres", "redis") for mount in services[name]["volumes"]
    } == set(volumes)


def test_the_image_runs_what_the_compose_file_runs(services: dict[str, dict[str, Any]]) -> None:
    """CI takes its commands from the compose file (.ci/run), so that all three are the same."""
    dockerfile = (PROJECT / "Dockerfile").read_text()
    (default,) = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)

    assert yaml.safe_load(default) == services["web"]["command"]
    assert "USER tracker" in dockerfile
    ci = (PROJECT / ".ci" / "run").read_text()
    assert [name for name in ("migrate", "web", "worker", "beat") if f"command_of {name}" not in ci] == []


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_ci_reads_the_commands_from_the_compose_file(services: dict[str, dict[str, Any]], name: str) -> None:
    said = subprocess.run(
        [sys.executable, PROJECT / ".ci" / "command.py", name], capture_output=True, text=True, check=True
    ).stdout

    assert said.splitlines() == services[name]["command"]


def test_requirements_name_no_host_and_pin_every_hash() -> None:
    for file in PROJECT.glob("requirements*.txt"):
        text = file.read_text()
        assert "://" not in text
        assert "index-url" not in text
        pinned = re.split(r"\n(?=\S)", text)
        assert [one for one in pinned if "==" in one and "--hash=sha256:" not in one] == []
