"""One recommendation with its parts and all that stands around it, in one statement: JSON made by PostgreSQL, one block
for each kind of row.

Written as SQL, and prepared, because putting such a statement together from querysets, or planning it anew, takes
longer than answering it. What may be seen, and what is of a moment of the past, is what `visible` and the queries of
each noun say; a test compares the two over every recommendation of the seeds.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from recommendations.models.visibility import evidence_is_shown, verdict_is_public
from recommendations.queries import listing, prepared
from recommendations.queries.evidence import BASIS_KINDS
from recommendations.queries.listing import Listed
from recommendations.queries.visibility import sees_internal
from recommendations.rules.moments import Moment

Block = dict[str, Any]
"""Columns by name; days and moments are texts as ISO 8601 writes them, moments in UTC."""


@dataclass(frozen=True)
class Detail:
    """A recommendation and its parts as lists show them. `around` has `row`, `headline` (the verdict that the status
    rests on, or None) and lists of `responses`, `evidence`, `indicators`, `deadlines`, `relations` and `closures`, each
    in its order; `evidence` is that of the parts as well."""

    whole: Listed
    parts: list[Listed]
    around: dict[str, Any]


def read(code: str, user: Any, at: Moment | None, *, now: datetime) -> Detail | None:
    """What this user may see of it, up to the moment asked for; None where that is nothing. One statement."""
    statement = _statement(sees_internal(user), at is not None)
    found = prepared.rows(statement, {"code": code, **listing.of(at)})
    if not found:
        return None
    whole, *parts = map(listing.teller(at, now), found)
    return Detail(whole, parts, orjson.loads(found[0][listing.WIDTH]))


@cache
def _statement(internal: bool, past: bool) -> str:
    """The text for one kind of reader, of today or of the past; what is asked goes in parameters."""
    said = listing.blanks(internal, past) | (_PAST if past else _TODAY)
    said |= dict.fromkeys(_PUBLIC, "") if internal else _PUBLIC
    said |= {"evidence": _EVIDENCE, "cited": _CITED.format(**said), "doubts": _DOUBTS}
    around, shown, tables = (text.format(**said) for text in (_AROUND, listing.SHOWN, listing.TABLES))
    return _STATEMENT.format(around=around, shown=shown, tables=tables, **said)


_PUBLIC = {
    "whole_public": " AND w.public",
    "verdict_public": f" AND {verdict_is_public('a')}",
    "correction_public": f" AND {verdict_is_public('c')}",
    "evidence_shown": f" AND {evidence_is_shown('e')}",
    "other_public": " AND o.public",
}

_TODAY = {
    "whole_known": "",
    "part_known": "",
    "verdict": "r.headline_id",
    "verdict_held": "",
    "correction_held": " AND c.state <> 'retracted'",
    "doubt_held": " AND f.state = 'open'",
    "response_known": "",
    "value_known": "",
    "deadline_known": "",
    "closure_known": "",
    "reopening_known": "true",
    "other_known": "",
}

_HELD = " AND {0}.published_at <= %(known_at)s AND coalesce({0}.retracted_at > %(known_at)s, true)"
_BY_THEN = "{0} <= %(known_at)s AND {0} < (%(as_of)s + 1)::timestamp AT TIME ZONE 'UTC'"
_RECORDED = f" AND {_BY_THEN}"

_PAST = {
    "whole_known": " AND w.issued_on <= %(as_of)s",
    "part_known": " AND c.issued_on <= %(as_of)s",
    "verdict": "h.headline_id",
    "verdict_held": " AND a.effective_on <= %(as_of)s" + _HELD.format("a"),
    "correction_held": _HELD.format("c"),
    "doubt_held": " AND f.first_seen_at <= %(known_at)s AND coalesce(f.decided_at > %(known_at)s, true)",
    "response_known": " AND x.stated_on <= %(as_of)s AND x.recorded_at <= %(known_at)s",
    "value_known": " AND coalesce(v.period_from <= %(as_of)s, true) AND v.recorded_at <= %(known_at)s",
    "deadline_known": _RECORDED.format("x.recorded_at"),
    "closure_known": _RECORDED.format("x.closed_at"),
    "reopening_known": _BY_THEN.format("x.reopened_at"),
    "other_known": " AND s.published_on <= %(as_of)s AND y.recorded_at <= %(known_at)s",
}

_DOUBTS = ", ".join(f"'{kind.value}'" for kind in BASIS_KINDS)

_EVIDENCE = """
'id', e.id, 'code', e.code, 'title', e.title, 'kind', e.kind, 'finding', e.finding, 'occurred_on', e.occurred_on,
'date_precision', e.date_precision, 'verified', e.verified,
'url_confirmed', coalesce(e.url_confirmed, d.url_confirmed), 'caution', e.caution,
'document', json_build_object('code', d.code, 'title', d.title, 'url', d.url,
  'publisher', (SELECT json_build_object('code', i.code, 'name', i.name)
                  FROM recommendations_institution i WHERE i.id = d.publisher_id),
  'publisher_wording', d.publisher_wording,
  'via', (SELECT json_build_object('code', i.code, 'name', i.name)
            FROM recommendations_institution i WHERE i.id = d.via_id))
