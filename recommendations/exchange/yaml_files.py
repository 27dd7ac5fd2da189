"""YAML as people write it, with the line of every value.

Differences from the common loaders, each because a researcher would be surprised otherwise:
`no` is Norway and not false; 2011-03-04 and 2011 stay text where a date or a period is asked; a key
written twice is an error and not a silent loss; anchors and tags, which hide what a file says, are refused.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from recommendations.exchange.nouns import Place
from recommendations.exchange.problems import Problem

AS_WRITTEN = frozenset({"occurred_on", "published_on", "effective_on", "from", "to", "period"})
"""Keys whose value is kept as written: 2011 is a year there, not a number."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it: five times as fast, and the same marks."""

QUOTED = ("'", '"', "|", ">")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
NUMBERS = {"tag:yaml.org,2002:int": int, "tag:yaml.org,2002:float": float}


@dataclass(frozen=True)
class YamlFile:
    """A file's plain value, and the line of each part of it under its path of keys and positions."""

    name: str
    value: Any
    lines: dict[tuple[Hashable, ...], int]

    def place(self, *path: Hashable) -> Place:
        """The place of the mapping or list at `path`, with the lines of what is directly below."""
        below = {
            str(each[-1]): line
            for each, line in ((path + (key,), self.lines.get(path + (key,))) for key in self._keys(path))
            if line is not None
        }
        return Place(self.name, self.lines.get(path, 1), below)

    def _keys(self, path: tuple[Hashable, ...]) -> list[Hashable]:
        value = self.value
        for key in path:
            value = value[key]
        return list(value) if isinstance(value, dict) else []


def read(path: Path, name: str) -> tuple[YamlFile | None, list[Problem]]:
    """The file, or None and what is wrong with it. `name` stands in the problems instead of the path."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=LOADER)
    except UnicodeDecodeError:
        return None, [Problem(name, 1, _("file"), "", _("The file is not UTF-8 text."))]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [
            Problem(
                name,
                line,
                _("file"),
                "",
                _("Not readable as YAML: %s.") % error.problem,
            )
        ]
    except yaml.YAMLError as error:
        return None, [Problem(name, 1, _("file"), "", _("Not readable as YAML: %s.") % error)]
    if node is None:
        return None, [Problem(name, 1, _("file"), "", _("The file is empty."))]
    reading = _Reading(name)
    value = reading.plain(node, ())
    if reading.problems:
        return None, reading.problems
    return YamlFile(name, value, reading.lines), []


class _Reading:
    """One walk through a composed file: plain values out, lines and problems kept on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[tuple[Hashable, ...], int] = {}
        self.problems: list[Problem] = []
        self._met: set[int] = set()

    def plain(self, node: yaml.Node, path: tuple[Hashable, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._met:
            rule = _("Anchors (& and *) are not used here: write the value out.")
            self.problems.append(Problem(self.name, line, str(path[-1]) if path else "", "", rule))
            return None
        self._met.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(each, (*path, position)) for position, each in enumerate(node.value)]
        style = node.style if isinstance(node, yaml.ScalarNode) else None
        return self._scalar(node.value, style, node.tag, path)

    def _mapping(self, node: yaml.MappingNode, path: tuple[Hashable, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in found:
                rule = _("This key is written twice in one entry; only one of the two could be kept.")
                self.problems.append(Problem(self.name, line, key, "", rule))
                continue
            self.lines[(*path, key)] = line
            found[key] = self.plain(value_node, (*path, key))
        return found

    def _scalar(self, text: str, style: str | None, tag: str, path: tuple[Hashable, ...]) -> Any:
        if style in QUOTED:
            return text
        if text in WORDS:
            return WORDS[text]
        if path and path[-1] in AS_WRITTEN:
            return text
        number = NUMBERS.get(tag)
        try:
            return number(text) if number else text
        except ValueError:
            # YAML's other spellings of numbers (0x1F, 1:30, .inf): text, for the schema to judge.
            return text
