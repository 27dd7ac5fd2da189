"""What an import makes of each row: new, changed, unchanged or refused, worked out by PostgreSQL for all at once.

From `import_staging` (import_staging.py) come three tables of the transaction: `import_known` (each row beside
what is here and what the last file said), `import_wrong`, and `import_judged` (`line, outcome, changes,
kept, problems, recommendation_id, claims, answers`).

A field is changed where the file says something else than what is here. In files of other systems only what
they say *anew* counts: where a person has changed the same field meanwhile, theirs is kept and told.
"""

import json
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from recommendations.actions.import_staging import Brings, Tell, silent
from recommendations.exchange.formats import Format
from recommendations.vocabulary import ImportPhase

NOUN = "recommendation"
"""Under which the rows of imports are remembered (ImportedRow)."""

KNOWN = """
CREATE TEMP TABLE import_known ON COMMIT DROP AS
WITH here AS (
  SELECT id FROM recommendations_recommendation WHERE code IN (SELECT code FROM import_staging)),
themes AS (
  SELECT rt.recommendation_id, jsonb_agg(t.code ORDER BY t.code COLLATE "C") AS codes
    FROM here JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = here.id
    JOIN recommendations_theme t ON t.id = rt.theme_id GROUP BY rt.recommendation_id),
addressees AS (
  SELECT a.recommendation_id, jsonb_agg(i.code ORDER BY a.position, a.id) AS codes
    FROM here JOIN recommendations_addressee a ON a.recommendation_id = here.id
    JOIN recommendations_institution i ON i.id = a.institution_id GROUP BY a.recommendation_id)
SELECT s.line, s.key, s.code, s.said, s.said->'columns' AS says, s.said->'claim' AS claim, s.said->'answer' AS answer,
       k.said AS before, coalesce(k.digest = s.digest, false) AS same, r.id AS recommendation_id, r.version,
       CASE WHEN r.id IS NOT NULL THEN jsonb_build_object(
         'title', r.title, 'summary', r.summary, 'group', r."group", 'locator', r.locator, 'note', r.note,
         'explicit', r.explicit, 'priority', r.priority, 'visibility', r.visibility,
         'source', o.code, 'parent', p.code,
         'themes', coalesce(themes.codes, '[]'), 'addressees', coalesce(addressees.codes, '[]')) END AS here,
       r.status AS status_here, r.response AS response_here,
       coalesce(o.published_on, n.published_on, (%(brought)s::jsonb ->> (s.said#>>'{columns,source}'))::date)
         AS published_on
  FROM import_staging s
  LEFT JOIN recommendations_importedrow k ON k.origin = %(origin)s AND k.noun = %(noun)s AND k.code = s.key
  LEFT JOIN recommendations_recommendation r ON r.code = s.code
  LEFT JOIN recommendations_source o ON o.id = r.source_id
  LEFT JOIN recommendations_source n ON n.code = s.said#>>'{columns,source}'
  LEFT JOIN recommendations_recommendation p ON p.id = r.parent_id
  LEFT JOIN themes ON themes.recommendation_id = r.id
  LEFT JOIN addressees ON addressees.recommendation_id = r.id
"""

