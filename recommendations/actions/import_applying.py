"""Writing what was judged: recommendations, then what hangs on them, each in one statement for all rows.

Reads `import_staging` and `import_judged` (see import_judging.py) inside the transaction of the import. Every
change writes its Event, as the actions on single rows do; verdicts are proposed in the import's name.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from recommendations.actions import headlines
from recommendations.actions.import_claims import answers_sql, claims_sql, findings_sql
from recommendations.actions.import_sql import defaults, events_sql
from recommendations.actions.import_staging import Tell, silent
from recommendations.models import Addressee, Recommendation
from recommendations.vocabulary import ImportPhase

TEXTS = ("title", "summary", "group", "locator", "note", "visibility")
FLAGS = ("explicit", "priority")
REST = 3
"""What follows on the rows (answers, remembering them, what comes to light) takes as long as so many statements."""

AT_ONCE = 2_000
"""Headlines worked out at once: their rows are read into memory."""


def _said(name: str, kind: str, default: str) -> str:
    """A column as the file says it where it is new or changed by this file; else as it is."""
    says = f"(s.said#>>'{{columns,{name}}}')::{kind}"
    here = f'r."{name}"'
    return f"CASE WHEN r.id IS NULL OR j.changes ? '{name}' THEN coalesce({says}, {here}, {default}) ELSE {here} END"


def _values() -> dict[str, str]:
    """The columns that a file may speak of, as SQL over `s` (the row), `j` (its judgement) and `r` (what is here)."""
    fallbacks = {"visibility": "'public'", "explicit": "true", "priority": "false"}
    values = {name: _said(name, "text", fallbacks.get(name, "''")) for name in TEXTS}
    return values | {name: _said(name, "boolean", fallbacks[name]) for name in FLAGS}


def _new_sql() -> str:
    values = _values()
    own = ("code", "source_id", "parent_id", "updated_at", "version", *values)
    more_columns, more_values = defaults(Recommendation, *own)
    names = ", ".join(f'"{name}"' for name in values)
    return f"""
INSERT INTO recommendations_recommendation
       (id, code, source_id, parent_id, updated_at, version, {names}{more_columns})
SELECT s.recommendation_id, s.code, o.id, s.parent_id, %(now)s, 1, {", ".join(values.values())}{more_values}
  FROM import_done s
  JOIN import_judged j USING (line)
  JOIN recommendations_source o ON o.code = s.said#>>'{{columns,source}}'
  LEFT JOIN recommendations_recommendation r ON false
 WHERE s.outcome = 'new' AND (s.parent_id IS NULL) = %(whole)s
 ORDER BY s.line
"""


DONE = """
CREATE TEMP TABLE import_done ON COMMIT DROP AS
SELECT j.line, j.outcome, j.claims, j.answers, j.changes, s.code, s.said, r.response AS response_before, o.published_on,
       coalesce(r.id, nextval(pg_get_serial_sequence('recommendations_recommendation', 'id'))) AS recommendation_id,
       p.id AS parent_id
  FROM import_judged j
  JOIN import_staging s USING (line)
  LEFT JOIN recommendations_recommendation r ON r.id = j.recommendation_id
  JOIN recommendations_source o ON o.id = r.source_id OR r.id IS NULL AND o.code = s.said#>>'{columns,source}'
  LEFT JOIN recommendations_recommendation p ON p.code = s.said#>>'{columns,parent}'
 WHERE j.outcome IN ('new', 'changed')
 ORDER BY j.line;
UPDATE import_done part SET parent_id = whole.recommendation_id FROM import_done whole
 WHERE whole.code = part.said#>>'{columns,parent}'
"""

LOCKED = (
    "SELECT count(*) FROM (SELECT id FROM recommendations_theme ORDER BY id FOR SHARE) themes",
    "SELECT count(*) FROM (SELECT id FROM recommendations_institution ORDER BY id FOR SHARE) bodies",
    "SELECT count(*) FROM (SELECT id FROM recommendations_recommendation"
    " WHERE id IN (SELECT recommendation_id FROM import_done WHERE outcome = 'changed')"
    " ORDER BY id FOR NO KEY UPDATE) changed",
)
"""What the triggers of the lists lock, and in their order, before the rows themselves are written."""


def _lists_and_changed_sql() -> str:
    """The lists of new and changed rows, and with them the changed rows, each written once.

    In one statement: else a row would be written for each of its lists by their triggers, and once more for itself. Its
    own trigger reads the lists as they are by then, so they are counted before the first row is written. No
    INSERT ... ON CONFLICT for the rows: it would work out the words for the search of every row twice.
    """
    columns, values = defaults(Addressee, "recommendation_id", "institution_id", "position")
    changes = ", ".join(f'"{name}" = {value}' for name, value in _values().items())
    return f"""
WITH unfiled AS (
  DELETE FROM recommendations_recommendation_themes rt USING import_done d, recommendations_theme t
   WHERE rt.recommendation_id = d.recommendation_id AND d.changes ? 'themes' AND t.id = rt.theme_id
     AND NOT d.said#>'{{columns,themes}}' ? t.code
  RETURNING rt.id),
