"""A tracker with very many rows, made by PostgreSQL itself with realistic skew; the same rows on every run.

`generate(1_000_000)` makes a million recommendations (a fifth of them parts) of 50,000 sources, three million
assessments with their citations, two million evidence links, responses, deadlines and closures. Few sources,
themes and addressees hold much, many hold little; one theme is rare and one is empty; a word in search is very
common, one middling, one rare; a little of everything is internal, retracted, superseded or only proposed.

The database's owner sets triggers, keys and indexes aside while rows are written, and puts them back: adding the
keys again proves every reference, and `differences()`, as `manage.py doctor` does, every copied column.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from recommendations.models import Recommendation
from recommendations.queries import tallies
from recommendations.queries.headlines import differences
from tests.bench.rows import make

COMMON, MIDDLING, RARE = "enforcement", "laboratory", "hydroelectric"
"""Words that stand in three of ten recommendations, in one of a hundred, and in one of twenty thousand."""

TABLES = (
    "institution theme source recommendation addressee recommendation_themes document evidence evidencelink"
    " assessment citation response deadline closure"
).split()

STAGED = """
SELECT setseed(0.5);
CREATE TEMP TABLE s AS
SELECT n AS id, 'S' || lpad(n::text, 6, '0') AS code, date '1990-01-01' + (random() * 12000)::int AS published_on,
       CASE WHEN n %% 200 = 199 THEN 'internal' ELSE 'public' END AS visibility
  FROM generate_series(1, greatest(%(number)s / 20, 1)) n;
CREATE TEMP TABLE r0 AS
SELECT n AS id, 1 + floor(greatest(%(number)s / 20, 1) * power((n - 1)::float / %(number)s, 1.7))::int AS source_id,
       random() AS assessed, random() AS luck, random() AS word
  FROM generate_series(1, %(number)s) n;
CREATE TEMP TABLE r AS
SELECT r0.*, s.published_on, s.code || '-' || lpad(r0.id::text, 7, '0') AS code,
       CASE WHEN r0.id %% 10 IN (8, 9) THEN p.id END AS parent_id,
       CASE WHEN r0.id %% 250 = 249 THEN 'internal' ELSE 'public' END AS visibility,
       CASE WHEN r0.assessed < 0.25 THEN 0 ELSE 1 + r0.id %% 7 END AS verdicts
  FROM r0 JOIN s ON s.id = r0.source_id
  LEFT JOIN r0 p ON p.id = r0.id - r0.id %% 10 + 1 AND p.source_id = r0.source_id;
CREATE TEMP TABLE a0 AS
SELECT row_number() OVER (ORDER BY r.id, i) AS id, r.id AS recommendation_id, i, r.verdicts,
       (ARRAY['no_action','no_action','no_action','in_progress','in_progress','in_progress','in_progress',
              'partially_implemented','partially_implemented','partially_implemented','substantially_implemented',
              'implemented','implemented','implemented','met_by_other_means','stalled','reversed','not_implemented',
              'not_implemented','unable_to_assess'])[1 + floor(random() * 20)::int] AS status,
       least(r.published_on + (i * i * 60 * random())::int + i * 100, date '2026-06-01') AS effective_on,
       CASE WHEN random() < 0.9 OR i = 1 THEN 'office' WHEN random() < 0.6 THEN 'addressee' ELSE 'oversight' END AS verdict_by,
       random() AS fate
  FROM r CROSS JOIN LATERAL generate_series(1, r.verdicts) i;
CREATE TEMP TABLE a AS
SELECT a0.*, CASE WHEN fate < 0.01 THEN 'retracted' WHEN fate < 0.03 AND i = verdicts AND i > 1 THEN 'proposed'
                  ELSE 'published' END AS state,
       greatest(effective_on, date '2015-01-01')::timestamptz + interval '30 days' + i * interval '1 hour'
       + recommendation_id %% 3600 * interval '1 second' AS published_at
  FROM a0;
CREATE TEMP TABLE a2 AS
SELECT a.*, CASE WHEN fate > 0.98 AND verdict_by = 'office' AND lag(verdict_by) OVER w = 'office'
                  AND lag(state) OVER w = 'published' AND state = 'published' THEN lag(id) OVER w END AS supersedes_id
  FROM a WINDOW w AS (PARTITION BY recommendation_id ORDER BY i);
CREATE TEMP TABLE standing AS
SELECT a2.* FROM a2
 WHERE state = 'published' AND id NOT IN (SELECT supersedes_id FROM a2 WHERE supersedes_id IS NOT NULL);
CREATE INDEX ON standing (recommendation_id);
CREATE TEMP TABLE h AS
SELECT DISTINCT ON (recommendation_id) * FROM standing WHERE verdict_by = 'office'
 ORDER BY recommendation_id, effective_on DESC, published_at DESC, id DESC;