# What cannot matter for a row is not worked out: a condition of a join alone would be asked afterwards.
COMPARED = """
CREATE TEMP TABLE import_compared ON COMMIT DROP AS
SELECT k.line, k.recommendation_id, k.same,
       coalesce(d.changes, '{}') AS changes, coalesce(d.kept, '{}') AS kept,
       coalesce(c.is_new, false) AS claims, coalesce(a.is_new, false) AS answers, c.held
  FROM import_known k
  LEFT JOIN LATERAL (
       SELECT jsonb_object_agg(e.key, jsonb_build_array(k.here->e.key, e.value)) FILTER (WHERE e.mine) AS changes,
              jsonb_object_agg(e.key, jsonb_build_array(k.here->e.key, e.value)) FILTER (WHERE NOT e.mine) AS kept
         FROM (SELECT f.key, f.value,
                      %(coded)s OR k.before->'columns'->f.key IS NOT DISTINCT FROM k.here->f.key AS mine
                 FROM jsonb_each(k.says) f
                WHERE k.recommendation_id IS NOT NULL AND NOT k.same AND f.value IS DISTINCT FROM k.here->f.key
                  AND (%(coded)s OR f.value IS DISTINCT FROM k.before->'columns'->f.key)) e
       ) d ON true
  LEFT JOIN LATERAL (
       -- A claim is new where that party's last published verdict, and what waits, say something else.
       SELECT last.status AS held,
              (k.before->'claim' IS NULL
               OR (k.before->'claim') - %(passing)s::text[] IS DISTINCT FROM k.claim - %(passing)s::text[])
              AND last.status IS DISTINCT FROM k.claim->>'status'
              AND NOT EXISTS (
                  SELECT 1 FROM recommendations_assessment w
                    LEFT JOIN recommendations_institution i ON i.id = w.verdict_institution_id
                   WHERE w.recommendation_id = k.recommendation_id AND w.state = 'proposed'
                     AND w.status = k.claim->>'status' AND w.verdict_by = k.claim->>'verdict_by'
                     AND coalesce(i.code, '') = k.claim->>'institution') AS is_new
         FROM (SELECT 1 WHERE k.claim IS NOT NULL AND NOT k.same) one
         LEFT JOIN LATERAL (
              SELECT v.status FROM recommendations_assessment v
                LEFT JOIN recommendations_institution i ON i.id = v.verdict_institution_id
               WHERE v.recommendation_id = k.recommendation_id AND v.state = 'published'
                 AND v.verdict_by = k.claim->>'verdict_by' AND coalesce(i.code, '') = k.claim->>'institution'
               ORDER BY v.effective_on DESC, v.published_at DESC, v.id DESC LIMIT 1) last ON true
       ) c ON true
  LEFT JOIN LATERAL (
       SELECT (k.before->'answer' IS DISTINCT FROM k.answer)
              AND NOT (k.answer->>'stated_on' IS NULL AND k.response_here IS NOT DISTINCT FROM k.answer->>'kind')
              AND NOT EXISTS (
                  SELECT 1 FROM recommendations_response p
                    JOIN recommendations_institution i ON i.id = p.institution_id
                   WHERE p.recommendation_id = k.recommendation_id AND p.kind = k.answer->>'kind'
                     AND i.code = coalesce(nullif(k.answer->>'institution', ''), k.says#>>'{addressees,0}',
                                           k.here#>>'{addressees,0}')
                     AND p.stated_on = coalesce((k.answer->>'stated_on')::date, p.stated_on)) AS is_new
       ) a ON k.answer IS NOT NULL AND NOT k.same
"""

WRONG = """
CREATE TEMP TABLE import_wrong ON COMMIT DROP AS
WITH bodies AS (SELECT code FROM recommendations_institution UNION SELECT unnest(%(bodies)s::text[])),
     themes AS (SELECT code FROM recommendations_theme UNION SELECT unnest(%(themes)s::text[])),
     sources AS (SELECT code FROM recommendations_source
                 UNION SELECT jsonb_object_keys(%(brought)s::jsonb))
SELECT line, 'code' AS name, key AS value, 'key_twice' AS rule
  FROM (SELECT line, key, count(*) OVER (PARTITION BY key) AS times FROM import_staging) e WHERE times > 1
UNION ALL
SELECT line, 'code', code, 'code_twice'
  FROM (SELECT line, code, count(*) OVER (PARTITION BY code) AS codes, count(*) OVER (PARTITION BY key) AS keys
          FROM import_staging) e WHERE codes > keys
UNION ALL
SELECT line, 'code', code, 'code_taken' FROM import_known
 WHERE NOT %(coded)s AND recommendation_id IS NOT NULL AND before IS NULL
UNION ALL
SELECT k.line, c.name, '', 'required' FROM import_known k, unnest(ARRAY['source', 'title', 'summary']) AS c(name)
 WHERE k.recommendation_id IS NULL AND NOT k.says ? c.name
UNION ALL
SELECT k.line, 'source', k.says->>'source', 'source_unknown' FROM import_known k
 WHERE k.says ? 'source' AND NOT EXISTS (SELECT 1 FROM sources WHERE code = k.says->>'source')
UNION ALL
SELECT k.line, c.name, k.says->>c.name, 'fixed' FROM import_known k, unnest(ARRAY['source', 'parent']) AS c(name)
 WHERE k.recommendation_id IS NOT NULL AND k.says ? c.name AND k.says->c.name IS DISTINCT FROM k.here->c.name
UNION ALL
SELECT k.line, 'parent', k.says->>'parent', CASE WHEN r.id IS NULL AND w.line IS NULL THEN 'parent_unknown'
                                                 ELSE 'recommendation_part_of_a_whole' END
  FROM import_known k
  LEFT JOIN recommendations_recommendation r ON r.code = k.says->>'parent'
  LEFT JOIN recommendations_source o ON o.id = r.source_id
  LEFT JOIN import_known w ON w.code = k.says->>'parent'
 WHERE k.says->>'parent' IS NOT NULL
   AND NOT coalesce(r.parent_id IS NULL AND o.code = coalesce(k.says->>'source', k.here->>'source'),
                    w.says->>'parent' IS NULL AND w.says->>'source' = k.says->>'source', false)
UNION ALL
SELECT k.line, 'themes', e.code, 'theme_unknown'
  FROM import_known k, jsonb_array_elements_text(k.says->'themes') e(code)
 WHERE NOT EXISTS (SELECT 1 FROM themes t WHERE t.code = e.code)
UNION ALL
SELECT k.line, 'addressees', e.code, 'institution_unknown'
  FROM import_known k, jsonb_array_elements_text(k.says->'addressees') e(code)
 WHERE NOT EXISTS (SELECT 1 FROM bodies b WHERE b.code = e.code)
UNION ALL
SELECT k.line, e.name, e.code, 'institution_unknown'
  FROM import_known k, (VALUES ('verdict_institution', 'claim'), ('response_institution', 'answer')) AS w(name, part),
       LATERAL (SELECT w.name, k.said->w.part->>'institution' AS code) e
 WHERE e.code <> '' AND NOT EXISTS (SELECT 1 FROM bodies b WHERE b.code = e.code)
UNION ALL
SELECT k.line, e.name, e.value, e.rule
  FROM import_known k JOIN import_compared c USING (line),
       LATERAL (VALUES
         ('verdict_institution', '', 'required', c.claims AND k.claim->>'verdict_by' <> 'office'
                                                 AND k.claim->>'institution' = ''),
         ('verdict_institution', k.claim->>'institution', 'office_has_none',
            c.claims AND k.claim->>'verdict_by' = 'office' AND k.claim->>'institution' <> ''),
         ('rationale', '', 'required', c.claims AND %(coded)s AND k.claim->>'label' = ''
                                       AND k.claim->>'rationale' !~ '\\S'),
         ('effective_on', coalesce(k.claim->>'effective_on', %(as_of)s), 'assessment_not_in_the_future',
            c.claims AND coalesce(k.claim->>'effective_on', %(as_of)s)::date > %(today)s),
         ('effective_on', coalesce(k.claim->>'effective_on', %(as_of)s), 'assessment_not_before_source',
            c.claims AND coalesce(k.claim->>'effective_on', %(as_of)s)::date < k.published_on),
         ('stated_on', k.answer->>'stated_on', 'response_not_in_the_future',
            c.answers AND coalesce(k.answer->>'stated_on', %(as_of)s)::date > %(today)s),
         ('response_institution', '', 'required',
            c.answers AND coalesce(nullif(k.answer->>'institution', ''), k.says#>>'{addressees,0}',
                                   k.here#>>'{addressees,0}') IS NULL),
         ('version', k.said->>'version', 'changed_since',
            k.version IS NOT NULL AND (k.said->>'version')::integer <> k.version
            AND (c.changes <> '{}' OR c.claims OR c.answers))
       ) AS e(name, value, rule, broken)
 WHERE (c.claims OR c.answers OR k.said ? 'version') AND e.broken
"""

