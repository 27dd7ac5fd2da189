"""Reading the seed files: a folder in, the tracker's nouns out, or every problem with its line.

Three steps, and a folder that fails one does not reach the next: the files are YAML; they have the shape
of `schema.json`, which lies beside them and serves editors too; they agree with each other
(seed_references.py) and with what the tracker holds true (seed_rules.py). Nothing is returned unless
all of it holds.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from recommendations.exchange import seed_nouns, seed_references, seed_rules
from recommendations.exchange.entries import Entry
from recommendations.exchange.nouns import Institution, Seeds, Theme
from recommendations.exchange.problems import Problem, SeedsRefused
from recommendations.exchange.schemas import Schemas
from recommendations.exchange.stances import Stances
from recommendations.exchange.yaml_files import YamlFile, read

__all__ = ["SeedsRefused", "read_seeds"]

SCHEMA = "schema.json"
SINGLE = ("sources", "institutions", "themes", "indicators", "figures", "checks")
"""One file each; all must be there."""
FOLDERS = ("documents", "recommendations")
"""A folder of files each, of any names, so that a file stays small enough to edit."""
ENTRIES = (*SINGLE, "documents")
"""Files that are lists of entries; one of recommendations names its source first."""

Child = TypeVar("Child", Institution, Theme)


def read_seeds(folder: Path, *, today: date) -> Seeds:
    """All of a folder. `today` is the last day a verdict or an event may bear.

    Raises SeedsRefused with every problem of the first step that fails.
    """
    files = _files(folder)
    seeds = _seeds(files)
    problems = [
        *seed_references.problems(seeds),
        *seed_rules.problems(seeds, today=today),
    ]
    if problems:
        raise SeedsRefused(problems)
    return seeds


def _files(folder: Path) -> dict[str, list[YamlFile]]:
    """The files by definition, readable and of the right shape."""
    if not (folder / SCHEMA).is_file():
        raise SeedsRefused([Problem(SCHEMA, 1, _("file"), "", _("This file is missing."))])
    schemas = Schemas(folder / SCHEMA)
    files: dict[str, list[YamlFile]] = {name: [] for name in (*SINGLE, *FOLDERS)}
    problems: list[Problem] = []
    for definition, path in _paths(folder, problems):
        file, unreadable = read(path, path.relative_to(folder).as_posix())
        problems += unreadable
        if file:
            problems += schemas.problems(file, definition)
            files[definition].append(file)
    if problems:
        raise SeedsRefused(problems)
    return files


def _paths(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    """Each YAML file with the definition it follows; a file nobody would read is a problem."""
    for path in sorted(folder.rglob("*.y*ml")):
        parts = path.relative_to(folder).parts
        definition = parts[0] if len(parts) > 1 else path.stem
        if path.suffix == ".yaml" and (
            (len(parts) == 1 and definition in SINGLE) or (len(parts) == 2 and definition in FOLDERS)
        ):
            yield definition, path
        else:
            rule = _("No file of this name is read. See README.md for the names.")
            problems.append(Problem(path.relative_to(folder).as_posix(), 1, _("file"), "", rule))
    for name in SINGLE:
        if not (folder / f"{name}.yaml").is_file():
            problems.append(Problem(f"{name}.yaml", 1, _("file"), "", _("This file is missing.")))


def _seeds(files: dict[str, list[YamlFile]]) -> Seeds:
    """The nouns of files of the right shape; refused if a date among them does not exist."""
    problems: list[Problem] = []
    whole = {name: [Entry(file, (), file.value, problems) for file in files[name]] for name in files}
    entries = {name: [each for file in whole[name] for each in file.each()] for name in ENTRIES}
    documents = tuple(seed_nouns.document(entry) for entry in entries["documents"])
    stances = Stances.told_by(documents)
    seeds = Seeds(
        institutions=_parents_first(seed_nouns.institution(entry) for entry in entries["institutions"]),
        themes=_parents_first(seed_nouns.theme(entry) for entry in entries["themes"]),
        sources=tuple(seed_nouns.source(entry) for entry in entries["sources"]),
        recommendations=tuple(
            each for file in whole["recommendations"] for each in seed_nouns.recommendations(file, stances)
        ),
        documents=documents,
        indicators=tuple(seed_nouns.indicator(entry) for entry in entries["indicators"]),
        figures=tuple(seed_nouns.figure(entry) for entry in entries["figures"]),
        checks=tuple(seed_nouns.check(entry) for entry in entries["checks"]),
    )
    if problems:
        raise SeedsRefused(problems)
    return seeds


def _parents_first(nouns: Iterable[Child]) -> tuple[Child, ...]:
    """Each after its parent. What hangs on an unknown parent or on itself comes last, to be refused."""
    waiting: list[Child] = list(nouns)
    placed: list[Child] = []
    codes = {""}
    while ready := [each for each in waiting if each.parent in codes]:
        placed += ready
        waiting = [each for each in waiting if each.parent not in codes]
        codes |= {each.code for each in ready}
    return tuple(placed + waiting)
