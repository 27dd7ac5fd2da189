"""The rule `text_changed`: what is a change of what is said, and which to look at first."""

import pytest

from recommendations.rules.changes import Change, judge, only_less

BEFORE = "The rule takes effect on 1 June 2021.\nStatus: in force.\nIt covers 12 categories at $5 each."


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (BEFORE, Change(False, 0.0, ("wording",))),
        (BEFORE.upper(), Change(False, 0.0, ("wording",))),
        (BEFORE.replace(".", " ;"), Change(False, 0.0, ("wording",))),
        (BEFORE.replace("\n", " "), Change(False, 0.0, ("wording",))),
        (BEFORE.replace("categories", "cate-\ngories"), Change(False, 0.0, ("wording",))),
        (BEFORE.replace("takes effect", "takeseffect"), Change(False, 0.0, ("wording",))),
        ("\n".join(reversed(BEFORE.splitlines())), Change(False, 0.0, ("order",))),
    ],
)
def test_the_same_words_are_no_change(after, change):
    assert judge(BEFORE, after) == change


@pytest.mark.parametrize(
    ("after", "first_reason"),
    [
        (BEFORE.replace("in force", "withdrawn"), "status_word"),
        (BEFORE.replace("It covers", "It never covers"), "negation"),
        (BEFORE.replace("June", "July"), "date"),
        (BEFORE.replace("2021", "2022"), "date"),
        (BEFORE.replace("12", "11"), "number"),
        (BEFORE.replace("$5", "€5"), "words"),
        (BEFORE.replace("categories", "classes"), "words"),
        ("", "emptied"),
    ],
)
def test_what_says_something_else_is_material_and_says_why(after, first_reason):
    change = judge(BEFORE, after)
    assert (change.material, change.reasons[0]) == (True, first_reason)
    assert 0 < change.score <= 1


def test_who_did_what_to_whom_matters():
    assert judge("Congress sued the agency", "The agency sued Congress").material


def test_a_status_word_comes_before_a_mere_wording():
    status = judge(BEFORE, BEFORE.replace("in force", "repealed")).score
    wording = judge(BEFORE, BEFORE.replace("covers", "includes")).score
    assert status > wording


def test_the_rule_says_its_name_and_version():
    change = judge("a", "b")
    assert (change.rule, change.rule_version) == ("text_changed", 2)


def test_numbers_run_together_are_other_numbers():
    assert judge("In 2021 1 case", "In 20211 case").material


@pytest.mark.parametrize(
    ("after", "less"),
    [
        (BEFORE, True),
        ("Status: in force.", True),
        ("", True),
        (BEFORE + " Or not.", False),
        ("force force", False),
    ],
)
def test_a_text_that_only_lost_words_says_nothing_new(after, less):
    assert only_less(BEFORE, after) is less