filed AS (
  INSERT INTO recommendations_recommendation_themes (recommendation_id, theme_id)
  SELECT d.recommendation_id, t.id
    FROM import_done d, jsonb_array_elements_text(d.said#>'{{columns,themes}}') e(code)
    JOIN recommendations_theme t ON t.code = e.code
   WHERE d.outcome = 'new' OR d.changes ? 'themes'
  ON CONFLICT (recommendation_id, theme_id) DO NOTHING
  RETURNING id),
unasked AS (
  DELETE FROM recommendations_addressee a USING import_done d
   WHERE a.recommendation_id = d.recommendation_id AND d.changes ? 'addressees'
     AND NOT EXISTS (SELECT 1 FROM recommendations_institution i
                      WHERE i.id = a.institution_id AND d.said#>'{{columns,addressees}}' ? i.code)
  RETURNING a.id),
asked AS (
  INSERT INTO recommendations_addressee AS kept (recommendation_id, institution_id, position{columns})
  SELECT d.recommendation_id, i.id, e.place - 1{values}
    FROM import_done d, jsonb_array_elements_text(d.said#>'{{columns,addressees}}') WITH ORDINALITY e(code, place)
    JOIN recommendations_institution i ON i.code = e.code
   WHERE d.outcome = 'new' OR d.changes ? 'addressees'
  ON CONFLICT (recommendation_id, institution_id) DO UPDATE SET position = EXCLUDED.position
  RETURNING id),
lists AS (
  SELECT (SELECT count(*) FROM unfiled) + (SELECT count(*) FROM filed)
         + (SELECT count(*) FROM unasked) + (SELECT count(*) FROM asked) AS written)
UPDATE recommendations_recommendation kept
   SET {changes}, version = kept.version + 1, updated_at = %(now)s,
       theme_ids = CASE WHEN j.changes ? 'themes' THEN NULL ELSE kept.theme_ids END,
       addressee_ids = CASE WHEN j.changes ? 'addressees' THEN NULL ELSE kept.addressee_ids END
  FROM import_judged j
  JOIN import_staging s USING (line)
  JOIN recommendations_recommendation r ON r.id = j.recommendation_id
 CROSS JOIN lists
 WHERE kept.id = j.recommendation_id AND j.outcome = 'changed' AND j.changes - 'claim' - 'answer' <> '{{}}'
   AND lists.written >= 0
"""


def _side(place: int) -> str:
    return (
        f"(SELECT coalesce(jsonb_object_agg(e.key, e.value->{place}), '{{}}') FROM jsonb_each(d.changes) e"
        " WHERE e.key NOT IN ('claim', 'answer'))"
    )


def _told_sql() -> str:
    return events_sql(
        verb="CASE d.outcome WHEN 'new' THEN 'recommendation.created' ELSE 'recommendation.changed' END",
        kind="recommendation",
        target="d.code",
        before=f"CASE d.outcome WHEN 'new' THEN NULL ELSE {_side(0)} END",
        after=f"CASE d.outcome WHEN 'new' THEN d.said->'columns' ELSE {_side(1)} END",
        public="r.public",
        rows="import_done d JOIN recommendations_recommendation r ON r.id = d.recommendation_id"
        " AND (d.outcome = 'new' OR d.changes - 'claim' - 'answer' <> '{}')",
    )


REMEMBERED = """
INSERT INTO recommendations_importedrow AS kept (origin, noun, code, digest, said, present)
SELECT %(origin)s, %(noun)s, s.key, s.digest, s.said, true FROM import_staging s ORDER BY s.line
ON CONFLICT (origin, noun, code) DO UPDATE SET digest = EXCLUDED.digest, said = EXCLUDED.said, present = true
 WHERE kept.digest <> EXCLUDED.digest OR NOT kept.present
"""

VANISHED = """
CREATE TEMP TABLE import_vanished ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY k.code) AS line, k.code AS key, k.said->>'code' AS code, k.said->>'label' AS label,
       r.id AS recommendation_id
  FROM recommendations_importedrow k
  JOIN recommendations_recommendation r ON r.code = k.said->>'code'
 WHERE k.origin = %(origin)s AND k.noun = %(noun)s AND k.present
   AND NOT EXISTS (SELECT 1 FROM import_staging s WHERE s.key = k.code);
UPDATE recommendations_importedrow k SET present = false FROM import_vanished v
 WHERE k.origin = %(origin)s AND k.noun = %(noun)s AND k.code = v.key
"""


def write_rows(asked: dict[str, Any], *, now: datetime, tell: Tell = silent) -> None:
    """Recommendations with their lists, claims and answers. `asked` holds what the statements name."""
    # The lists of a new row come first (their keys are checked at the end), so that what is derived from them is
    # worked out once, with the row, and not again for each list. A part needs its whole.
    statements: list[tuple[str, dict[str, Any]]] = [
        *((each, {}) for each in DONE.split(";\n")),
        ("ANALYZE import_done", {}),
        *((each, {}) for each in LOCKED),
        (_lists_and_changed_sql(), {}),
        (_new_sql(), {"whole": True}),
        (_new_sql(), {"whole": False}),
        (_told_sql(), {}),
        *((each, {}) for each in (claims_sql() if asked["evidence"] is not None else [])),
    ]
    with connection.cursor() as cursor:
        total = len(statements) + REST
        for place, (statement, more) in enumerate(statements):
            tell(ImportPhase.WRITING, place, total)
            cursor.execute(statement, asked | more)
        tell(ImportPhase.WRITING, len(statements), total)
        cursor.execute("SELECT recommendation_id FROM import_done WHERE answers")
        answered = [pk for (pk,) in cursor.fetchall()]
        if answered:
            for statement in answers_sql():
                cursor.execute(statement, asked)
    for first in range(0, len(answered), AT_ONCE):
        headlines.refresh(answered[first : first + AT_ONCE], by=asked["actor"], now=now)


def remember(asked: dict[str, Any], *, open_only: bool) -> None:
    """Keep what each row said for the next file; what an open-only list no longer has goes before a person."""
    with connection.cursor() as cursor:
        if open_only:
            for statement in [*VANISHED.split(";\n"), *findings_sql()]:
                cursor.execute(statement, asked)
        cursor.execute(REMEMBERED, asked)