JUDGED = """
CREATE TEMP TABLE import_judged ON COMMIT DROP AS
SELECT c.line, c.recommendation_id, c.claims, c.answers, c.kept, p.problems,
       CASE WHEN p.problems <> '[]' THEN 'refused'
            WHEN c.recommendation_id IS NULL THEN 'new'
            WHEN c.changes <> '{}' OR c.claims OR c.answers THEN 'changed'
            ELSE 'unchanged' END AS outcome,
       c.changes
       || CASE WHEN c.claims THEN jsonb_build_object('claim', jsonb_build_array(c.held, s.said#>'{claim,status}'))
               ELSE '{}' END
       || CASE WHEN c.answers THEN jsonb_build_object('answer', jsonb_build_array(r.response, s.said#>'{answer,kind}'))
               ELSE '{}' END AS changes
  FROM import_compared c
  JOIN import_staging s USING (line)
  LEFT JOIN recommendations_recommendation r ON r.id = c.recommendation_id
  LEFT JOIN (SELECT line, jsonb_agg(jsonb_build_object(
                      'column', coalesce(%(named)s::jsonb->>name, name), 'value', left(coalesce(value, ''), 200),
                      'rule', rule) ORDER BY name, rule, value) AS problems
               FROM import_wrong GROUP BY line) w USING (line)
 CROSS JOIN LATERAL (SELECT s.problems || coalesce(w.problems, '[]') AS problems) p
"""

SAME_BYTES = """
CREATE TEMP TABLE import_judged ON COMMIT DROP AS
SELECT line, NULL::bigint AS recommendation_id, false AS claims, false AS answers, '{}'::jsonb AS kept,
       '[]'::jsonb AS problems, 'unchanged' AS outcome, '{}'::jsonb AS changes
  FROM import_staging
"""

TOLD = """
SELECT count(*) FILTER (WHERE outcome = 'new'), count(*) FILTER (WHERE outcome = 'changed'),
       count(*) FILTER (WHERE outcome = 'unchanged'), count(*) FILTER (WHERE outcome = 'refused'),
       coalesce(md5(string_agg(md5(concat_ws('|', line, outcome, changes, kept, problems, claims, answers)), ''
                               ORDER BY line)), '')
  FROM import_judged
"""

