"""Editing a proposal makes another one, which somebody else decides on."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from django.utils.translation import override

from recommendations.actions import assessments, changes, replacements
from recommendations.actions.assessments import Cited
from recommendations.actions.proposals import NewEvidence
from recommendations.actions.refusals import NotAllowed, Refused
from recommendations.models import Assessment
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def about():
    return factories.recommendation()


@pytest.fixture
def claim(about):
    read = factories.evidence(bears_on=about)
    return {
        "status": "partially_implemented",
        "effective_on": date(2020, 5, 1),
        "rationale": "Half of it is in force.",
        "confidence": "high",
        "cites": [Cited(read, "supports")],
    }


def test_a_reviewer_replaces_what_an_editor_proposed(about, claim):
    original, reviewer = factories.proposed(about, status="implemented"), factories.user("reviewer")
    finding = factories.finding(recommendation=about)
    finding.assessments.add(original)
    made = replacements.replace(original, by=reviewer, now=NOW, **claim)
    original.refresh_from_db()
    assert (original.state, original.decided_by) == ("rejected", reviewer)
    assert str(made.pk) in original.decision_note
    assert (made.state, made.proposed_by, made.status) == ("proposed", reviewer, "partially_implemented")
    assert set(finding.assessments.all()) == {original, made}
    with pytest.raises(Refused) as refusal:
        assessments.publish(made, by=reviewer, now=NOW)
    assert refusal.value.rule == "assessment_four_eyes"


def test_what_is_written_into_the_record_is_in_its_language(about, claim):
    original = factories.proposed(about, status="implemented")
    with override("es"):
        made = replacements.replace(original, by=factories.user("reviewer"), now=NOW, **claim)
    original.refresh_from_db()
    assert original.decision_note == f"Replaced by proposal {made.pk}."


def test_an_editor_replaces_their_own_by_withdrawing_it(about, claim):
    editor = factories.user("editor")
    original = factories.proposed(about, by=editor)
    replacements.replace(original, by=editor, now=NOW, **claim)
    original.refresh_from_db()
    assert original.state == "withdrawn"


def test_an_editor_cannot_send_back_what_another_proposed(about, claim):
    original = factories.proposed(about)
    with pytest.raises(NotAllowed):
        replacements.replace(original, by=factories.user("editor"), now=NOW, **claim)
    assert list(Assessment.objects.values_list("state", flat=True)) == ["proposed"]


def test_what_is_decided_is_not_replaced(about, claim):
    original = factories.published(about)
    with pytest.raises(Refused) as refusal:
        replacements.replace(original, by=factories.user("reviewer"), now=NOW, **claim)
    assert refusal.value.rule == "assessment_already_decided"


def test_a_replacement_that_is_refused_leaves_the_original_waiting(about, claim):
    original = factories.proposed(about)
    with pytest.raises(Refused):
        replacements.replace(original, by=factories.user("reviewer"), now=NOW, **claim | {"cites": []})
    original.refresh_from_db()
    assert original.state == "proposed"


@pytest.mark.django_db(transaction=True)
def test_replacing_and_publishing_at_once_do_not_wait_for_each_other(about, claim):
    """Who publishes holds the lock of what the public sees, and then asks for the row."""
    original, reviewer, started = factories.proposed(about), factories.user("reviewer"), threading.Event()
    claim["filing"] = NewEvidence("", "A law", "It passed.", "law", date(2020, 4, 1), "supports")

    def replaced():
        try:
            started.set()
            return replacements.replace(original, by=reviewer, now=NOW, **claim)
        except Refused as refusal:
            return refusal.rule
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            changes.hold()
            outcome = other.submit(replaced)
            started.wait(10)
            time.sleep(1)  # so that it has come as far as it can
            assessments.publish(original, by=factories.user("reviewer"), now=NOW)
        assert outcome.result(30) == "assessment_already_decided"
