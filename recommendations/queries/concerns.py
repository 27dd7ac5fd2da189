"""Which recommendations a finding concerns, as a part of other statements."""

ABOUT = """
  SELECT f.recommendation_id AS id WHERE f.recommendation_id IS NOT NULL
  UNION ALL
  SELECT l.recommendation_id FROM recommendations_evidence watched
    JOIN recommendations_evidence same ON same.document_id = watched.document_id
    JOIN recommendations_evidencelink l ON l.evidence_id = same.id
   WHERE watched.id = f.evidence_id
  UNION ALL
  SELECT measured.recommendation_id FROM recommendations_indicator_recommendations measured
   WHERE measured.indicator_id = f.indicator_id
"""
"""The recommendations that a finding `f` concerns: its own, those that its document bears on, those measured."""
