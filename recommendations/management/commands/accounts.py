"""`manage.py accounts`: the three accounts of a demonstration, with their passwords and tokens in a file."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.actions import tokens, users
from recommendations.models import User
from recommendations.vocabulary import Role, Scope

ACCOUNTS = {"admin": Role.ADMINISTRATOR, "editor": Role.EDITOR, "reviewer": Role.REVIEWER}


class Command(BaseCommand):
    help = (
        "Make the accounts admin, editor and reviewer once, and write credentials.json (embedded mode only)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TRACKER_MODE != "embedded":
            raise CommandError("Demonstration accounts are for the embedded mode only: use createsuperuser.")
        path = Path(settings.TRACKER_VAR) / "credentials.json"
        held = json.loads(path.read_text()) if path.exists() else {}
        if all(name in held and User.objects.filter(username=name).exists() for name in ACCOUNTS):
            self.stdout.write(f"The accounts are there; their passwords are in {path}.")
            return
        made = {name: self._account(name, role) for name, role in ACCOUNTS.items()}
        _write_private(path, json.dumps(made, indent=2) + "\n")
        self.stdout.write(f"Accounts made; their passwords are in {path}.")

    def _account(self, name: str, role: str) -> dict[str, str]:
        now, password = timezone.now(), secrets.token_urlsafe(12)
        user = User.objects.filter(username=name).first()
        if user is None:
            user = users.create(username=name, role=role, password=password, by="accounts command", now=now)
        else:
            users.set_password(user, password, by=user, now=now)
        _token, key = tokens.issue(user, name="demonstration", scopes=Scope.values, by=user, now=now)
        return {"username": name, "password": password, "token": key}


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, and never a half-written one."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    half.replace(path)