VANISHED = """
SELECT count(*) FROM recommendations_importedrow k
 WHERE k.origin = %(origin)s AND k.noun = %(noun)s AND k.present
   AND NOT EXISTS (SELECT 1 FROM import_staging s WHERE s.key = k.code)
"""


DIFFERENCES = """
SELECT s.line, s.code, w.outcome, j.outcome
  FROM import_judged j JOIN import_staging s USING (line)
  JOIN recommendations_importrow w ON w.import_id = %s AND w.line = j.line
 WHERE (w.outcome, w.changes, w.kept, w.problems) IS DISTINCT FROM (j.outcome, j.changes, j.kept, j.problems)
 ORDER BY s.line LIMIT %s
"""


class Difference(NamedTuple):
    """A row of which something else would become by now than the dry run said."""

    line: int
    code: str
    before: str
    now: str


def differences(batch_id: int, *, limit: int) -> list[Difference]:
    """Where what is judged now is not what the dry run kept, the first rows first."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES, [batch_id, limit])
        return [Difference(*row) for row in cursor.fetchall()]


NAMED = {
    "theme": """
SELECT DISTINCT t.id FROM import_staging s JOIN import_judged j USING (line),
       jsonb_array_elements_text(s.said#>'{columns,themes}') e(code) JOIN recommendations_theme t ON t.code = e.code
 WHERE j.outcome IN ('new', 'changed')
""",
    "institution": """
SELECT DISTINCT i.id FROM import_staging s JOIN import_judged j USING (line)
  JOIN LATERAL (SELECT jsonb_array_elements_text(s.said#>'{columns,addressees}') AS code
                 UNION ALL SELECT s.said#>>'{claim,institution}'
                 UNION ALL SELECT s.said#>>'{answer,institution}') e ON true
  JOIN recommendations_institution i ON i.code = e.code
 WHERE j.outcome IN ('new', 'changed')
""",
    "recommendation": """
SELECT DISTINCT p.id FROM import_staging s JOIN import_judged j USING (line)
  JOIN recommendations_recommendation p ON p.code = s.said#>>'{columns,parent}'
 WHERE j.outcome IN ('new', 'changed')
""",
}
"""What else may read otherwise when the rows are written: what they name, and the wholes of new parts."""


def named() -> dict[str, list[int]]:
    """Keys, by noun, of the rows that the rows of the file name. They are few, however many rows there are."""
    found = {}
    with connection.cursor() as cursor:
        for noun, statement in NAMED.items():
            cursor.execute(statement)
            found[noun] = [pk for (pk,) in cursor.fetchall()]
    return found


def judge(
    format: Format,
    brings: Brings,
    *,
    origin: str,
    as_of: date,
    today: date,
    repeats: bool,
    tell: Tell = silent,
) -> dict[str, Any]:
    """Judge what is staged. The counts and the digest of the outcome, as the columns of Import.

    `repeats`: these bytes were applied before, and so nothing is left to do.
    """
    asked: dict[str, Any] = {
        "origin": origin,
        "noun": NOUN,
        "coded": format.coded,
        # A comment that grows, or a day that was not given, makes no new verdict of an old word.
        "passing": ["effective_on"] if format.coded else ["effective_on", "rationale"],
        "named": json.dumps(_names(format)),
        "as_of": as_of.isoformat(),
        "today": today,
        "brought": json.dumps({code: told["published_on"] for code, told in brings["sources"].items()}),
        "bodies": list(brings["institutions"]),
        "themes": list(brings["themes"]),
    }
    with connection.cursor() as cursor:
        statements = (SAME_BYTES,) if repeats else (KNOWN, COMPARED, WRONG, JUDGED)
        for place, statement in enumerate((*statements, "ANALYZE import_judged", TOLD)):
            tell(ImportPhase.JUDGING, place, len(statements) + 2)
            cursor.execute(statement, asked)
        new, changed, unchanged, refused, outcome = cursor.fetchone()
        vanished = 0
        if format.open_only and not repeats:
            cursor.execute(VANISHED, asked)
            [vanished] = cursor.fetchone()
    return {
        "rows_new": new,
        "rows_changed": changed,
        "rows_unchanged": unchanged,
        "rows_refused": refused,
        "rows_vanished": vanished,
        "outcome": outcome,
    }


def _names(format: Format) -> dict[str, str]:
    """The file's own names for the columns that are told as wrong."""
    named = dict(format.named)
    for part, columns in (("claim", ("effective_on", "verdict_institution")), ("answer", ("stated_on",))):
        if part in named:
            named |= dict.fromkeys(columns, named[part])
    return named
