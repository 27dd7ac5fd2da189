"""A page of 500 of the change feed, at its beginning, its middle and its end, against raw SQL that makes the same JSON."""

import json
import os
from typing import Any

from django.db import connection
from django.test import Client, override_settings

from recommendations.queries import changes, records
from tests.bench import million
from tests.bench.results import milliseconds, tell

NUMBER = int(os.environ.get("BENCH_FEED", 1_000_000))

EVENTS = """
ALTER TABLE recommendations_event DISABLE TRIGGER event_counted;
INSERT INTO recommendations_event (at, actor, verb, object_type, object_id, recommendation_code, before, after, note,
       public, transaction)
SELECT r.updated_at, 'bench', v.verb, 'recommendation', r.code, r.code,
       '{"status": "not_assessed", "status_since": null}', jsonb_build_object('status', r.status, 'title', r.title),
       '', r.public, 1 + (row_number() OVER ()) / 40
  FROM recommendations_recommendation r, (VALUES ('recommendation.created'), ('recommendation.status_changed')) v(verb);
ALTER TABLE recommendations_event ENABLE TRIGGER event_counted;
VACUUM (ANALYZE) recommendations_event
"""

LIMIT = """
WITH page AS MATERIALIZED (
  SELECT e.transaction, e.id, e.at, e.verb, e.object_type, e.object_id, e.recommendation_code, e.before, e.after
    FROM recommendations_event e
   WHERE e.public AND (e.transaction, e.id) > (%s, %s) AND e.transaction < recommendations_feed_horizon()
   ORDER BY e.transaction, e.id LIMIT 500)
SELECT json_build_object(
       'results', (SELECT json_agg(page ORDER BY page.transaction, page.id) FROM page),
       'records', (SELECT json_agg(told.record::json) FROM ({records}
                      AND x.code = ANY(ARRAY(SELECT recommendation_code FROM page))) told))::text
"""


def run() -> None:
    million.generate(NUMBER)
    with connection.cursor() as cursor:
        for statement in filter(str.strip, EVENTS.split(";\n")):
            cursor.execute(statement)
        cursor.execute("SELECT max(transaction) FROM recommendations_event")
        last = cursor.fetchone()[0]
    places = {"first": 0, "middle": last // 2, "last": last - 40}
    figures: dict[str, float] = {}
    with override_settings(API_REQUESTS_PER_MINUTE=dict.fromkeys(("token", "person", "address"), 10**9)):
        for name, transaction in places.items():
            ours = milliseconds(lambda at=transaction: _page(at))
            limit = milliseconds(lambda at=transaction: _raw(at))
            figures |= {f"{name}_milliseconds": ours, f"{name}_ratio_to_raw": ours / limit}
    ratios = [figures[f"{name}_ratio_to_raw"] for name in places]
    first, last_one = figures["first_milliseconds"], figures["last_milliseconds"]
    tell(
        "changes",
        f"500 of {NUMBER * 2:,} changes: {first:.0f} ms; {', '.join(f'{each:.2f}' for each in ratios)} times raw SQL at the"
        f" first, middle and last cursor (goal 1.5); the last costs {last_one / first:.2f} of the first",
        rows=NUMBER,
        **figures,
    )


_client = Client(SERVER_NAME="localhost")  # a host that is served


def _page(transaction: int) -> Any:
    after = changes.Cursor(transaction, 0).text(changes.key())
    answer = _client.get(f"/api/v1/changes/?limit=500&after={after}")
    assert answer.status_code == 200, answer.content
    assert b'"results":[{' in answer.content
    return json.loads(answer.content)


def _raw(transaction: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(LIMIT.replace("{records}", records.statement("recommendation")), [transaction, 0])
        return json.loads(cursor.fetchone()[0])
