"""A researcher's slips: each is told with file, line, field, value and rule, and nothing is returned."""

import json
from datetime import date

import pytest
from django.conf import settings

from recommendations import vocabulary
from recommendations.exchange.problems import Problem
from recommendations.exchange.seeds import SeedsRefused, read_seeds
from tests.exchange import folders

TODAY = date(2026, 11, 26)
DOCUMENTS, RECOMMENDATIONS = "documents/2012.yaml", "recommendations/REP11.yaml"
CHECKS = "checks.yaml"


def problems(folder) -> list[Problem]:
    with pytest.raises(SeedsRefused) as refused:
        read_seeds(folder, today=TODAY)
    return list(refused.value.problems)


def test_a_typing_error_in_a_key_is_told_with_the_key_that_was_meant(tmp_path):
    folder = folders.write(tmp_path, (DOCUMENTS, "caution: From memory.", "cuation: From memory."))

    assert problems(folder) == [
        Problem(DOCUMENTS, 22, "cuation", "", "Unknown key. Did you mean caution?"),
    ]


def test_a_typing_error_in_a_word_is_told_with_the_word_that_was_meant(tmp_path):
    folder = folders.write(tmp_path, (RECOMMENDATIONS, "status: implemented", "status: implemeted"))

    assert problems(folder) == [
        Problem(
            RECOMMENDATIONS,
            12,
            "status",
            "implemeted",
            "Not one of the words used here. Did you mean implemented?",
        ),
    ]


def test_all_slips_are_told_at_once(tmp_path):
    folder = folders.write(tmp_path, (DOCUMENTS, "verified: true\n", "verified: yes\n      verifed: true\n"))
    (folder / "themes.yaml").write_text("- code: Fire arms\n", encoding="utf-8")

    assert [(each.file, each.line, each.field) for each in problems(folder)] == [
        (DOCUMENTS, 12, "verified"),
        (DOCUMENTS, 13, "verifed"),
        ("themes.yaml", 1, "code"),
        ("themes.yaml", 1, "name"),
    ]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(
            (DOCUMENTS, "occurred_on: 2010-12-24", "occurred_on: 24/12/2010"),
            (DOCUMENTS, 18, "occurred_on", "24/12/2010"),
            id="a date of another form",
        ),
        pytest.param(
            (DOCUMENTS, "occurred_on: 2010-12-24", "occurred_on: 2010-02-30"),
            (DOCUMENTS, 18, "occurred_on", "2010-02-30"),
            id="a day that does not exist",
        ),
        pytest.param(
            (DOCUMENTS, "occurred_on: 2012", "occurred_on: 2027"),
            (DOCUMENTS, 9, "occurred_on", "2027-01-01"),
            id="an event in the future",
        ),
        pytest.param(
            (DOCUMENTS, "id: act-announced-2010", "id: act-passed-2012"),
            (DOCUMENTS, 17, "id", "act-passed-2012"),
            id="an id given twice",
        ),
        pytest.param(
            (DOCUMENTS, "code: REP11-01a,", "code: REP11-09,"),
            (DOCUMENTS, 16, "code", "REP11-09"),
            id="bears on an unknown recommendation",
        ),
        pytest.param(
            (DOCUMENTS, "      bears_on:\n        - {code: REP11-01a, stance: supports}\n", ""),
            (RECOMMENDATIONS, 15, "evidence", "act-passed-2012"),
            id="cited without a stance toward what it is cited for",
        ),
        pytest.param(
            (DOCUMENTS, "publisher: us-congress", "publisher: us-congres"),
            (DOCUMENTS, 3, "publisher", "us-congres"),
            id="an unknown institution",
        ),
        pytest.param(
            (DOCUMENTS, "  publisher: us-congress\n", ""),
            (DOCUMENTS, 1, "publisher", ""),
            id="nobody's document",
        ),
        pytest.param(
            (DOCUMENTS, ", timing: before_publication", ""),
            (DOCUMENTS, 24, "timing", "act-announced-2010"),
            id="older than the source and not said so",
        ),
        pytest.param(
            (DOCUMENTS, "      checked_against:\n        - https://example.org/act\n", ""),
            (DOCUMENTS, 8, "checked_against", ""),
            id="verified against nothing",
        ),
        pytest.param(
            (CHECKS, "recommendation: REP11-01\n", "recommendation: REP11-07\n"),
            (CHECKS, 2, "recommendation", "REP11-07"),
            id="a check for an unknown recommendation",
        ),
        pytest.param(
            (CHECKS, "  recommendation: REP11-01\n", ""),
            (CHECKS, 1, "recommendation", ""),
            id="a check for nothing",
        ),
        pytest.param(
            (CHECKS, "kind: feed", "kind: page"),
            (CHECKS, 1, "kind", "page"),
            id="a kind of check that needs no entry",
        ),
        pytest.param(
            (RECOMMENDATIONS, "- act-passed-2012", "- act-past-2012"),
            (RECOMMENDATIONS, 15, "evidence", "act-past-2012"),
            id="evidence that does not exist",
        ),
        pytest.param(
            (RECOMMENDATIONS, "          - act-passed-2012\n", ""),
            (RECOMMENDATIONS, 14, "evidence", "implemented"),
            id="a verdict on unverified evidence alone",
        ),
        pytest.param(
            (RECOMMENDATIONS, "effective_on: 2012-12-31", "effective_on: 2027-01-01"),
            (RECOMMENDATIONS, 11, "effective_on", "2027-01-01"),
            id="a verdict about the future",
        ),
        pytest.param(
            (RECOMMENDATIONS, "kind: supports", "kind: sports"),
            (RECOMMENDATIONS, 25, "kind", "sports"),
            id="an unknown kind of relation",
        ),
        pytest.param(
            (RECOMMENDATIONS, "to: REP11-01,", "to: REP11-01a,"),
            (RECOMMENDATIONS, 25, "to", "REP11-01a"),
            id="a relation to itself",
        ),
        pytest.param(
            (RECOMMENDATIONS, "code: REP11-01a", "code: REP11-02a"),
            (RECOMMENDATIONS, 18, "code", "REP11-02a"),
            id="a part with the code of another",
        ),
        pytest.param(
            (RECOMMENDATIONS, "title: Pass it\n", "title: Pass it\n        title: Twice\n"),
            (RECOMMENDATIONS, 20, "title", ""),
            id="a key written twice",
        ),
        pytest.param(
            ("institutions.yaml", "kind: media", "kind: media\n  parent: gazette"),
            ("institutions.yaml", 16, "parent", "gazette"),
            id="part of itself",
        ),
        pytest.param(
            ("institutions.yaml", "- Congress\n", "- The Gazette\n"),
            ("institutions.yaml", 13, "aliases", "The Gazette"),
            id="one name for two bodies",
        ),
        pytest.param(
            ("sources.yaml", "language: en", "language: en\n  url: example.org"),
            ("sources.yaml", 7, "url", "example.org"),
            id="an address without its scheme",
        ),
        pytest.param(
            ("figures.yaml", "  locator: p. 3\n", ""),
            ("figures.yaml", 1, "locator", ""),
            id="a stated figure that nobody can look up",
        ),
        pytest.param(
            ("indicators.yaml", "value: 0", "value: none"),
            ("indicators.yaml", 8, "value", "none"),
            id="a word for a number",
        ),
        pytest.param(
            ("themes.yaml", "name: Firearms", "name: [Firearms"),
            ("themes.yaml", 6, "file", ""),
            id="not YAML",
        ),
    ],
)
def test_each_slip_is_told_with_its_line(tmp_path, spoil, told):
    found = {
        (each.file, each.line, each.field, each.value) for each in problems(folders.write(tmp_path, spoil))
    }

    assert told in found


