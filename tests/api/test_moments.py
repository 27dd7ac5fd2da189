"""What is told of a moment of the past knows nothing of what came later."""

from datetime import date, timedelta

import pytest

from recommendations.actions import assessments, relations
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=30)
BETWEEN = (NOW - timedelta(days=15)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def subject():
    return factories.recommendation(code="R-1")


@pytest.mark.parametrize(
    "path", ["assessments/", "recommendations/R-1/assessments/", "recommendations/R-1/"], ids=str
)
@pytest.mark.parametrize("who", ["stranger", "editor"])
def test_a_later_retraction_is_not_told(request, subject, path, who):
    verdict = factories.published(subject, now=EARLIER)
    assessments.retract(verdict, by=factories.user("reviewer"), now=NOW, note="Misread.")
    told = request.getfixturevalue(who).read(f"{path}?known_at={BETWEEN}")
    row = told["headline"] if "headline" in told else told["results"][0]
    assert {name: row[name] for name in ("state", "retracted_by", "retracted_at", "retraction_reason")} == {
        "state": "published",
        "retracted_by": None,
        "retracted_at": None,
        "retraction_reason": "",
    }


def test_verdicts_are_filtered_by_the_state_they_had(stranger, subject):
    verdict = factories.published(subject, now=EARLIER)
    assessments.retract(verdict, by=factories.user("reviewer"), now=NOW, note="Misread.")
    found = {
        asked: len(stranger.read(f"assessments/?{asked}")["results"])
        for asked in (
            "state=retracted",
            "state=published",
            f"state=published&known_at={BETWEEN}",
            f"state=retracted&known_at={BETWEEN}",
        )
    }
    assert list(found.values()) == [1, 0, 1, 0]


def test_a_later_correction_is_not_told(stranger, subject):
    verdict = factories.published(subject, now=EARLIER)
    correction = factories.published(subject, supersedes=verdict, now=NOW)
    [then] = stranger.read(f"assessments/?known_at={BETWEEN}")["results"]
    assert then["superseded_by"] == []
    assert stranger.read(f"assessments/{verdict.pk}/")["superseded_by"] == [correction.pk]


@pytest.mark.parametrize("who", ["stranger", "editor"])
def test_a_retracted_correction_corrects_nothing(request, subject, who):
    verdict = factories.published(subject, now=EARLIER - timedelta(days=30))
    correction = factories.published(subject, supersedes=verdict, now=EARLIER)
    assessments.retract(correction, by=factories.user("reviewer"), now=NOW, note="Misread.")
    caller = request.getfixturevalue(who)
    assert caller.read(f"assessments/{verdict.pk}/")["superseded_by"] == []
    then = caller.read(f"assessments/?known_at={BETWEEN}")["results"]
    assert {each["id"]: each["superseded_by"] for each in then} == {
        verdict.pk: [correction.pk],
        correction.pk: [],
    }


def test_relations_to_what_was_not_yet_recommended_are_not_told(stranger, subject):
    newer = factories.recommendation(source=factories.source(published_on=date(2020, 1, 1)))
    older = factories.recommendation(source=factories.source(published_on=date(2010, 1, 1)))
    manager = factories.user("manager")
    relations.add(subject, other=newer, kind="same_aim", by=manager, now=NOW)
    relations.add(older, other=subject, kind="supports", by=manager, now=NOW)

    def codes(asked):
        return [each["code"] for each in stranger.read(f"recommendations/R-1/{asked}")["relations"]]

    assert codes("?as_of=2015-01-01") == [older.code]
    assert codes("") == [newer.code, older.code]


def test_staff_read_the_verdicts_on_internal_recommendations_in_its_timeline(editor):
    row = factories.recommendation(code="R-2", visibility="internal")
    verdict = factories.published(row, now=EARLIER)
    assessments.retract(verdict, by=factories.user("reviewer"), now=NOW, note="Misread.")
    factories.proposed(row)
    told = editor.read("recommendations/R-2/timeline/")["results"]
    assert sorted(each["what"] for each in told if each["what"] in ("assessment", "retracted")) == [
        "assessment",
        "retracted",
    ]
