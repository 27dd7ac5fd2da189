"""Recall and false alarms, on pages and documents of our own making. METHODOLOGY.md states these figures."""

from pathlib import Path

import pytest

from .corpus import furniture, generator, meaning, pairs, papers, walls
from .corpus.heldout import furniture as heldout_furniture
from .corpus.heldout import meaning as heldout_meaning
from .corpus.looking import Watched, outcome_of
from .corpus.second import KNOWN as SECOND_KNOWN
from .corpus.second import furniture as second_furniture
from .corpus.second import meaning as second_meaning
from .corpus.second import papers as second_papers
from .corpus.third import KNOWN as THIRD_KNOWN
from .corpus.third import furniture as third_furniture
from .corpus.third import meaning as third_meaning

CORPUS = pairs.PAGES.parent
SECOND, THIRD, HELDOUT = (CORPUS / name / "pages" for name in ("second", "third", "heldout"))

QUIET = [
    *pairs.pairs(furniture.FURNITURE),
    *papers.FURNITURE,
    *pairs.pairs(second_furniture.FURNITURE, SECOND),
    *second_papers.FURNITURE,
    *pairs.pairs(third_furniture.FURNITURE, THIRD),
]
SAID = [
    *pairs.pairs(meaning.MEANING),
    *papers.MEANING,
    *pairs.pairs(second_meaning.MEANING, SECOND),
    *second_papers.MEANING,
    *pairs.pairs(third_meaning.MEANING, THIRD),
]
UNSEEN_QUIET = pairs.pairs(heldout_furniture.FURNITURE, HELDOUT)
UNSEEN_SAID = pairs.pairs(heldout_meaning.MEANING, HELDOUT)

LOOKS_A_PAGE = 180
"""Times fourteen pages: more than 2,500 looks."""


def names(rows):
    return [row.name for row in rows]


def is_told(pair):
    return [found.kind for found in outcome_of(pair.before, pair.after, pair.content_type).found] == [
        "evidence_changed"
    ]


def parts(found):
    """What could be left out, as the settings of a check name it."""
    places = [place for each in found for place in each.saw.get("where", [])]
    said = {"skip": "part", "ignore": "phrase"}
    return {setting: [place[key] for place in places if key in place] for setting, key in said.items()}


def false_alarms(rows):
    looks = {row.name: outcome_of(row.before, row.after, row.content_type) for row in rows}
    return {name for name, seen in looks.items() if seen.found or seen.outcome != "unchanged"}


@pytest.mark.parametrize("pair", SAID, ids=names(SAID))
def test_one_thing_that_is_said_differently_is_told(pair):
    assert is_told(pair)


def test_of_the_furniture_that_was_learned_from_only_what_is_known_is_told():
    assert len(QUIET) >= 60
    assert false_alarms(QUIET) == SECOND_KNOWN | THIRD_KNOWN


@pytest.mark.parametrize("name", walls.WALLS)
def test_what_stands_in_place_of_a_page_is_no_change_of_it(name):
    body, reached, outcome = walls.WALLS[name]
    watched = Watched()
    watched.look(pairs.read("federal_rule"))
    first, second = (watched.look(body.encode(), final_url=reached) for _ in range(2))
    back = watched.look(pairs.read("federal_rule"))
    assert (first.found, second.outcome) == ((), outcome)
    assert [found.kind for found in second.found] == ([] if outcome == "failed" else [f"evidence_{outcome}"])
    assert (back.outcome, back.found) == ("unchanged", ())


def test_a_page_that_shrinks_to_a_statement_has_changed():
    watched = Watched()
    watched.look(pairs.read("federal_rule"))
    said = b"<title>Bureau</title><main><h1>Export licences</h1><p>Withdrawn by the Secretary on 2 June.</p></main>"
    assert [watched.look(said).outcome for _ in range(2)] == ["failed", "changed"]


@pytest.mark.parametrize("page", sorted(path.stem for path in pairs.PAGES.glob("*.html")))
def test_thousands_of_looks_at_furniture_find_nothing(page):
    watched = Watched()
    watched.look(pairs.read(page))
    looks = generator.looks(page, furniture.FURNITURE, seed=2026, number=LOOKS_A_PAGE)
    told = [(seen.outcome, seen.note) for seen in map(watched.look, looks) if seen.outcome != "unchanged"]
    assert told == []


