"""Differences that a person can read, made in bounded time."""

import random
import time

import pytest

from recommendations.fetching.diffs import Segment, compare, count, excerpt


def test_a_changed_word_is_shown_between_the_words_around_it():
    before = "The rule takes effect on 1 June 2021 and covers all exports."
    after = "The rule takes effect on 1 July 2021 and covers all exports."
    assert compare(before, after) == [
        Segment("same", "The rule takes effect on 1"),
        Segment("removed", "June"),
        Segment("added", "July"),
        Segment("same", "2021 and covers all exports."),
    ]


def test_an_added_line_is_one_segment_and_far_words_are_counted():
    lines = [f"Paragraph {number} has words." for number in range(10)]
    segments = compare(
        "\n".join(lines), "\n".join([*lines[:5], "A court vacated it.", *lines[5:]]), context=4
    )
    assert segments == [
        Segment("skipped", "16"),
        Segment("same", "Paragraph 4 has words."),
        Segment("added", "A court vacated it."),
        Segment("same", "Paragraph 5 has words."),
        Segment("skipped", "16"),
    ]
    assert count(segments) == (4, 0)


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("a b", "a b"), ("a  b", "a b"), ("a\nb\n\n", "a\nb")]
)
def test_nothing_but_space_is_no_difference(before, after):
    assert compare(before, after) == []


def test_everything_new_and_everything_gone():
    assert compare("", "a b") == [Segment("added", "a b")]
    assert compare("a b", "") == [Segment("removed", "a b")]


def test_the_words_of_both_texts_can_be_had_back_from_an_untrimmed_difference():
    random.seed(3)
    for _ in range(50):
        before = "\n".join(" ".join(random.choices("abcde", k=6)) for _ in range(8))
        after = "\n".join(" ".join(random.choices("abcde", k=6)) for _ in range(8))
        segments = compare(before, after, context=10_000)
        kept = [segment for segment in segments if segment.kind != "added"]
        new = [segment for segment in segments if segment.kind != "removed"]
        assert " ".join(segment.text for segment in kept).split() == before.split()
        assert " ".join(segment.text for segment in new).split() == after.split()


def test_an_excerpt_is_limited():
    pairs = excerpt(compare("a " * 5000, "b " * 5000), limit=100)
    assert sum(len(text) for _kind, text in pairs) <= 100


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 20_000, "b\n" * 20_000),
        ("a b\n" * 3_000, "b a\n" * 3_000),
        ("the " * 150_000, "the " * 140_000 + "end"),
        (
            "\n".join(f"line {n}" for n in range(20_000)),
            "\n".join(f"line {n + n % 7}" for n in range(20_000)),
        ),
        ("\n".join(f"l {n % 50} x" for n in range(3_900)), "\n".join(f"l {n % 49} x" for n in range(3_900))),
        (" ".join(str(n) for n in range(100_000)), " ".join(str(n) for n in range(100_000, 0, -1))),
    ],
)
def test_large_texts_cost_little_time(before, after):
    started = time.perf_counter()
    assert compare(before, after)
    assert time.perf_counter() - started < 5
