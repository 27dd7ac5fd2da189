"""What is told of a moment of the past knows nothing of what came later."""

import csv
import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from recommendations.actions import assessments, closures, evidence, findings, relations
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


class TestWhatWasSaidOnlyLater:
    """Evidence, its links and relations that were recorded after the moment asked for are not told."""

    @pytest.fixture
    def later(self, subject):
        """Filed and linked at NOW, of a day long ago."""
        return evidence.file(
            url="https://example.org/late",
            title="Filed late",
            finding="It happened.",
            kind="report",
            occurred_on=date(2012, 6, 1),
            bears_on=[evidence.Bearing(subject, "supports")],
            by=factories.user("editor"),
            now=NOW,
        )

    MOMENTS = {
        "": 1,
        "?as_of=2013-01-01": 1,
        f"?known_at={BETWEEN}": 0,
        f"?as_of=2013-01-01&known_at={BETWEEN}": 0,
    }

    @pytest.mark.parametrize("asked", MOMENTS)
    def test_evidence_that_was_filed_later(self, stranger, client, subject, later, asked):
        told = stranger.read(f"recommendations/R-1/{asked}")
        [listed] = stranger.read(f"recommendations/{asked}")["results"]
        page = client.get(f"/recommendations/R-1/{asked}").content.decode()
        number = self.MOMENTS[asked]
        assert [each["title"] for each in told["evidence"]] == ["Filed late"] * number
        assert (told["evidence_count"], listed["evidence_count"]) == (number, number)
        assert ("Filed late" in page) is bool(number)
        timeline = stranger.read(f"recommendations/R-1/timeline/{asked}")["results"]
        assert [each["title"] for each in timeline if each["what"] == "evidence"] == ["Filed late"] * number

    @pytest.mark.parametrize("asked", MOMENTS)
    def test_evidence_that_was_linked_later(self, stranger, subject, asked):
        seen = factories.evidence()
        evidence.link(seen, evidence.Bearing(subject, "supports"), by=factories.user("editor"), now=NOW)
        told = stranger.read(f"recommendations/R-1/{asked}")
        assert len(told["evidence"]) == told["evidence_count"] == self.MOMENTS[asked]

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("", "Not yet."),
            (f"?known_at={BETWEEN}", ""),
            (f"?as_of={(NOW - timedelta(days=1)).date()}", ""),
            (f"?as_of={NOW.date()}", "Not yet."),
        ],
    )
    def test_a_closure_that_was_reopened_later(self, stranger, subject, asked, told):
        reviewer = factories.user("reviewer")
        closures.close(subject, reason="implemented", note="Done.", by=reviewer, now=EARLIER)
        closures.reopen(subject, note="Not yet.", by=reviewer, now=NOW)
        [closure] = stranger.read(f"recommendations/R-1/{asked}")["closures"]
        assert (closure["reopening_note"], closure["reopened_at"] is not None) == (told, bool(told))

    def test_relations_that_were_told_later(self, stranger, subject):
        other = factories.recommendation(code="R-2")
        relations.add(subject, other=other, kind="same_aim", by=factories.user("manager"), now=NOW)
        found = {
            (code, asked): len(stranger.read(f"recommendations/{code}/{asked}")["relations"])
            for code in ("R-1", "R-2")
            for asked in ("", f"?known_at={BETWEEN}")
        }
        assert list(found.values()) == [1, 0, 1, 0]

    @pytest.mark.parametrize(("table", "key"), [("csv", "evidence_count"), ("ndjson", "evidence_count")])
    def test_exports_count_what_was_known(self, stranger, subject, later, table, key):
        def counted(asked):
            answer = stranger.get(f"exports/recommendations.{table}{asked}")
            text = b"".join(answer.streaming_content).decode()
            row = json.loads(text) if table == "ndjson" else next(csv.DictReader(text.splitlines()))
            return int(row[key])

        assert [counted(asked) for asked in self.MOMENTS] == list(self.MOMENTS.values())

    def test_the_moment_stays_as_it_is(self, subject, later):
        related = relations.add(
            subject, other=factories.recommendation(), kind="supports", by=factories.user("manager"), now=NOW
        )
        for row in (later, later.links.get(), related):
            assert row.recorded_at == NOW
            with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(recorded_at=EARLIER)