CREATE TEMP TABLE since AS
SELECT h.recommendation_id,
       min(o.effective_on) FILTER (WHERE o.status = h.status AND NOT EXISTS (
           SELECT 1 FROM standing x WHERE x.recommendation_id = h.recommendation_id AND x.verdict_by = 'office'
              AND x.status <> h.status
              AND (x.effective_on, x.published_at, x.id) > (o.effective_on, o.published_at, o.id))) AS day
  FROM h JOIN standing o ON o.recommendation_id = h.recommendation_id AND o.verdict_by = 'office'
 GROUP BY h.recommendation_id;
CREATE TEMP TABLE contested AS
SELECT h.recommendation_id FROM h JOIN (
       SELECT DISTINCT ON (recommendation_id, verdict_by) * FROM standing WHERE verdict_by <> 'office'
        ORDER BY recommendation_id, verdict_by, effective_on DESC, published_at DESC, id DESC) o
    ON o.recommendation_id = h.recommendation_id AND o.status <> h.status
 GROUP BY h.recommendation_id;
CREATE TEMP TABLE said AS
SELECT id AS recommendation_id,
       (ARRAY['accepted','accepted','accepted_in_principle','partially_accepted','noted','rejected'])[1 + floor(random() * 6)::int] AS kind
  FROM r WHERE luck < 0.3;
CREATE TEMP TABLE due AS
SELECT id AS recommendation_id, published_on + 365 * (1 + (luck * 100)::int) AS due_on FROM r WHERE luck > 0.95;
CREATE TEMP TABLE shut AS
SELECT id AS recommendation_id, CASE WHEN luck < 0.32 THEN 'implemented' ELSE 'superseded' END AS reason,
       CASE WHEN luck < 0.32 THEN NULL ELSE date '2026-01-01' + (luck * 1000)::int END AS review_on
  FROM r WHERE luck BETWEEN 0.3 AND 0.34;
ANALYZE s; ANALYZE r; ANALYZE a2; ANALYZE h; ANALYZE since; ANALYZE contested; ANALYZE said; ANALYZE due; ANALYZE shut;
"""

_WORD = """(ARRAY['ba','co','di','fu','ga','he','jo','ku','le','mi','no','pa','re','si','ta','vo'])[1 + n %% 16]
 || (ARRAY['ral','men','tic','lor','dan','ser','vit','pol','gur','nam','cel','bor','fin','hul','kes','zet'])[1 + n / 16 %% 16]
 || (ARRAY['or','an','im','et','ud','ol','ar','en','is','up','ac','ed','il','om','un','yx'])[1 + n / 256 %% 16]"""
"""The n-th of 4,096 words that no language has."""

WRITTEN = """
INSERT INTO recommendations_user (password, username, name, email, is_active, role, source_limits, theme_limits,
       sessions_ended)
SELECT '', 'bench-' || n, '', '', true, 'reviewer', '{}', '{}', 0 FROM generate_series(1, 2) n;
INSERT INTO recommendations_institution (id, code, name, kind, country, aliases, merged_into_id)
SELECT n, 'body' || n, 'Body ' || n, 'agency', '', '[]', CASE WHEN n = 300 THEN 1 END FROM generate_series(1, 300) n;
INSERT INTO recommendations_theme (id, code, name, description, parent_id)
SELECT n, 'theme' || n, 'Theme ' || (ARRAY['police','health','courts','trade','borders'])[1 + n %% 5] || ' ' || n, '',
       CASE WHEN n BETWEEN 36 AND 40 THEN n - 35 END FROM generate_series(1, 42) n;
INSERT INTO recommendations_source (id, code, title, kind, authors, author_note, publisher_id, publisher_wording,
       series, published_on, date_precision, date_label, date_note, url, language, note, visibility, updated_at, version)
SELECT id, code, 'Report ' || id, 'report', '[]', '', 1 + id %% 300, '', '', published_on, 'day', '', '', '', 'en', '',
       visibility, '2026-01-01', 1 FROM s;
INSERT INTO recommendations_addressee (recommendation_id, institution_id, wording, position)
SELECT id, 1 + floor(299 * power(random(), 2))::int, '', 0 FROM r;
INSERT INTO recommendations_addressee (recommendation_id, institution_id, wording, position)
SELECT id, 300, 'as it was called', 1 FROM r WHERE id %% 3 = 0;
INSERT INTO recommendations_recommendation_themes (recommendation_id, theme_id)
SELECT id, 1 + floor(40 * power(random(), 2))::int FROM r;
INSERT INTO recommendations_recommendation_themes (recommendation_id, theme_id)
SELECT id, 41 FROM r WHERE id %% 20000 = 7;
CREATE TEMP TABLE filed AS
SELECT id, array_agg(DISTINCT theme ORDER BY theme)::int[] AS ids, string_agg(DISTINCT word, ' ' ORDER BY word) AS words
  FROM (SELECT rt.recommendation_id AS id, unnest(array_remove(ARRAY[t.id, t.parent_id], NULL)) AS theme, t.name AS word
          FROM recommendations_recommendation_themes rt JOIN recommendations_theme t ON t.id = rt.theme_id) x
 GROUP BY id;
