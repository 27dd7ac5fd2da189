"""A page of the list through the API against the same page as raw SQL, shallow and deep."""

import json

from django.db import connection
from django.test import Client

from tests.bench.results import milliseconds, tell
from tests.bench.rows import RECOMMENDATIONS, make

NUMBER = 100_000

RAW = """
SELECT json_agg(page) FROM (
  SELECT r.code, r.title, r.summary, r.status, r.status_since, r.updated_at, r.version,
         json_build_object('code', s.code, 'title', s.title) AS source,
         (SELECT json_agg(json_build_object('code', t.code, 'name', t.name))
            FROM recommendations_recommendation_themes rt JOIN recommendations_theme t ON t.id = rt.theme_id
           WHERE rt.recommendation_id = r.id) AS themes,
         (SELECT json_agg(json_build_object('code', i.code, 'name', i.name))
            FROM recommendations_addressee a JOIN recommendations_institution i ON i.id = a.institution_id
           WHERE a.recommendation_id = r.id) AS addressees,
         (SELECT count(*) FROM recommendations_recommendation p WHERE p.parent_id = r.id) AS parts_count,
         (SELECT count(*) FROM recommendations_evidencelink l WHERE l.recommendation_id = r.id) AS evidence_count
    FROM recommendations_recommendation r JOIN recommendations_source s ON s.id = r.source_id
   WHERE r.parent_id IS NULL AND r.visibility = 'public' AND s.visibility = 'public'
   ORDER BY r.code LIMIT 100) page
"""


def run() -> None:
    make(RECOMMENDATIONS, number=NUMBER)
    client = Client(SERVER_NAME="localhost")  # a host that is served
    first = client.get("/api/v1/recommendations/?limit=100").json()
    deep = first["next"]
    for _page in range(30):
        deep = client.get(deep).json()["next"]

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute(RAW)
            cursor.fetchone()

    shallow_ms = milliseconds(lambda: json.loads(client.get("/api/v1/recommendations/?limit=100").content))
    deep_ms = milliseconds(lambda: json.loads(client.get(deep).content))
    raw_ms = milliseconds(raw)
    tell(
        "list",
        f"100 of {NUMBER:,}: {shallow_ms:.0f} ms, {shallow_ms / raw_ms:.1f} times raw SQL;"
        f" page 31 costs {deep_ms / shallow_ms:.2f} of page 1",
        rows=NUMBER,
        milliseconds=shallow_ms,
        raw_milliseconds=raw_ms,
        ratio_to_raw=shallow_ms / raw_ms,
        ratio_deep_to_first=deep_ms / shallow_ms,
    )