def test_a_verdict_before_the_source_was_published_is_refused(tmp_path):
    spoil = (
        RECOMMENDATIONS,
        "effective_on: 2012-12-31\n        status: implemented",
        "effective_on: 2011-02-28\n        status: no_action",
    )

    assert Problem(
        RECOMMENDATIONS,
        11,
        "effective_on",
        "2011-02-28",
        "Before REP11 was published nobody could carry it out.",
    ) in problems(folders.write(tmp_path, spoil))


def test_a_file_nobody_would_read_is_told(tmp_path):
    folder = folders.write(tmp_path)
    (folder / "document.yaml").write_text("[]", encoding="utf-8")

    assert problems(folder) == [
        Problem("document.yaml", 1, "file", "", "No file of this name is read. See README.md for the names.")
    ]


def test_a_folder_that_holds_no_seeds_is_told(tmp_path):
    assert problems(tmp_path / "elsewhere") == [
        Problem("schema.json", 1, "file", "", "This file is missing."),
    ]


def test_an_empty_file_an_anchor_and_a_missing_file_are_told(tmp_path):
    folder = folders.write(tmp_path)
    (folder / "themes.yaml").write_text("# nothing yet\n", encoding="utf-8")
    (folder / "figures.yaml").unlink()
    (folder / "documents" / "2013.yaml").write_text("- &a [*a]\n", encoding="utf-8")

    assert [(each.file, each.rule) for each in problems(folder)] == [
        ("documents/2013.yaml", "Anchors (& and *) are not used here: write the value out."),
        ("figures.yaml", "This file is missing."),
        ("themes.yaml", "The file is empty."),
    ]


def test_the_message_names_the_line(tmp_path):
    folder = folders.write(tmp_path, (DOCUMENTS, "kind: law", "kind: lawn"))

    with pytest.raises(SeedsRefused, match=r"documents/2012\.yaml:10: kind \(lawn\): .*Did you mean law\?"):
        read_seeds(folder, today=TODAY)


def test_the_schema_uses_the_words_of_the_vocabulary():
    """The schema serves editors too and so spells the words out; they are the same words."""
    schema = json.loads((settings.BASE_DIR / "seeds" / "schema.json").read_text(encoding="utf-8"))["$defs"]

    def words(definition: str, key: str) -> set[str]:
        return set(schema[definition]["properties"][key]["enum"])

    assert words("source", "kind") == set(vocabulary.SourceKind.values)
    assert words("institution", "kind") == set(vocabulary.InstitutionKind.values)
    assert words("evidence", "kind") == set(vocabulary.EvidenceKind.values)
    assert set(schema["stance"]["enum"]) == set(vocabulary.Stance.values)
    assert words("bearing", "timing") == set(vocabulary.Timing.values)
    assert words("assessment", "status") == {each.value for each in vocabulary.ASSESSABLE_STATUSES}
    assert words("assessment", "confidence") == set(vocabulary.Confidence.values)
    assert words("assessment", "verdict_by") == set(vocabulary.VerdictBy.values)
    assert words("relation", "kind") == set(vocabulary.RelationKind.values)
    assert words("indicator", "direction") == set(vocabulary.Direction.values)
    assert words("figure", "kind") == set(vocabulary.FigureKind.values)
    by_themselves = {vocabulary.CheckKind.PAGE, vocabulary.CheckKind.DOCUMENT, *vocabulary.OWN_CHECKS}
    assert words("check", "kind") == set(vocabulary.CheckKind.values) - by_themselves