@pytest.mark.parametrize("page", sorted({page for page, _name in meaning.MEANING}))
def test_a_change_is_found_among_furniture_that_changes_too(page):
    """Every edit of the page, each in a version that is dressed otherwise than the one seen before."""
    for number, ((where, name), changes) in enumerate(meaning.MEANING.items()):
        if where != page:
            continue
        first, second = generator.looks(page, {}, seed=number, number=2)
        watched = Watched()
        watched.look(first)
        charset = "cp1252" if page == "old_agency" else "utf-8"
        seen = watched.look(pairs.edited(second.decode(charset), changes).encode(charset))
        assert [found.kind for found in seen.found] == ["evidence_changed"], name


def test_the_methodology_states_these_figures():
    said = (Path(__file__).parents[2] / "METHODOLOGY.md").read_text()
    looks = LOOKS_A_PAGE * len(list(pairs.PAGES.glob("*.html")))
    for row in (
        f"| one thing that is said: {len(SAID)} | {len(SAID)} |",
        f"| only furniture: {len(QUIET)} | {len(SECOND_KNOWN | THIRD_KNOWN)}, which are named in the tests |",
        f"| {looks:,} looks in a row at fourteen of them, each dressed in other furniture | only furniture | 0 |",
        f"| one thing that is said: {len(UNSEEN_SAID)} | {len(UNSEEN_SAID)} |",
        f"| only furniture, of kinds not met before: {len(UNSEEN_QUIET)} | {TOLD_AT_FIRST} |",
        f"| {365 * 7:,} looks at it, a person leaving out what they dismiss | only furniture | {TOLD_IN_A_YEAR} |",
    ):
        assert row in said


TOLD_AT_FIRST, TOLD_IN_A_YEAR = 21, 14


class TestPagesThatNobodyHasSeen:
    """The figures of the held-out family, as they are."""

    def test_every_change_is_found(self):
        assert [pair.name for pair in UNSEEN_SAID if not is_told(pair)] == []
        assert len(UNSEEN_SAID) == 27

    def test_much_of_their_furniture_is_told_before_it_is_taught(self):
        assert (len(false_alarms(UNSEEN_QUIET)), len(UNSEEN_QUIET)) == (TOLD_AT_FIRST, 29)

    def test_most_of_it_can_be_left_out_by_a_person_who_dismisses_it_and_is_then_silent(self):
        taught, silent = 0, 0
        for pair in UNSEEN_QUIET:
            found = outcome_of(pair.before, pair.after).found
            if not any(parts(found).values()):
                continue
            taught += 1
            watched = Watched(**parts(found))
            watched.look(pair.before)
            silent += watched.look(pair.after).outcome == "unchanged"
        assert (taught, silent) == (20, 20)

    def test_what_is_left_out_hides_what_stands_in_it_and_nothing_elsewhere(self):
        taught: dict[str, dict[str, list[str]]] = {}
        taught |= {pair.name.split(":")[0]: {"skip": [], "ignore": []} for pair in UNSEEN_QUIET}
        for pair in UNSEEN_QUIET:
            for setting, said in parts(outcome_of(pair.before, pair.after).found).items():
                taught[pair.name.split(":")[0]][setting] += said
        hidden = []
        for pair in UNSEEN_SAID:
            watched = Watched(**taught[pair.name.split(":")[0]])
            watched.look(pair.before)
            if watched.look(pair.after).outcome != "changed":
                hidden.append(pair.name)
        assert hidden == ["audit_office: a day"], "the box with the time of reading holds that day too"

    def test_a_year_of_looks_with_a_person_who_leaves_out_what_is_furniture(self):
        """Each day one look at each page, with its own furniture and the generator's; who dismisses leaves out."""
        told = looks = 0
        for path in sorted(HELDOUT.glob("*.html")):
            watched = Watched()
            watched.look(path.read_bytes())
            versions = generator.looks(
                path.stem, heldout_furniture.FURNITURE, seed=1, number=365, folder=HELDOUT
            )
            for version in versions:
                seen = watched.look(version)
                looks += 1
                told += len(seen.found)
                for setting, said in parts(seen.found).items():
                    known = watched.config.get(setting, [])
                    watched.settle(**{setting: list(dict.fromkeys([*known, *said]))[:20]})
        assert (told, looks) == (TOLD_IN_A_YEAR, 365 * 7)
