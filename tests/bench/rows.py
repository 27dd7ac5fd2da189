"""Many rows, made by PostgreSQL itself: what a list or a sweep costs must not depend on how many there are."""

from django.db import connection

CHECKS = """
INSERT INTO recommendations_institution (code, name, kind, country, aliases)
VALUES ('bench', 'Bench', 'other', '', '[]');
INSERT INTO recommendations_document (code, title, publisher_wording, url)
SELECT 'd' || n, 'Document ' || n, '', 'https://host' || n / greatest(%(number)s / 5000, 1) || '.example/' || n
  FROM generate_series(1, %(number)s) n;
INSERT INTO recommendations_evidence (code, document_id, kind, title, publisher_wording, finding, occurred_on,
       date_precision, verified, checked_against, from_memory, caution, visibility, updated_at, version)
SELECT 'e' || d.id, d.id, 'report', d.title, '', 'Something.', '2020-01-01', 'day', true, '{}', '[]', '',
       'public', now(), 1
  FROM recommendations_document d;
INSERT INTO recommendations_statuscheck (kind, evidence_id, config, every, state, host, next_due_at, memory,
       last_outcome, failures, quiet_runs, created_at, version)
SELECT 'page', e.id, '{}', 86400, 'active', 'host' || e.id / greatest(%(number)s / 5000, 1) || '.example',
       now() + CASE WHEN e.id %% (%(number)s / %(due)s) = 0 THEN '-1 hour' ELSE '1 day' END::interval,
       '{}', '', 0, 0, now(), 1
  FROM recommendations_evidence e;
ANALYZE recommendations_statuscheck;
"""

RECOMMENDATIONS = """
INSERT INTO recommendations_institution (code, name, kind, country, aliases)
SELECT 'body' || n, 'Body ' || n, 'agency', '', '[]' FROM generate_series(1, 300) n;
INSERT INTO recommendations_theme (code, name, description)
SELECT 'theme' || n, 'Theme ' || n, '' FROM generate_series(1, 40) n;
INSERT INTO recommendations_source (code, title, kind, authors, author_note, publisher_id, publisher_wording,
       series, published_on, date_precision, date_label, date_note, url, language, note, visibility,
       updated_at, version)
SELECT 'S' || n, 'Report ' || n, 'report', '[]', '', (SELECT min(id) FROM recommendations_institution), '', '',
       '2011-01-01', 'day', '', '', '', 'en', '', 'public', now(), 1
  FROM generate_series(1, greatest(%(number)s / 20, 1)) n;
INSERT INTO recommendations_recommendation (code, source_id, title, summary, "group", locator, explicit, note,
       priority, visibility, status, confidence, contested, response, closure_reason, updated_at, version)
SELECT 'R' || n, (SELECT min(id) FROM recommendations_source) + n %% greatest(%(number)s / 20, 1),
       'Recommendation ' || n, 'Ask number ' || n || ' of this report.', '', '', true, '', false, 'public',
       'not_assessed', '', false, 'none', '', '2026-01-01'::timestamptz + n * interval '1 second', 1
  FROM generate_series(1, %(number)s) n;
INSERT INTO recommendations_addressee (recommendation_id, institution_id, wording, position)
SELECT r.id, (SELECT min(id) FROM recommendations_institution) + r.id %% 300, '', 0
  FROM recommendations_recommendation r;
INSERT INTO recommendations_recommendation_themes (recommendation_id, theme_id)
SELECT r.id, (SELECT min(id) FROM recommendations_theme) + r.id %% 40 FROM recommendations_recommendation r;
ANALYZE;
"""


def make(statements: str, **numbers: int) -> None:
    """Run the statements with their numbers, one after another."""
    for statement in filter(str.strip, statements.split(";\n")):
        with connection.cursor() as cursor:
            cursor.execute(statement, numbers)
