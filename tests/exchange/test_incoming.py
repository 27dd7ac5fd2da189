"""Files of other systems, read strictly: headers, preambles, entities, lists, keys; what cannot be read is told."""

import io
import json
import tracemalloc
from datetime import date

import pytest

from recommendations.exchange import cells, formats, gao, mappings
from recommendations.exchange.incoming import FileRefused
from recommendations.rules import imports as rules
from recommendations.vocabulary import ClosureReason, ImportFormat, ResponseKind, Status
from tests.exchange import files


def read(format, content):
    reading = formats.FORMATS[format].read(
        io.BytesIO(content.encode() if isinstance(content, str) else content)
    )
    return list(reading.rows), reading


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("arms, money", ("arms", "money")),
        ("arms|money", ("arms", "money")),
        ("arms; money", ("arms", "money")),
        ("- arms\n- money, and more", ("arms", "money, and more")),
        ("one", ("one",)),
        ("", ()),
        ("a, a,, b", ("a", "b")),
    ],
)
def test_lists_in_their_dialects(text, entries):
    assert cells.many(text) == entries


def test_names_that_hold_commas_are_one():
    assert cells.many("Bureau of Alcohol, Tobacco, Firearms and Explosives", comma=False) == (
        "Bureau of Alcohol, Tobacco, Firearms and Explosives",
    )


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A &amp; B"),
        ("  two   words\t\r\n\n next ", "two words\nnext"),
        ("no\u00a0break", "no break"),
    ],
)
def test_entities_once_and_white_space(given, plain):
    assert cells.plain(given) == plain


def test_html_becomes_words():
    assert (
        cells.words_of_html("<p>Protect &amp; care</p><script>x</script><ul><li>of all")
        == "Protect & care\nof all"
    )
    assert cells.words_of_html("less than < 5") == "less than < 5"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Do it. (Recommendation 4)", "4"),
        ("Do it. (recommendation 1).", "1"),
        ("Do it. [Recommendation 2]", "2"),
        ("Do it. (Recommendations 5)", "5"),
        ("Do it. (Recommendation 1.)", "1"),
        ("Do it. (Recommendation 19-01)", "19-01"),
        ("Do it. (Recommendation 9", "9"),
        ("Do it. (Matter for Consideration 1)", "M1"),
        ("Do it. (Matter for Congressional Consideration 2)", "M2"),
        ("Do it. (Matter 3)", "M3"),
        ("Do what Recommendation 4 says.", ""),
        ("Do it.", ""),
    ],
)
def test_the_number_at_the_end_of_gaos_text(text, number):
    assert gao.stated_number(text) == number


def test_a_row_of_gao_without_what_is_personal():
    [row], reading = read("gao", files.gao([files.OPEN]))
    assert reading.as_of == date(2026, 9, 28)
    assert (row.line, row.key) == (7, "GAO-23-106596 | Department of Defense | 4")
    assert row.code.startswith("GAO-23-106596-4-")
    assert row.claim is None
    assert row.label == "Open"
    assert row.themes == ("National Defense",)
    assert "Doe" not in repr(row)
    assert "0100" not in repr(row)


def test_the_key_of_a_row_without_a_number_is_its_words():
    text = {"Recommendation": "Do it without a number."}
    [first, second], _reading = read(
        "gao", files.gao([files.OPEN | text, files.OPEN | {"Recommendation": "Do more."}])
    )
    assert first.key != second.key
    assert first.code != second.code


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"Title,,\r\n", "preamble_unknown", 1),
        (files.gao([files.OPEN]).replace(b"status as of Sep 28", b"status of old"), "as_of_unknown", 3),
        (files.gao([files.OPEN]).replace(b"Publication  Number", b"Publication Number"), "header_unknown", 6),
        (files.gao([files.OPEN]).replace(b",Topics", b""), "header_missing", 6),
        (files.gao([files.OPEN]).partition(b"Actions")[0], "csv", 7),
    ],
)
def test_a_file_that_is_not_gaos_is_refused_with_its_line(content, rule, line):
    with pytest.raises(FileRefused) as refusal:
        read("gao", content)
    assert (refusal.value.rule, refusal.value.line) == (rule, line)


def test_rows_after_a_title_with_a_line_break_keep_their_line():
    rows, _reading = read("gao", files.gao([files.OPEN, files.PARTLY]))
    assert [row.line for row in rows] == [7, 9]


