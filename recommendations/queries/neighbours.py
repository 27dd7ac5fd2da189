"""Which public records may read otherwise once some rows have changed.

A row is hidden with what it belongs to and with the company it keeps (models/visibility.py), and records name each
other: so evidence that is made internal changes what verdicts cite, and a source that is made public brings bodies
and themes with it. What is given here is an upper bound: records.py says what each reads.
"""

from collections.abc import Collection

from django.db import connection

from recommendations.queries.records import NOUNS, Wanted

_AROUND = """
WITH family AS (
  SELECT r.id FROM recommendations_recommendation r
   WHERE r.id = ANY(%(recommendation)s) OR r.parent_id = ANY(%(recommendation)s)),
shown AS (
  SELECT l.evidence_id AS id FROM recommendations_evidencelink l JOIN family f ON f.id = l.recommendation_id
   UNION SELECT unnest(%(evidence)s::bigint[])),
citing AS (
  SELECT a.recommendation_id AS id FROM shown e
    JOIN recommendations_citation c ON c.evidence_id = e.id
    JOIN recommendations_assessment a ON a.id = c.assessment_id
   UNION SELECT r.recommendation_id FROM shown e JOIN recommendations_response r ON r.evidence_id = e.id),
related AS (
  SELECT l.recommendation_id AS id FROM recommendations_relation l JOIN family f ON f.id = l.other_id),
named AS (
  SELECT unnest(%(institution)s::bigint[]) AS id
   UNION SELECT a.institution_id FROM recommendations_addressee a JOIN family f ON f.id = a.recommendation_id
   UNION SELECT a.institution_id FROM recommendations_response a JOIN family f ON f.id = a.recommendation_id
   UNION SELECT a.moved_by_id FROM recommendations_deadline a JOIN family f ON f.id = a.recommendation_id
   UNION SELECT a.verdict_institution_id FROM recommendations_assessment a JOIN family f ON f.id = a.recommendation_id
   UNION SELECT unnest(ARRAY[d.publisher_id, d.via_id]) FROM shown
           JOIN recommendations_evidence e ON e.id = shown.id JOIN recommendations_document d ON d.id = e.document_id
   UNION SELECT s.publisher_id FROM recommendations_source s WHERE s.id = ANY(%(source)s)),
bodies AS (
  -- Naming a body names the one it is part of and its heir; and a body tells which those are, where they are shown.
  SELECT i.id FROM recommendations_institution i WHERE i.id IN (SELECT id FROM named)
   UNION SELECT unnest(ARRAY[i.parent_id, i.merged_into_id]) FROM recommendations_institution i
          WHERE i.id IN (SELECT id FROM named)),
subjects AS (
  SELECT t.id, t.parent_id FROM recommendations_theme t
   WHERE t.id = ANY(%(theme)s) OR t.id IN (
         SELECT l.theme_id FROM recommendations_recommendation_themes l JOIN family f ON f.id = l.recommendation_id))
SELECT 'recommendation' AS noun, id FROM family
 UNION SELECT 'recommendation', id FROM citing
 UNION SELECT 'recommendation', id FROM related
 UNION SELECT 'evidence', id FROM shown
 UNION SELECT 'institution', id FROM bodies WHERE id IS NOT NULL
 UNION SELECT 'institution', i.id FROM recommendations_institution i
         JOIN bodies b ON b.id IN (i.parent_id, i.merged_into_id)
 UNION SELECT 'theme', id FROM subjects
 UNION SELECT 'theme', parent_id FROM subjects WHERE parent_id IS NOT NULL
 UNION SELECT 'theme', t.id FROM recommendations_theme t JOIN subjects s ON t.parent_id IN (s.id, s.parent_id)
 UNION SELECT 'indicator', unnest(%(indicator)s::bigint[])
 UNION SELECT 'indicator', l.indicator_id FROM recommendations_indicator_recommendations l
         JOIN family f ON f.id = l.recommendation_id
 UNION SELECT 'source', unnest(%(source)s::bigint[])
 UNION SELECT 'figure', unnest(%(figure)s::bigint[])
 UNION SELECT 'figure', g.id FROM recommendations_figure g
        WHERE g.source_id = ANY(%(source)s) OR g.evidence_id IN (SELECT id FROM shown)
"""


Filed = dict[str, list[str]]
"""Codes of `themes` and `addressees`."""

_FILED = """
SELECT r.code,
       ARRAY(SELECT t.code FROM recommendations_recommendation_themes l
               JOIN recommendations_theme t ON t.id = l.theme_id WHERE l.recommendation_id = r.id ORDER BY t.code),
       ARRAY(SELECT i.code FROM recommendations_addressee l
               JOIN recommendations_institution i ON i.id = l.institution_id
              WHERE l.recommendation_id = r.id ORDER BY i.code)
  FROM recommendations_recommendation r WHERE r.id = ANY(%(ids)s) OR r.parent_id = ANY(%(ids)s)
"""


def filed(recommendations: Collection[int]) -> dict[str, Filed]:
    """Under which themes these and their parts are filed and whom they ask, by their codes: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FILED, {"ids": list(recommendations)})
        return {code: {"themes": themes, "addressees": bodies} for code, themes, bodies in cursor.fetchall()}


def of(wanted: Wanted) -> dict[str, set[int]]:
    """Primary keys by noun of the rows wanted and of all around them: one statement."""
    around: dict[str, set[int]] = {noun: set() for noun in NOUNS}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {noun: list(wanted.get(noun, ())) for noun in NOUNS})
        for noun, pk in cursor.fetchall():
            around[noun].add(pk)
    return around
