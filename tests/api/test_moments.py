"""What is told of a moment of the past knows nothing of what came later."""

from datetime import date, timedelta

import pytest

from recommendations.actions import assessments, findings, relations
from recommendations.models import Finding
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


class TestTheBasisOfAVerdict:
    """A mark is there from the moment a finding was brought until a person has decided on it."""

    DAYS = {
        "before it was found": (-20, False),
        "when it was found": (-15, True),
        "while it waited": (-12, True),
        "when somebody decided": (-10, False),
        "after that": (-5, False),
    }

    @pytest.fixture
    def verdict(self, subject):
        seen = factories.evidence(bears_on=subject)
        verdict = factories.published(
            subject, now=EARLIER, cites=[assessments.Cited(seen, "supports")], status="implemented"
        )
        found = findings.bring(
            kind="evidence_changed",
            rule="text_changed",
            rule_version="2",
            title="Changed",
            fingerprint="a" * 64,
            evidence=seen,
            by="check:1",
            now=NOW - timedelta(days=15),
        )
        findings.dismiss(found, by=factories.user("editor"), now=NOW - timedelta(days=10), note="A typo.")
        return verdict

    @pytest.mark.parametrize("when", DAYS)
    def test_a_moment_of_the_past_tells_the_doubts_of_then(self, stranger, client, subject, verdict, when):
        days, marked = self.DAYS[when]
        at = (NOW + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        [told] = stranger.read(f"assessments/?known_at={at}")["results"]
        assert told["basis_changed"] is marked
        assert stranger.read(f"recommendations/R-1/?known_at={at}")["headline"]["basis_changed"] is marked
        page = client.get(f"/recommendations/R-1/?known_at={at}").content.decode()
        assert ("nobody had looked at it by then" in page) is marked

    def test_today_tells_the_doubts_of_today(self, stranger, verdict):
        assert stranger.read(f"assessments/{verdict.pk}/")["basis_changed"] is False

    def test_a_doubt_that_nobody_has_looked_at_is_one_of_today_and_of_every_moment_since(
        self, stranger, subject, verdict
    ):
        for each in Finding.objects.all():
            findings.bring(
                kind=each.kind,
                rule=each.rule,
                rule_version="2",
                title="Changed again",
                fingerprint="b" * 64,
                evidence=each.evidence,
                by="check:1",
                now=NOW - timedelta(days=3),
            )
        told = [
            stranger.read(f"recommendations/R-1/{asked}")["headline"]["basis_changed"]
            for asked in ("", f"?known_at={(NOW - timedelta(days=2)):%Y-%m-%dT%H:%M:%SZ}")
        ]
        assert told == [True, True]
