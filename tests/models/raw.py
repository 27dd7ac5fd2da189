"""Statements as the owner of the database would type them, and the refusal that is expected."""

import pytest
from django.db import IntegrityError, connection, transaction


def sql(statement: str, *values: object) -> None:
    """Run one statement and everything that waits for a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(rule: str, statement: str, *values: object) -> None:
    with pytest.raises(IntegrityError) as refusal:
        sql(statement, *values)
    assert refusal.value.__cause__.diag.constraint_name == rule


INSERT = (
    "INSERT INTO recommendations_assessment (recommendation_id, status, effective_on, rationale, confidence,"
    " verdict_by, method_version, evidence_derived, source_label, source_system, mapping_version, state,"
    " proposed_by_id, proposed_by_machine, proposed_at, decision_note, retraction_reason)"
    " VALUES (%s, %s, %s, %s, '', 'office', '1', false, '', '', '', %s, %s, %s, '2026-11-26', '', '')"
)
"""A proposal as one row: recommendation, status, day, rationale, state, proposer, proposing machine."""