CREATE TEMP TABLE asked AS
SELECT a.recommendation_id AS id, array_agg(DISTINCT coalesce(i.merged_into_id, i.id) ORDER BY coalesce(i.merged_into_id, i.id))::int[] AS ids
  FROM recommendations_addressee a JOIN recommendations_institution i ON i.id = a.institution_id
 GROUP BY a.recommendation_id;
ANALYZE filed; ANALYZE asked;
INSERT INTO recommendations_document (id, code, title, publisher_id, publisher_wording, url)
SELECT n, 'd' || n, 'Document ' || n, 1 + n %% 300, '', 'https://host' || n %% 5000 || '.example/' || n
  FROM generate_series(1, greatest(%(number)s / 4, 1)) n;
INSERT INTO recommendations_evidence (id, code, document_id, kind, title, publisher_wording, finding, occurred_on,
       date_precision, verified, checked_against, from_memory, caution, visibility, recorded_at, updated_at, version)
SELECT n, 'e' || n, 1 + n %% greatest(%(number)s / 4, 1), 'report', 'Evidence ' || n, '', 'Something came of it.',
       date '1995-01-01' + n %% 11000, 'day', true, '{}', '[]', '',
       CASE WHEN n > %(number)s / 2 THEN 'internal' ELSE 'public' END, '2015-01-01', '2026-01-01', 1
  FROM generate_series(1, %(number)s / 2 + greatest(%(number)s / 100, 1)) n;
INSERT INTO recommendations_evidencelink (evidence_id, recommendation_id, stance, timing, note, recorded_at)
SELECT 1 + (r.id::bigint * 7919 + j::bigint * 15485863) %% (%(number)s / 2), r.id, 'supports', 'after_publication', '', '2015-01-01'
  FROM r CROSS JOIN LATERAL generate_series(1, 1 + r.id %% 3) j;
INSERT INTO recommendations_evidencelink (evidence_id, recommendation_id, stance, timing, note, recorded_at)
SELECT %(number)s / 2 + 1 + r.id %% greatest(%(number)s / 100, 1), r.id, 'contradicts', 'after_publication', '', '2015-01-01'
  FROM r WHERE r.id %% 100 = 5;
INSERT INTO recommendations_assessment (id, recommendation_id, status, effective_on, rationale, confidence, verdict_by,
       verdict_institution_id, supersedes_id, method_version, evidence_derived, source_label, source_system,
       mapping_version, state, proposed_by_id, proposed_by_machine, proposed_at, decided_by_id, decided_at,
       decision_note, published_at, withdrawn_at, retracted_by_id, retracted_at, retraction_reason)
SELECT a2.id, recommendation_id, status, effective_on, 'The register shows what was done up to that day.', 'medium',
       verdict_by, CASE WHEN verdict_by <> 'office' THEN 7 END, supersedes_id, '1', false, '', '', '', state, u.low, '',
       published_at, CASE WHEN state <> 'proposed' THEN u.high END, CASE WHEN state <> 'proposed' THEN published_at END,
       '', CASE WHEN state <> 'proposed' THEN published_at END, NULL, CASE WHEN state = 'retracted' THEN u.high END,
       CASE WHEN state = 'retracted' THEN published_at + interval '60 days' END,
       CASE WHEN state = 'retracted' THEN 'Misread.' ELSE '' END
  FROM a2 CROSS JOIN (SELECT min(id) AS low, max(id) AS high FROM recommendations_user WHERE username LIKE 'bench-%%') u;
INSERT INTO recommendations_citation (assessment_id, evidence_id, stance, locator)
SELECT id, 1 + (recommendation_id::bigint * 7919 + 15485863) %% (%(number)s / 2), 'supports', ''
  FROM a2 WHERE status NOT IN ('no_action', 'unable_to_assess');
INSERT INTO recommendations_response (recommendation_id, institution_id, kind, stated_on, date_precision, summary,
       source_label, source_system, mapping_version, recorded_at)
SELECT said.recommendation_id, 1, said.kind, r.published_on + 90, 'day', 'It answered.', '', '', '',
       greatest(r.published_on + 90, date '2015-01-01') FROM said JOIN r ON r.id = said.recommendation_id;
