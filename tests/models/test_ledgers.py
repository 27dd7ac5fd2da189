"""What only raw SQL could reach: dates out of order, copies written by hand, ledgers rewritten."""

from datetime import date

import pytest

from recommendations.actions import closures, responses
from recommendations.actions.assessments import Cited
from tests import factories
from tests.models.raw import INSERT, refused

pytestmark = pytest.mark.django_db


def test_a_day_to_come_is_refused_whatever_the_proposal_says_of_its_own_date():
    row = factories.recommendation()
    refused(
        "assessment_not_in_the_future",
        INSERT.replace("'2026-11-26'", "'2099-01-01'"),
        row.pk,
        "no_action",
        "2090-01-01",
        "why",
        "proposed",
        factories.user("editor").pk,
        "",
    )


def test_a_publication_is_not_dated_back():
    proposal = factories.proposed(factories.recommendation())
    refused(
        "assessment_dated_in_order",
        "UPDATE recommendations_assessment SET state = 'published', decided_by_id = %s,"
        " decided_at = '2001-01-01', published_at = '2001-01-01' WHERE id = %s",
        factories.user("reviewer").pk,
        proposal.pk,
    )


def test_a_recommendation_is_not_moved_to_a_source_younger_than_its_verdicts():
    row = factories.recommendation()
    factories.published(row, effective_on=date(2013, 1, 1))
    younger = factories.source(published_on=date(2020, 1, 1))
    refused(
        "assessment_not_before_source",
        "UPDATE recommendations_recommendation SET source_id = %s WHERE id = %s",
        younger.pk,
        row.pk,
    )


@pytest.mark.parametrize(
    "column",
    ["contested = true", "due_on = '2027-01-01'", "response = 'accepted'", "last_verified_at = now()"],
)
def test_no_copied_column_is_written_by_hand(column):
    row = factories.recommendation()
    refused(
        "recommendation_status_is_derived",
        f"UPDATE recommendations_recommendation SET {column} WHERE id = %s",
        row.pk,
    )


def test_responses_and_closures_are_not_rewritten():
    row = factories.recommendation()
    responses.record(
        row,
        institution=factories.institution(),
        kind="accepted",
        stated_on=date(2012, 1, 1),
        by=factories.user("editor"),
        now=factories.NOW,
    )
    closures.close(row, reason="implemented", note="Done.", by=factories.user("reviewer"), now=factories.NOW)
    refused("response_append_only", "DELETE FROM recommendations_response")
    refused("closure_immutable", "UPDATE recommendations_closure SET closed_at = '2001-01-01'")
    refused("closure_immutable", "DELETE FROM recommendations_closure")


@pytest.mark.parametrize("change", ["verified = false", "visibility = 'internal'"])
def test_evidence_that_alone_carries_a_verdict_stays_read_and_public(change):
    row = factories.recommendation()
    carrying = factories.evidence(bears_on=row)
    factories.published(row, cites=[Cited(carrying, "supports")])
    refused(
        "evidence_carries_a_verdict",
        f"UPDATE recommendations_evidence SET {change} WHERE id = %s",
        carrying.pk,
    )
