"""METHODOLOGY.md and the page /method/ fail the build when they say something else than the code."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db.models import TextChoices

from recommendations import vocabulary
from recommendations.fetching.adapters import watching
from recommendations.rules import changes, hosts, schedules

METHODOLOGY = (Path(__file__).parents[2] / "METHODOLOGY.md").read_text()
IN_ONE_LINE = " ".join(METHODOLOGY.split())

SHOWN_WITH_CODE: list[type[TextChoices]] = [
    vocabulary.Status,
    vocabulary.ResponseKind,
    vocabulary.ClosureReason,
    vocabulary.CheckKind,
    vocabulary.FindingKind,
]
"""What METHODOLOGY.md lists in tables: the word, then the code."""


@pytest.fixture
def page(client: Any, db: None) -> str:
    return " ".join(unescape(client.get("/method/").text).split())


def test_it_names_its_version(page):
    assert f"Method version {vocabulary.METHOD_VERSION}." in METHODOLOGY
    assert f"Method version {vocabulary.METHOD_VERSION}" in page


@pytest.mark.parametrize("status", vocabulary.Status)
def test_each_status_with_its_definition_and_shelf_life(status, page):
    meaning = vocabulary.STATUS_MEANINGS[status]
    shelf_life = str(meaning.shelf_days or "none")
    assert f"| {status.label} | `{status}` | {meaning.definition} | {shelf_life} |" in METHODOLOGY
    assert f"<span>{status.label}</span></span></th><td>{meaning.definition}</td>" in page


@pytest.mark.parametrize("word", [word for words in SHOWN_WITH_CODE for word in words], ids=str)
def test_each_word_of_a_table(word):
    assert f"| {word.label} | `{word}` |" in METHODOLOGY


@pytest.mark.parametrize("word", [*vocabulary.Stance, *vocabulary.VerdictBy], ids=str)
def test_stances_and_parties_with_their_words(word):
    assert f"`{word}`" in METHODOLOGY
    assert str(word.label) in METHODOLOGY


@pytest.mark.parametrize(
    "code", [*vocabulary.AssessmentState, *vocabulary.Precision, *vocabulary.Timing], ids=str
)
def test_states_precisions_and_timings_by_their_code(code):
    assert f"`{code}`" in METHODOLOGY


@pytest.mark.parametrize("role", [role for role in vocabulary.Role if role], ids=str)
def test_each_role(role):
    assert f"**{role}**" in METHODOLOGY


@pytest.mark.parametrize("outcome", vocabulary.Outcome)
def test_each_outcome_of_a_look(outcome):
    assert str(outcome.label) in IN_ONE_LINE


@pytest.mark.parametrize("confidence", vocabulary.Confidence)
def test_each_confidence(confidence):
    assert str(confidence.label).lower() in METHODOLOGY


@pytest.mark.parametrize("reason", vocabulary.ClosureReason)
def test_which_closures_lapse(reason, page):
    lapses = reason in vocabulary.CLOSURES_UNDER_REVIEW
    assert f"| {reason.label} | `{reason}` | {'yes' if lapses else 'no'} |" in METHODOLOGY
    mark = ' <span class="small">(with a review date)</span>' if lapses else ""
    assert f"<li>{reason.label}{mark}</li>" in page


def test_the_page_has_each_response_and_each_check_too(page):
    assert ", ".join(str(word.label).lower() for word in vocabulary.ResponseKind) in page
    assert "".join(f"<li>{word.label}</li>" for word in vocabulary.CheckKind) in page


def test_the_numbers_of_the_checks():
    assert f"`{changes.RULE}`" in METHODOLOGY
    assert f"{schedules.FAILURES_UNTIL_FAILING} looks in a row failed" in METHODOLOGY
    assert f"seen {watching.CONFIRM} times in a row" in METHODOLOGY
    assert f"up to {schedules.LONGEST_STRETCH} times less often" in METHODOLOGY
    assert schedules.AFTER_A_CHANGE == (0.25, 0.5)
    assert "the next two looks come after a quarter and half of the interval" in IN_ONE_LINE
    share = f"at least {hosts.LEAST_CHECKS}, and at least {hosts.SHARE * 100:.0f} in 100, failed at their last look"
    assert share in IN_ONE_LINE
    assert f"looked at in the last {hosts.WINDOW.total_seconds() / 3600:.0f} hours" in IN_ONE_LINE
    assert f"looked at within {hosts.BACK_WITHIN.total_seconds() / 60:.0f} minutes" in IN_ONE_LINE
    assert timedelta(days=1).total_seconds() == schedules.LONGEST_RETRY_SECONDS
    assert f"at most {vocabulary.SUMMARY_LIMIT:,} characters" in METHODOLOGY


def test_how_politely_a_host_is_asked(settings):
    assert (settings.TRACKER_DOOR.per_host, settings.TRACKER_DOOR.host_pause_seconds) == (2, 1.0)
    assert "at most two questions at a time, which begin a second apart" in IN_ONE_LINE


def test_after_how_many_failures_nobody_signs_in(settings):
    assert (settings.AXES_FAILURE_LIMIT, settings.TRACKER_FAILURES_PER_ACCOUNT) == (10, 100)
    assert "After ten failed sign-ins from one address" in IN_ONE_LINE
    assert "or a hundred against one account" in IN_ONE_LINE


def test_which_verdicts_need_no_evidence():
    labels = " or ".join(f'"{status.label.lower()}"' for status in vocabulary.STATUSES_NEEDING_NO_EVIDENCE)
    assert f"unless it says {labels}." in IN_ONE_LINE
