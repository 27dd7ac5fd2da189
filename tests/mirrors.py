"""A consumer of the change feed, and what it should have: for the tests of the feed and of the exports."""

import json
from typing import Any

from django.db import connection, transaction
from django.test import Client

from recommendations.models import Theme
from recommendations.queries import records


class Mirror:
    """Knows nothing but the feed: applies the records of each page and remembers the cursor."""

    def __init__(self, cursor: str = "", limit: int = 500) -> None:
        self.client = Client()
        self.cursor, self.limit = cursor, limit
        self.records: dict[tuple[str, str], Any] = {}
        self.changes: list[dict[str, Any]] = []

    def poll(self) -> dict[str, Any]:
        """One page: its changes are kept, its records take the place of what was held."""
        after = f"&after={self.cursor}" if self.cursor else ""
        answer = self.client.get(f"/api/v1/changes/?limit={self.limit}{after}")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        for row in page["records"]:
            if row["deleted"]:
                self.records.pop((row["noun"], row["code"]), None)
            else:
                self.records[row["noun"], row["code"]] = row["record"]
        self.changes += page["results"]
        self.cursor = page["cursor"]
        return page

    def catch_up(self) -> "Mirror":
        while self.poll()["next"]:
            pass
        return self

    def verbs(self) -> list[str]:
        """What was done since the last time this was asked."""
        told, self.changes = [change["verb"] for change in self.changes], []
        return told


def public_records() -> dict[tuple[str, str], Any]:
    """What anyone may see, read from the rows themselves."""
    found = {}
    with connection.cursor() as cursor:
        for noun in records.NOUNS:
            cursor.execute(records.every(noun))
            for (text,) in cursor.fetchall():
                record = json.loads(text)
                found[noun, record["code"]] = record
    return found


def end_a_later_transaction() -> None:
    """For a test inside one transaction, which the feed holds back: it ends below what has ended last.

    One within it that is given up counts as ended.
    """
    mark = transaction.savepoint()
    Theme.objects.create(code="given-up", name="Given up")
    transaction.savepoint_rollback(mark)