"""

_CITED = """
  FROM recommendations_citation q
  JOIN recommendations_evidence e ON e.id = q.evidence_id
  JOIN recommendations_document d ON d.id = e.document_id
 WHERE q.assessment_id = a.id{evidence_shown}
"""

# A part of something hidden is hidden too; of something that the past does not know, the past knows no part.
_STATEMENT = """
WITH page AS MATERIALIZED (
     SELECT w.id AS pk, 0 AS place FROM recommendations_recommendation w
      WHERE w.code = %(code)s{whole_public}{whole_known}
     UNION ALL
     SELECT c.id, 1 FROM recommendations_recommendation w
       JOIN recommendations_recommendation c ON c.parent_id = w.id{part_public}{part_known}
      WHERE w.code = %(code)s{whole_public}{whole_known})
SELECT {shown}, CASE WHEN page.place = 0 THEN ({around})::text END
  FROM page{tables}
 ORDER BY page.place, r.code
"""

_AROUND = """
json_build_object(
'row', json_build_object('group', r."group", 'locator', r.locator, 'explicit', r.explicit, 'note', r.note),
'headline', (
  SELECT json_build_object('id', a.id, 'recommendation', r.code, 'status', a.status, 'effective_on', a.effective_on,
           'rationale', a.rationale, 'confidence', a.confidence, 'verdict_by', a.verdict_by,
           'verdict_institution', (SELECT json_build_object('code', i.code, 'name', i.name)
                                     FROM recommendations_institution i WHERE i.id = a.verdict_institution_id),
           'state', a.state, 'method_version', a.method_version, 'evidence_derived', a.evidence_derived,
           'source_label', a.source_label, 'source_system', a.source_system, 'mapping_version', a.mapping_version,
           'supersedes', a.supersedes_id,
           'superseded_by', (SELECT coalesce(json_agg(c.id ORDER BY c.effective_on DESC, c.published_at DESC,
                                                                     c.id DESC), '[]')
                               FROM recommendations_assessment c
                              WHERE c.supersedes_id = a.id{correction_public}{correction_held}),
           'basis_changed', EXISTS (SELECT {cited} AND EXISTS (
                SELECT FROM recommendations_finding f JOIN recommendations_evidence g ON g.id = f.evidence_id
                 WHERE g.document_id = e.document_id AND f.kind IN ({doubts}){doubt_held})),
           'proposed_by', (SELECT u.username FROM recommendations_user u WHERE u.id = a.proposed_by_id),
           'proposed_at', a.proposed_at,
           'decided_by', (SELECT u.username FROM recommendations_user u WHERE u.id = a.decided_by_id),
           'decided_at', a.decided_at, 'decision_note', a.decision_note,
           'published_at', a.published_at, 'withdrawn_at', a.withdrawn_at,
           'retracted_by', (SELECT u.username FROM recommendations_user u WHERE u.id = a.retracted_by_id),
           'retracted_at', a.retracted_at, 'retraction_reason', a.retraction_reason,
           'evidence', (SELECT coalesce(json_agg(json_build_object({evidence},
                                 'stance', q.stance, 'locator', q.locator) ORDER BY q.id), '[]') {cited}))
    FROM recommendations_assessment a WHERE a.id = {verdict}{verdict_public}{verdict_held}),
'responses', (
  SELECT coalesce(json_agg(json_build_object('institution', json_build_object('code', i.code, 'name', i.name),
           'kind', x.kind, 'stated_on', x.stated_on, 'date_precision', x.date_precision, 'summary', x.summary,
           'source_label', x.source_label, 'source_system', x.source_system, 'recorded_at', x.recorded_at)
           ORDER BY x.stated_on DESC, x.recorded_at DESC, x.id DESC), '[]')
    FROM recommendations_response x JOIN recommendations_institution i ON i.id = x.institution_id
   WHERE x.recommendation_id = r.id{response_known}),
'evidence', (
  SELECT coalesce(json_agg(json_build_object({evidence}, 'recommendation', b.code,
           'stance', l.stance, 'timing', l.timing, 'note', l.note)
           ORDER BY e.occurred_on DESC, e.id DESC, l.id), '[]')
    FROM page family
    JOIN recommendations_evidencelink l ON l.recommendation_id = family.pk
    JOIN recommendations_recommendation b ON b.id = family.pk
    JOIN recommendations_evidence e ON e.id = l.evidence_id
    JOIN recommendations_document d ON d.id = e.document_id
   WHERE true{evidence_public}{evidence_known}),
'indicators', (
  SELECT coalesce(json_agg(json_build_object('code', n.code, 'name', n.name, 'unit', n.unit,
           'direction', n.direction, 'note', n.note, 'sources', n.sources,
           'recommendations', (SELECT json_agg(o.code ORDER BY o.code COLLATE "C")
                                 FROM recommendations_indicator_recommendations m
                                 JOIN recommendations_recommendation o ON o.id = m.recommendation_id
                                WHERE m.indicator_id = n.id{other_public}),
           'updated_at', n.updated_at, 'version', n.version,
           'observations', (SELECT coalesce(json_agg(json_build_object('id', v.id, 'role', v.role,
                  'period', v.period, 'period_from', v.period_from, 'period_to', v.period_to, 'value', v.value,
                  'value_text', v.value_text, 'measure', v.measure, 'quality', v.quality, 'basis', v.basis,
                  'verified', v.verified, 'seen_at', v.seen_at, 'note', v.note, 'recorded_at', v.recorded_at)
                  ORDER BY v.role, v.period_from, v.id), '[]')
                FROM recommendations_observation v WHERE v.indicator_id = n.id{value_known}))
           ORDER BY n.code), '[]')
    FROM recommendations_indicator_recommendations t JOIN recommendations_indicator n ON n.id = t.indicator_id
   WHERE t.recommendation_id = r.id),
'deadlines', (
  SELECT coalesce(json_agg(json_build_object('previous_due_on', x.previous_due_on, 'due_on', x.due_on,
           'moved_by', (SELECT json_build_object('code', i.code, 'name', i.name)
                          FROM recommendations_institution i WHERE i.id = x.moved_by_id),
           'reason', x.reason, 'recorded_at', x.recorded_at) ORDER BY x.recorded_at DESC, x.id DESC), '[]')
    FROM recommendations_deadline x WHERE x.recommendation_id = r.id{deadline_known}),
'relations', (
  SELECT coalesce(json_agg(json_build_object('kind', y.kind, 'direction', y.direction, 'code', o.code,
           'title', o.title, 'note', y.note)
           ORDER BY y.kind COLLATE "C", o.code COLLATE "C", y.direction), '[]')
    FROM (SELECT x.kind, 'from' AS direction, x.other_id AS id, x.note, x.recorded_at
            FROM recommendations_relation x WHERE x.recommendation_id = r.id
          UNION ALL
          SELECT x.kind, 'to', x.recommendation_id, x.note, x.recorded_at
            FROM recommendations_relation x WHERE x.other_id = r.id) y
    JOIN recommendations_recommendation o ON o.id = y.id
    JOIN recommendations_source s ON s.id = o.source_id
   WHERE true{other_public}{other_known}),
'closures', (
  SELECT coalesce(json_agg(json_build_object('reason', x.reason, 'note', x.note, 'review_on', x.review_on,
           'closed_at', x.closed_at,
           'reopened_at', CASE WHEN {reopening_known} THEN x.reopened_at END,
           'reopening_note', CASE WHEN {reopening_known} THEN x.reopening_note ELSE '' END)
           ORDER BY x.closed_at DESC, x.id DESC), '[]')
    FROM recommendations_closure x WHERE x.recommendation_id = r.id{closure_known})
)
"""