INSERT INTO recommendations_deadline (recommendation_id, previous_due_on, due_on, reason, recorded_at, recorded_by_id)
SELECT recommendation_id, NULL, due_on, 'As the document asks.', '2016-01-01', (SELECT min(id) FROM recommendations_user)
  FROM due;
INSERT INTO recommendations_closure (recommendation_id, reason, note, review_on, closed_by_id, closed_at, reopening_note)
SELECT recommendation_id, reason, 'Settled.', review_on, (SELECT min(id) FROM recommendations_user), '2024-01-01', ''
  FROM shut;
INSERT INTO recommendations_recommendation (id, code, source_id, parent_id, title, summary, "group", locator, explicit,
       note, priority, visibility, headline_id, status, status_since, confidence, contested, response, due_on,
       closure_reason, closure_review_on, last_verified_at, updated_at, version, public, issued_on, theme_ids,
       theme_words, addressee_ids)
SELECT r.id, r.code, r.source_id, r.parent_id,
       initcap((SELECT string_agg({word}, ' ') FROM (SELECT floor(power(random(), 3) * 4096 + 0 * r.id)::int AS n FROM generate_series(1, 5)) x)),
       initcap((SELECT string_agg({word}, ' ') FROM (SELECT floor(power(random(), 3) * 4096 + 0 * r.id)::int AS n FROM generate_series(1, 18)) x))
       || CASE WHEN r.word < 0.3 THEN ' enforcement' ELSE '' END
       || CASE WHEN r.word BETWEEN 0.5 AND 0.51 THEN ' laboratory' ELSE '' END
       || CASE WHEN r.word BETWEEN 0.6 AND 0.60005 THEN ' hydroelectric' ELSE '' END || '.',
       '', '', true, '', r.id %% 20 = 0, r.visibility, h.id, coalesce(h.status, 'not_assessed'), since.day,
       CASE WHEN h.id IS NULL THEN '' ELSE 'medium' END, contested.recommendation_id IS NOT NULL,
       coalesce(said.kind, 'none'), due.due_on, coalesce(shut.reason, ''), shut.review_on, h.published_at,
       timestamptz '2026-01-01' + r.id * interval '1 second', 1,
       r.visibility = 'public' AND s.visibility = 'public' AND coalesce(p.visibility = 'public', true), s.published_on,
       filed.ids, filed.words, asked.ids
  FROM r JOIN s ON s.id = r.source_id LEFT JOIN r p ON p.id = r.parent_id
  JOIN filed ON filed.id = r.id JOIN asked ON asked.id = r.id
  LEFT JOIN h ON h.recommendation_id = r.id LEFT JOIN since ON since.recommendation_id = r.id
  LEFT JOIN contested ON contested.recommendation_id = r.id LEFT JOIN said ON said.recommendation_id = r.id
  LEFT JOIN due ON due.recommendation_id = r.id LEFT JOIN shut ON shut.recommendation_id = r.id
 ORDER BY r.id;
INSERT INTO recommendations_tally (dimension, key, part, public, status, number, settled)
SELECT dimension, key, part, public, what, number, true FROM recommendations_tally_truth WHERE what !~ '^[0-9]';
INSERT INTO recommendations_verification (dimension, key, part, public, period, number, settled)
SELECT dimension, key, part, public, what::integer, number, true FROM recommendations_tally_truth WHERE what ~ '^[0-9]';
"""


def generate(number: int) -> None:
    """Make the rows in an empty, migrated database; nothing when they are there already."""
    if Recommendation.objects.exists():
        assert Recommendation.objects.count() == number, "another number of rows is here"
        return
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET jit = off")
    with transaction.atomic(), _set_aside():
        make(STAGED, number=number)
        make(WRITTEN.replace("{word}", _WORD), number=number)
        make(_IN_STEP)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("DISCARD TEMP; RESET ALL")
    assert differences() == [], "the generator's copied columns are not what the database works out"
    assert tallies.differences() == [], (
        "the generator's derived columns or sums are not what the database works out"
    )


_IN_STEP = ";\n".join(
    f"SELECT setval(pg_get_serial_sequence('recommendations_{table}', 'id'), max(id)) FROM recommendations_{table}"
    for table in ("institution", "theme", "source", "recommendation", "document", "evidence", "assessment")
)


@contextmanager
def _set_aside() -> Iterator[None]:
    """Triggers off; keys and plain indexes dropped, and made again when the rows are written."""
    tables = [f"recommendations_{table}" for table in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [tables])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [tables])
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    with connection.cursor() as cursor:
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype = 'f' AND (conrelid::regclass::text = ANY(%s))
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
 WHERE i.indrelid::regclass::text = ANY(%s)
   AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