def test_a_record_of_uhri():
    [row], reading = read("uhri", files.uhri([files.SUPPORTED, files.CONCERN]))
    assert reading.passed_over == {"Concerns/Observations": 1}
    assert reading.as_of == date(2024, 4, 3)
    assert row.columns["summary"] == "Strengthen the protection & care of migrants (Country);"
    assert (row.answer.kind, row.answer.label, row.answer.institution) == ("accepted", "Supported", "Mexico")
    assert row.source.code == "A-HRC-56-9"
    assert row.wrongs == ()


def test_noted_is_not_rejected():
    [row], _reading = read("uhri", files.uhri([files.SUPPORTED | {"UprPositions": ["Noted"]}]))
    assert row.answer.kind == "noted"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("[]", "empty"),
        ("", "json"),
        ("[{", "json"),
        (json.dumps([files.SUPPORTED | {"Extra": 1}]), "header_unknown"),
        (
            json.dumps([{key: value for key, value in files.SUPPORTED.items() if key != "Sdgs"}]),
            "header_missing",
        ),
    ],
)
def test_another_json_is_refused(content, rule):
    with pytest.raises(FileRefused) as refusal:
        read("uhri", content)
    assert refusal.value.rule == rule


def test_uhri_is_read_in_constant_memory():
    def peak(number):
        content = files.uhri([files.SUPPORTED] * number)
        reading = formats.FORMATS["uhri"].read(io.BytesIO(content))
        tracemalloc.start()
        count = sum(1 for _row in reading.rows)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == number
        return most

    peak(10)
    assert peak(3_000) < peak(300) * 2


def test_our_own_two_formats_say_the_same():
    csv = "code,source,title,summary,themes,explicit,status,rationale\nA-1,A,T,S,x|y,no,stalled,R\n"
    ndjson = json.dumps(
        {
            "code": "A-1",
            "source": {"code": "A", "title": "..."},
            "title": "T",
            "summary": "S",
            "themes": [{"code": "x", "name": "X"}, "y"],
            "explicit": False,
            "status": "stalled",
            "rationale": "R",
        }
    )
    [one], _reading = read("csv", csv)
    [other], _reading = read("ndjson", ndjson)
    assert (one.columns, one.source, one.themes, one.claim) == (
        other.columns,
        other.source,
        other.themes,
        other.claim,
    )


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ('{"code": "A", "colour": 1}', "header_unknown"),
        ('{"title": "A"}', "header_missing"),
        ("[1]", "json"),
        ('{"code": ', "json"),
        ("", "empty"),
    ],
)
def test_another_ndjson_is_refused(content, rule):
    with pytest.raises(FileRefused) as refusal:
        read("ndjson", content)
    assert refusal.value.rule == rule


def test_impact_oss_with_its_levels_of_support():
    content = "title,reference,support_level,category-short-title,action-id\nRatify,111.1,1,Rights,7\nAct,111.2,,,\n"
    [first, second], reading = read("impact_oss", content)
    assert (first.code, first.answer.kind, first.themes) == ("111-1", "partially_accepted", ("Rights",))
    assert second.answer.kind == "not_applicable"
    assert reading.passed_over == {"action-id": 1}


def test_ogps_completion_is_a_verdict_of_its_mechanism():
    content = (
        "CaseNo,Country,Commitment Title,Responsible Institution,Completion\n"
        "12,Ireland,Publish it,Treasury; Bank,Limited\n"
    )
    [row], _reading = read("ogp", content)
    assert row.addressees == ("Treasury", "Bank")
    assert (row.claim.status, row.claim.verdict_by) == ("partially_implemented", "oversight")


# The mapping.


@pytest.mark.parametrize(
    "label", ["Closed - Implemented", "closed-implemented", "Closed – Implemented", "CLOSED--IMPLEMENTED"]
)
def test_dashes_and_case_do_not_matter(label):
    assert mappings.meaning("GAO", label).status == "implemented"


def test_what_the_table_does_not_know_has_no_meaning():
    assert mappings.meaning("GAO", "Shut") is None
    assert mappings.meaning("NOBODY", "Open") is None


def test_every_meaning_is_in_our_words_and_no_two_labels_of_a_system_fold_into_one():
    for labels in mappings.TABLE.values():
        assert len({mappings._folded(label) for label in labels}) == len(labels)
        for meaning in labels.values():
            assert meaning.status in ("", *Status.values)
            assert meaning.response in ("", *ResponseKind.values)
            assert meaning.closure in ("", *ClosureReason.values)


def test_every_format_has_a_reader_and_every_rule_a_sentence():
    assert set(formats.FORMATS) == set(ImportFormat.values)
    assert all(str(sentence).strip() for sentence in (*rules.OF_FILES.values(), *rules.OF_ROWS.values()))
