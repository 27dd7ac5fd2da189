"""The operator's page may not lie: what it names exists, and a backup made and restored as it says is whole."""

import os
import re
import shlex
import subprocess
from io import StringIO
from pathlib import Path

import psycopg
import pytest
import yaml
from celery.bin.celery import celery
from django.core.management import call_command, get_commands, load_command_class
from django.db import connection
from prometheus_client import generate_latest

from tests import factories
from tracker.embedded import binaries
from tracker.embedded.paths import PROJECT
from tracker.metrics import registry

PAGE = (PROJECT / "docs" / "operating.md").read_text()
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
PATHS = sorted(path for path in (PROJECT / "recommendations" / "templates" / "admin").rglob("*.html"))


def test_every_command_and_option_exists() -> None:
    named = re.findall(r"manage\.py (\w+)((?: --[\w-]+(?: \w+)?)*)", PAGE)
    assert {name for name, _options in named} >= {"refresh", "doctor", "retain"}
    for name, options in named:
        command = load_command_class(get_commands()[name], name)
        known = command.create_parser("manage.py", name)._option_string_actions
        assert [option for option in re.findall(r"--[\w-]+", options) if option not in known] == []


@pytest.mark.django_db
def test_every_metric_and_label_exists() -> None:
    said = generate_latest(registry).decode()
    named = re.findall(r"\b(tracker_[a-z_]+)(\{[^}]*\})?", PAGE)
    assert len(named) >= 8
    assert [name + label for name, label in named if f"\n{name}{label}" not in said] == []


def test_every_setting_is_explained() -> None:
    explained = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b", PAGE))
    assert "TRACKER_LIVE_CHECKS" in named
    assert named - explained == set()


def test_every_service_and_the_commands_in_them_exist() -> None:
    named = re.findall(
        r"docker compose (?:exec(?: -T)?|logs(?: --since \w+)?|up --detach|stop) ((?:[a-z]+ ?)+)", PAGE
    )
    services = {word for words in named for word in words.split()[:1]} | {"web", "worker", "beat"}
    assert {"postgres", "redis", "worker", "web"} <= services <= set(COMPOSE["services"])
    scaled = re.findall(r"--scale (\w+)=", PAGE)
    assert set(scaled) == {"worker"}
    for name in re.findall(r"celery --app tracker (\w+)", PAGE):
        assert name in celery.commands


def test_a_worker_elsewhere_is_started_as_one_here() -> None:
    (told,) = re.findall(r"policy-recommendation-tracker (celery .*)", PAGE)
    assert shlex.split(told) == COMPOSE["services"]["worker"]["command"]
    assert COMPOSE["services"]["worker"]["image"] == "policy-recommendation-tracker"


def test_every_event_make_target_and_link_exists() -> None:
    logs = (PROJECT / "docs" / "logs.md").read_text()
    assert [name for name in re.findall(r'"event": "(\w+)"', PAGE) if f"| `{name}` |" not in logs] == []
    targets = re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert [name for name in re.findall(r"`make (\w+)`", PAGE) if name not in targets] == []
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert [link for link in links if not (PROJECT / "docs" / link).exists()] == []


def test_what_the_admin_sends_people_to_is_there() -> None:
    sent = [
        name
        for path in PATHS
        for name in re.findall(r"docs/operating\.md, under “([^”]+)”", path.read_text())
    ]
    assert sent
    assert [name for name in sent if f"\n## {name}\n" not in PAGE] == []


@pytest.mark.django_db(transaction=True)
def test_a_backup_restored_as_it_says_is_whole(tmp_path: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the programs of another PostgreSQL need not fit a server from outside")
    published = factories.published(factories.recommendation(code="BACK-1"), status="implemented")
    factories.check(evidence=published.citations.get().evidence)
    (options,) = re.findall(r"pg_restore --username=tracker --dbname=tracker ((?:--[\w-]+ ?)+)", PAGE)
    where = {"host": connection.settings_dict["HOST"], "user": connection.settings_dict["USER"]}
    name, restored, dump = (
        connection.settings_dict["NAME"],
        f"restored_{os.getpid()}",
        tmp_path / "tracker.dump",
    )

    def program(program: str, *arguments: str) -> None:
        told = [
            binaries.postgres(None).program(program),
            f"--host={where['host']}",
            f"--username={where['user']}",
        ]
        subprocess.run([*told, *arguments], check=True)

    program("pg_dump", "--format=custom", f"--file={dump}", name)
    program("createdb", restored)
    try:
        program("pg_restore", f"--dbname={restored}", *options.split(), str(dump))
        with psycopg.connect(dbname=restored, **where) as copy:
            assert copy.execute("SELECT code, status FROM recommendations_recommendation").fetchall() == [
                ("BACK-1", "implemented")
            ]
            with pytest.raises(psycopg.errors.CheckViolation), copy.transaction():
                copy.execute("UPDATE recommendations_assessment SET rationale = 'Forged.'")
        connection.close()
        connection.settings_dict["NAME"] = restored
        out = StringIO()
        call_command("doctor", stdout=out)
        assert "no difference" in out.getvalue()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        program("dropdb", "--force", restored)
