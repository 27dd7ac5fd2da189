"""The invariants that PostgreSQL promises, attacked by raw SQL as its owner would write it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from recommendations.actions import deadlines
from recommendations.actions.assessments import Cited
from recommendations.models import Assessment, CheckRun, Event
from tests import factories
from tests.models.raw import INSERT, refused, sql

pytestmark = pytest.mark.django_db


class TestStatusIsNeverWritten:
    def test_not_by_hand(self):
        row = factories.recommendation()
        refused(
            "recommendation_status_is_derived",
            "UPDATE recommendations_recommendation SET status = 'implemented' WHERE id = %s",
            row.pk,
        )

    def test_not_back_to_an_older_one(self):
        row = factories.recommendation()
        factories.published(row, status="in_progress")
        refused(
            "recommendation_status_is_derived",
            "UPDATE recommendations_recommendation SET status = 'not_assessed', headline_id = NULL,"
            " status_since = NULL, confidence = '' WHERE id = %s",
            row.pk,
        )

    def test_not_by_publishing_behind_its_back(self):
        proposal = factories.proposed(factories.recommendation())
        refused(
            "recommendation_status_is_derived",
            "UPDATE recommendations_assessment SET state = 'published', decided_by_id = %s,"
            " decided_at = now(), published_at = now() WHERE id = %s",
            factories.user("reviewer").pk,
            proposal.pk,
        )

    def test_not_on_a_new_row(self):
        refused(
            "recommendation_status_is_derived",
            'INSERT INTO recommendations_recommendation (code, source_id, title, summary, "group", locator,'
            " explicit, note, priority, visibility, status, confidence, contested, response, closure_reason,"
            " updated_at, version) VALUES ('Z', %s, 't', 's', '', '', true, '', false, 'public',"
            " 'implemented', '', false, 'none', '', now(), 1)",
            factories.source().pk,
        )

    def test_not_on_a_new_row_of_which_something_was_said_before_it_came(self):
        """Keys are checked at the end, so what a response says may be there before its recommendation."""
        refused(
            "recommendation_status_is_derived",
            "SET CONSTRAINTS response_moves_the_headline IMMEDIATE;"
            "INSERT INTO recommendations_response (recommendation_id, institution_id, kind, stated_on, date_precision,"
            " summary, source_label, source_system, mapping_version, recorded_at)"
            " VALUES (1000000, %s, 'accepted', '2020-01-01', 'day', '', '', '', '', now());"
            'INSERT INTO recommendations_recommendation (id, code, source_id, title, summary, "group", locator,'
            " explicit, note, priority, visibility, status, confidence, contested, response, closure_reason,"
            " updated_at, version) VALUES (1000000, 'Z', %s, 't', 's', '', '', true, '', false, 'public',"
            " 'not_assessed', '', false, 'none', '', now(), 1)",
            factories.institution().pk,
            factories.source().pk,
        )


PUBLISHED_COLUMNS = {
    "status": "'implemented'",
    "effective_on": "'2014-01-01'",
    "rationale": "'another'",
    "confidence": "'low'",
    "verdict_by": "'addressee'",
    "method_version": "'9'",
    "proposed_at": "now()",
    "decided_at": "now()",
    "decision_note": "'changed'",
    "published_at": "now()",
    "state": "'proposed'",
    "source_label": "'Open'",
}


class TestPublishedVerdictIsImmutable:
    @pytest.mark.parametrize("column", PUBLISHED_COLUMNS)
    def test_no_column_changes(self, column):
        verdict = factories.published(factories.recommendation())
        refused(
            "assessment_immutable",
            f"UPDATE recommendations_assessment SET {column} = {PUBLISHED_COLUMNS[column]} WHERE id = %s",
            verdict.pk,
        )

    def test_it_is_not_deleted(self):
        verdict = factories.published(factories.recommendation())
        refused("assessment_immutable", "DELETE FROM recommendations_assessment WHERE id = %s", verdict.pk)

    def test_the_table_is_not_emptied(self):
        factories.published(factories.recommendation())
        refused("assessment_immutable", "TRUNCATE recommendations_assessment CASCADE")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE recommendations_citation SET stance = 'contradicts' WHERE assessment_id = %s",
            "DELETE FROM recommendations_citation WHERE assessment_id = %s",
            "INSERT INTO recommendations_citation (assessment_id, evidence_id, stance, locator)"
            " SELECT %s, max(id), 'supports', '' FROM recommendations_evidence",
        ],
    )
    def test_its_evidence_stays(self, statement):
        verdict = factories.published(factories.recommendation())
        factories.evidence()
        refused("assessment_immutable", statement, verdict.pk)

    def test_a_proposal_cannot_be_reworded_either(self):
        proposal = factories.proposed(factories.recommendation())
        refused(
            "assessment_immutable",
            "UPDATE recommendations_assessment SET rationale = 'other' WHERE id = %s",
            proposal.pk,
        )

    def test_a_retraction_needs_a_reason(self):
        verdict = factories.published(factories.recommendation())
        refused(
            "assessment_state_has_its_dates",
            "UPDATE recommendations_assessment SET state = 'retracted', retracted_by_id = %s,"
            " retracted_at = now() WHERE id = %s",
            factories.user("reviewer").pk,
            verdict.pk,
        )


class TestWhatAVerdictNeeds:
    def setup_method(self):
        self.row = factories.recommendation()
        self.editor = factories.user("editor")

    def test_evidence(self):
        refused(
            "assessment_cites_evidence",
            INSERT,
            self.row.pk,
            "implemented",
            "2013-01-01",
            "why",
            "proposed",
            self.editor.pk,
            "",
        )

    def test_none_where_nothing_was_found(self):
        sql(INSERT, self.row.pk, "no_action", "2013-01-01", "looked", "proposed", self.editor.pk, "")
        assert Assessment.objects.get().status == "no_action"

    def test_a_rationale(self):
        refused(
            "assessment_rationale_given",
            INSERT,
            self.row.pk,
            "no_action",
            "2013-01-01",
            " \n",
            "proposed",
            self.editor.pk,
            "",
        )

    def test_a_day_that_has_come(self):
        refused(
            "assessment_not_in_the_future",
            INSERT,
            self.row.pk,
            "no_action",
            "2026-11-27",
            "why",
            "proposed",
            self.editor.pk,
            "",
        )

    def test_a_day_after_the_source(self):
        refused(
            "assessment_not_before_source",
            INSERT,
            self.row.pk,
            "no_action",
            "2011-02-28",
            "why",
            "proposed",
            self.editor.pk,
            "",
        )

    def test_to_begin_as_a_proposal(self):
        refused(
            "assessment_begins_proposed",
            INSERT,
            self.row.pk,
            "no_action",
            "2013-01-01",
            "why",
            "published",
            self.editor.pk,
            "",
        )

    def test_a_proposer(self):
        refused(
            "assessment_has_one_proposer",
            INSERT,
            self.row.pk,
            "no_action",
            "2013-01-01",
            "why",
            "proposed",
            None,
            "",
        )

    def test_a_known_status(self):
        refused(
            "assessment_status_known",
            INSERT,
            self.row.pk,
            "not_assessed",
            "2013-01-01",
            "why",
            "proposed",
            self.editor.pk,
            "",
        )


class TestFourEyes:
    @pytest.mark.parametrize("role", ["editor", "administrator"])
    def test_nobody_publishes_their_own(self, role):
        proposer = factories.user(role)
        proposal = factories.proposed(factories.recommendation(), by=proposer)
        refused(
            "assessment_four_eyes",
            "UPDATE recommendations_assessment SET state = 'published', decided_by_id = %s,"
            " decided_at = now(), published_at = now() WHERE id = %s",
            proposer.pk,
            proposal.pk,
        )

    def test_no_machine_publishes(self):
        proposal = factories.proposed(factories.recommendation())
        refused(
            "assessment_state_has_its_dates",
            "UPDATE recommendations_assessment SET state = 'published', published_at = now() WHERE id = %s",
            proposal.pk,
        )

    def test_unverified_evidence_alone_does_not_carry_a_verdict(self):
        row = factories.recommendation()
        unread = factories.evidence(bears_on=row, verified=False)
        proposal = factories.proposed(row, cites=[Cited(unread, "supports")])
        refused(
            "assessment_rests_on_verified_evidence",
            "UPDATE recommendations_assessment SET state = 'published', decided_by_id = %s,"
            " decided_at = now(), published_at = now() WHERE id = %s",
            factories.user("reviewer").pk,
            proposal.pk,
        )


class TestLedgersOnlyGrow:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE recommendations_event SET actor = 'somebody else'",
            "DELETE FROM recommendations_event",
            "TRUNCATE recommendations_event",
        ],
    )
    def test_events(self, statement):
        factories.published(factories.recommendation())
        refused("event_append_only", statement)
        assert Event.objects.count() == 3

    def test_deadlines(self):
        row = factories.recommendation()
        deadlines.move(
            row, due_on=date(2027, 1, 1), reason="agreed", by=factories.user("editor"), now=factories.NOW
        )
        refused("deadline_append_only", "UPDATE recommendations_deadline SET due_on = '2030-01-01'")
        refused("deadline_append_only", "DELETE FROM recommendations_deadline")

    def test_a_deadline_names_the_one_before_it(self):
        row = factories.recommendation()
        refused(
            "deadline_follows_the_last",
            "INSERT INTO recommendations_deadline (recommendation_id, previous_due_on, due_on, reason,"
            " recorded_by_id, recorded_at) VALUES (%s, '2020-01-01', '2021-01-01', 'x', %s, now())",
            row.pk,
            factories.user("editor").pk,
        )


def test_events_hold_no_foreign_keys():
    assert [field.name for field in Event._meta.get_fields() if field.is_relation] == []


def test_a_part_has_no_parts_of_its_own():
    whole = factories.recommendation()
    part = factories.recommendation(parent=whole)
    refused(
        "recommendation_part_of_a_whole",
        'INSERT INTO recommendations_recommendation (code, source_id, parent_id, title, summary, "group",'
        " locator, explicit, note, priority, visibility, status, confidence, contested, response,"
        " closure_reason, updated_at, version) VALUES ('Z', %s, %s, 't', 's', '', '', true, '', false,"
        " 'public', 'not_assessed', '', false, 'none', '', now(), 1)",
        whole.source_id,
        part.pk,
    )


def test_a_source_is_not_moved_past_its_verdicts():
    row = factories.recommendation()
    factories.published(row, effective_on=date(2013, 1, 1))
    refused(
        "assessment_not_before_source",
        "UPDATE recommendations_source SET published_on = '2014-01-01' WHERE id = %s",
        row.source_id,
    )


def test_one_run_for_each_due_time():
    check = factories.check()
    run = {
        "status_check": check,
        "due_at": factories.NOW,
        "started_at": factories.NOW,
        "finished_at": factories.NOW,
        "outcome": "unchanged",
    }
    CheckRun.objects.create(**run)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckRun.objects.create(**run)
