"""What staff work with beside the million recommendations: events, checks and their looks, findings, snapshots, rows of
imports. A little of everything is rare: a paused check, a rejected proposal, evidence that nobody has read."""

from django.db import connection

from recommendations.models import StatusCheck
from tests.bench.feed import EVENTS
from tests.bench.rows import make

MADE = """
UPDATE recommendations_evidence SET verified = false WHERE id > %(number)s / 2 AND id %% 20 = 1;
INSERT INTO recommendations_statuscheck (kind, evidence_id, config, every, state, host, next_due_at, memory,
       last_outcome, failures, quiet_runs, created_at, version)
SELECT 'page', e.id, '{}', 86400, CASE e.id %% 500 WHEN 3 THEN 'failing' WHEN 4 THEN 'paused' ELSE 'active' END,
       'host' || e.id %% 5000 || '.example', now() + CASE WHEN e.id %% 500 = 1 THEN '-1 hour' ELSE '1 day' END::interval,
       '{}', CASE WHEN e.id %% 500 = 3 THEN 'failed' WHEN e.id %% 20 = 0 THEN 'changed' ELSE 'unchanged' END, 0, 0,
       now(), 1
  FROM recommendations_evidence e WHERE e.id <= %(number)s / 2;
INSERT INTO recommendations_checkrun (check_id, due_at, started_at, finished_at, outcome, http_status, final_url, size,
       elapsed_ms, attempt, detail)
SELECT c.id, at, at, at, CASE WHEN (c.id + n) %% 1000 = 0 THEN 'blocked' WHEN (c.id + n) %% 50 = 0 THEN 'failed'
       WHEN (c.id + n) %% 20 = 0 THEN 'changed' ELSE 'unchanged' END, 200, '', 40000, 200, 1, ''
  FROM generate_series(1, 2) n CROSS JOIN recommendations_statuscheck c
 CROSS JOIN LATERAL (SELECT now() - (3 - n) * interval '1 day' + c.id %% 86400 * interval '1 second' AS at) x
 ORDER BY n, c.id %% 86400;
INSERT INTO recommendations_finding (kind, rule, rule_version, score, evidence_id, title, detail, saw, suggested_status,
       fingerprint, sightings, first_seen_at, last_seen_at, state, decided_by_id, decided_at, decision_note, edits,
       check_id)
SELECT CASE WHEN c.id %% 1000 = 0 THEN 'evidence_gone' ELSE 'evidence_changed' END, 'text_changed', '1', 0.5, c.evidence_id,
       'The page of ' || e.title || ' says something else', '', '{}', '', md5(c.id::text), 1, now() - interval '3 days',
       now() - interval '2 days', CASE WHEN c.id %% 50 = 0 THEN 'open' WHEN c.id %% 3 = 0 THEN 'accepted' ELSE 'dismissed' END,
       CASE WHEN c.id %% 50 <> 0 THEN (SELECT min(id) FROM recommendations_user) END,
       CASE WHEN c.id %% 50 <> 0 THEN now() - c.id %% 86400 * interval '1 second' END, 'Looked at.', '{}', c.id
  FROM recommendations_statuscheck c JOIN recommendations_evidence e ON e.id = c.evidence_id WHERE c.id %% 2 = 0;
INSERT INTO recommendations_snapshot (document_id, taken_at, text_hash, raw_hash, text, final_url, content_type, size)
SELECT d.id, now(), md5(d.id::text), md5(d.id::text), '\\x789c030000000001'::bytea, '', 'text/html', 40000
  FROM recommendations_document d;
INSERT INTO recommendations_relation (recommendation_id, other_id, kind, note, recorded_at)
SELECT r.id, 1 + (r.id * 7919) %% %(number)s, CASE WHEN r.id %% 1000 = 0 THEN 'contradicts' ELSE 'same_aim' END, '', now()
  FROM recommendations_recommendation r WHERE r.id %% 10 = 0 AND r.id <> 1 + (r.id * 7919) %% %(number)s;
INSERT INTO recommendations_importedrow (origin, noun, code, digest, present)
SELECT 'gao', 'recommendation', r.code, md5(r.code), true FROM recommendations_recommendation r;
INSERT INTO recommendations_import (format, filename, sha256, size, mapping_version, as_of, state, rows_new, rows_changed,
       rows_unchanged, rows_refused, rows_vanished, passed_over, brings, outcome, examined_by_id, examined_at)
SELECT 'gao', 'gao.csv', md5('gao'), 1, '1', '2026-01-01', 'examined', 0, 0, 0, 0, 0, '{}', '{}', '',
       (SELECT min(id) FROM recommendations_user), now();
INSERT INTO recommendations_importrow (import_id, line, key, code, digest, said, outcome, changes, kept, problems)
SELECT (SELECT max(id) FROM recommendations_import), r.id, r.code, r.code, '', '{}',
       CASE WHEN r.id %% 1000 = 0 THEN 'refused' ELSE 'unchanged' END, '{}', '{}', '[]'
  FROM recommendations_recommendation r;
INSERT INTO recommendations_indicator (code, name, unit, direction, note, sources, updated_at, version)
SELECT 'I' || n, 'Deaths of kind ' || n, 'persons', 'down', '', '[]', now(), 1 FROM generate_series(1, 200) n;
INSERT INTO recommendations_observation (indicator_id, role, period, value, value_text, measure, quality, basis, verified,
       seen_at, note, recorded_at)
SELECT i.id, 'observation', n::text, n, '', '', '', '', true, '', '', now()
  FROM recommendations_indicator i CROSS JOIN generate_series(1, greatest(%(number)s / 10000, 1)) n
"""


def make_all(number: int) -> None:
    """Once, beside `million.generate(number)`."""
    if StatusCheck.objects.exists():
        return
    make(f"{EVENTS};\n{MADE}", number=number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
