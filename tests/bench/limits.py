"""The questions of tests/bench/api.py as raw SQL on the plain schema: what is written in few tables, and no more."""

_ROW = """
json_build_object('code', r.code, 'title', r.title, 'summary', r.summary, 'status', r.status,
  'status_since', r.status_since, 'confidence', r.confidence, 'contested', r.contested, 'response', r.response,
  'due_on', r.due_on, 'closure_reason', r.closure_reason, 'closure_review_on', r.closure_review_on,
  'last_verified_at', r.last_verified_at, 'priority', r.priority, 'updated_at', r.updated_at, 'version', r.version,
  'source', json_build_object('code', s.code, 'title', s.title, 'published_on', s.published_on),
  'parent', p.code,
  'themes', (SELECT json_agg(json_build_object('code', t.code, 'name', t.name) ORDER BY t.name)
       FROM recommendations_recommendation_themes rt JOIN recommendations_theme t ON t.id = rt.theme_id
      WHERE rt.recommendation_id = r.id),
  'addressees', (SELECT json_agg(json_build_object('code', i.code, 'name', i.name, 'wording', a.wording) ORDER BY a.position)
       FROM recommendations_addressee a JOIN recommendations_institution i ON i.id = a.institution_id
      WHERE a.recommendation_id = r.id),
  'parts_count', (SELECT count(*) FROM recommendations_recommendation c
      WHERE c.parent_id = r.id AND c.visibility = 'public'),
  'evidence_count', (SELECT count(DISTINCT l.evidence_id) FROM recommendations_evidencelink l
       JOIN recommendations_evidence e ON e.id = l.evidence_id AND e.visibility = 'public'
      WHERE l.recommendation_id IN (SELECT f.id FROM recommendations_recommendation f WHERE f.id = r.id OR f.parent_id = r.id)))
"""

_PUBLIC = "r.visibility = 'public' AND s.visibility = 'public' AND (p.id IS NULL OR p.visibility = 'public')"

_FROM = """
  FROM recommendations_recommendation r JOIN recommendations_source s ON s.id = r.source_id
  LEFT JOIN recommendations_recommendation p ON p.id = r.parent_id
"""

LIST = (
    f"SELECT json_agg(x.row) FROM (SELECT {_ROW} AS row FROM recommendations_recommendation r"
    " JOIN recommendations_source s ON s.id = r.source_id"
    " LEFT JOIN recommendations_recommendation p ON p.id = r.parent_id"
    " WHERE r.id IN (SELECT r.id " + _FROM + " WHERE " + _PUBLIC + " AND {where} ORDER BY {order} LIMIT 101)"
    " ORDER BY {order}) x"
)

FILTERED = (
    "r.status = %s AND r.id IN (SELECT rt.recommendation_id FROM recommendations_recommendation_themes rt"
    " JOIN recommendations_theme t ON t.id = rt.theme_id WHERE t.code = %s)"
)

COUNT = f"SELECT count(*) {_FROM} WHERE {_PUBLIC} AND {FILTERED}"

SEARCH = f"""
SELECT json_agg(x.row) FROM (
  SELECT {_ROW} AS row {_FROM} JOIN (
    SELECT r.id, ts_rank(r.search, recommendations_query(%s)) AS rank {_FROM}
     WHERE {_PUBLIC} AND r.search @@ recommendations_query(%s) ORDER BY rank DESC, r.code LIMIT 51) f ON f.id = r.id
   ORDER BY f.rank DESC, r.code) x
"""

DETAIL = f"""
SELECT json_build_object('row', {_ROW},
  'assessments', (SELECT json_agg(json_build_object('id', a.id, 'status', a.status, 'effective_on', a.effective_on,
        'rationale', a.rationale, 'confidence', a.confidence, 'verdict_by', a.verdict_by, 'published_at', a.published_at)
        ORDER BY a.effective_on DESC)
      FROM recommendations_assessment a WHERE a.recommendation_id = r.id AND a.state IN ('published', 'retracted')),
  'evidence', (SELECT json_agg(json_build_object('title', e.title, 'finding', e.finding, 'stance', l.stance,
        'url', d.url) ORDER BY e.occurred_on DESC)
      FROM recommendations_evidencelink l JOIN recommendations_evidence e ON e.id = l.evidence_id
      JOIN recommendations_document d ON d.id = e.document_id
     WHERE l.recommendation_id = r.id AND e.visibility = 'public'),
  'responses', (SELECT json_agg(json_build_object('kind', q.kind, 'stated_on', q.stated_on))
      FROM recommendations_response q WHERE q.recommendation_id = r.id))
  {_FROM} WHERE {_PUBLIC} AND r.code = %s
"""

_KEYS = {
    "source": ("s.code", ""),
    "year": ("extract(year FROM s.published_on)::text", ""),
    "theme": (
        "t.code",
        " JOIN recommendations_recommendation_themes rt ON rt.recommendation_id = r.id"
        " JOIN recommendations_theme t ON t.id = rt.theme_id",
    ),
    "addressee": (
        "i.code",
        " JOIN recommendations_addressee a ON a.recommendation_id = r.id"
        " JOIN recommendations_institution i ON i.id = a.institution_id",
    ),
}

OVERVIEW = {
    by: "SELECT json_agg(x) FROM (SELECT "
    f"{key} AS code, r.status, count(*) AS n {_FROM} {join} WHERE {_PUBLIC} GROUP BY {key}, r.status) x"
    for by, (key, join) in _KEYS.items()
}
"""Counts by status of each group, by GROUP BY."""
