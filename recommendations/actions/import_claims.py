"""What an import claims, answers and misses, as SQL over the rows that were written (`import_done`)."""

from recommendations.actions.import_sql import defaults, events_sql
from recommendations.models import Assessment, Citation, EvidenceLink, Finding, Response
from recommendations.vocabulary import METHOD_VERSION, Confidence, FindingKind


def claims_sql() -> list[str]:
    link, link_values = defaults(
        EvidenceLink, "evidence_id", "recommendation_id", "stance", "timing", "recorded_at"
    )
    columns, values = defaults(
        Assessment,
        *("recommendation_id", "status", "effective_on", "rationale", "confidence", "verdict_by"),
        *("verdict_institution_id", "method_version", "source_label", "source_system", "mapping_version"),
        *("proposed_by_machine", "proposed_at"),
    )
    cited, cited_values = defaults(Citation, "assessment_id", "evidence_id", "stance", "locator")
    stance = """CASE d.said#>>'{claim,status}' WHEN 'reversed' THEN 'reverses' WHEN 'no_action' THEN 'contradicts'
                     WHEN 'not_implemented' THEN 'contradicts' ELSE 'supports' END"""
    return [
        f"""
INSERT INTO recommendations_evidencelink (evidence_id, recommendation_id, stance, timing, recorded_at{link})
SELECT %(evidence)s, d.recommendation_id, {stance},
       CASE WHEN %(as_of)s < d.published_on THEN 'before_publication' ELSE 'after_publication' END, %(now)s{link_values}
  FROM import_done d WHERE d.claims ORDER BY d.line
""",
        f"""
INSERT INTO recommendations_assessment
       (recommendation_id, status, effective_on, rationale, confidence, verdict_by, verdict_institution_id,
        method_version, source_label, source_system, mapping_version, proposed_by_machine, proposed_at{columns})
SELECT d.recommendation_id, d.said#>>'{{claim,status}}',
       coalesce((d.said#>>'{{claim,effective_on}}')::date, %(as_of)s),
       left(concat_ws(' ', CASE WHEN d.said#>>'{{claim,label}}' <> ''
                                THEN format(%(sentence)s, d.said#>>'{{claim,system}}', d.said#>>'{{claim,label}}') END,
                      nullif(d.said#>>'{{claim,rationale}}', '')), 10000),
       coalesce(nullif(d.said#>>'{{claim,confidence}}', ''), '{Confidence.LOW}'), d.said#>>'{{claim,verdict_by}}',
       i.id, '{METHOD_VERSION}', d.said#>>'{{claim,label}}', d.said#>>'{{claim,system}}', %(mapping)s, %(actor)s,
       %(now)s{values}
  FROM import_done d
  LEFT JOIN recommendations_institution i ON i.code = d.said#>>'{{claim,institution}}'
 WHERE d.claims ORDER BY d.line
""",
        f"""
INSERT INTO recommendations_citation (assessment_id, evidence_id, stance, locator{cited})
SELECT a.id, %(evidence)s, {stance}, format(%(place)s, d.line){cited_values}
  FROM import_done d
  JOIN recommendations_assessment a ON a.recommendation_id = d.recommendation_id AND a.proposed_by_machine = %(actor)s
 WHERE d.claims ORDER BY d.line
""",
        events_sql(
            verb="'assessment.proposed'",
            kind="assessment",
            target="a.id",
            before="NULL",
            after="jsonb_build_object('status', a.status, 'effective_on', a.effective_on, 'confidence', a.confidence,"
            " 'verdict_by', a.verdict_by, 'state', a.state)",
            public="false",
            rows="import_done d JOIN recommendations_assessment a"
            " ON a.recommendation_id = d.recommendation_id AND a.proposed_by_machine = %(actor)s",
        ),
    ]


def answers_sql() -> list[str]:
    columns, values = defaults(
        Response,
        *("recommendation_id", "institution_id", "kind", "stated_on", "source_label", "source_system"),
        *("mapping_version", "recorded_by_id", "recorded_at"),
    )
    return [
        f"""
INSERT INTO recommendations_response
       (recommendation_id, institution_id, kind, stated_on, source_label, source_system, mapping_version,
        recorded_by_id, recorded_at{columns})
SELECT d.recommendation_id, i.id, d.said#>>'{{answer,kind}}',
       coalesce((d.said#>>'{{answer,stated_on}}')::date, %(as_of)s),
       d.said#>>'{{answer,label}}', d.said#>>'{{answer,system}}', %(mapping)s, NULL, %(now)s{values}
  FROM import_done d
  JOIN LATERAL (
       SELECT coalesce((SELECT n.id FROM recommendations_institution n
                         WHERE n.code = d.said#>>'{{answer,institution}}'),
                       (SELECT a.institution_id FROM recommendations_addressee a
                         WHERE a.recommendation_id = d.recommendation_id
                         ORDER BY a.position, a.id LIMIT 1)) AS id) i ON true
 WHERE d.answers ORDER BY d.line
""",
        events_sql(
            verb="'response.recorded'",
            kind="response",
            target="p.id",
            before="jsonb_build_object('response', d.response_before)",
            after="jsonb_build_object('response', p.kind, 'institution', i.code, 'stated_on', p.stated_on)",
            public="r.public",
            rows="import_done d JOIN recommendations_recommendation r ON r.id = d.recommendation_id"
            " JOIN recommendations_response p ON p.recommendation_id = d.recommendation_id"
            " AND p.recorded_at = %(now)s AND p.recorded_by_id IS NULL AND d.answers"
            " JOIN recommendations_institution i ON i.id = p.institution_id",
        ),
    ]


def findings_sql() -> list[str]:
    columns, values = defaults(
        Finding,
        *("kind", "rule", "rule_version", "recommendation_id", "title", "saw", "fingerprint"),
        *("first_seen_at", "last_seen_at"),
    )
    return [
        f"""
INSERT INTO recommendations_finding
       (kind, rule, rule_version, recommendation_id, title, saw, fingerprint, first_seen_at, last_seen_at{columns})
SELECT '{FindingKind.ROW_VANISHED}', 'row_vanished', '1', d.recommendation_id, left(format(%(gone)s, d.code), 500),
       jsonb_build_object('import', %(actor)s::text, 'key', d.key, 'label', d.label, 'as_of', %(as_of)s),
       encode(sha256(convert_to(%(actor)s || ' ' || d.key, 'UTF8')), 'hex'), %(now)s, %(now)s{values}
  FROM import_vanished d ORDER BY d.line
""",
        events_sql(
            verb="'finding.brought'",
            kind="finding",
            target="f.id",
            before="NULL",
            after="jsonb_build_object('kind', f.kind, 'rule', f.rule, 'title', f.title, 'recommendation', d.code)",
            public="false",
            rows="import_vanished d JOIN recommendations_finding f"
            " ON f.fingerprint = encode(sha256(convert_to(%(actor)s || ' ' || d.key, 'UTF8')), 'hex')",
        ),
    ]
