"""What is wrong with a file, told so that the person who wrote it finds the line."""

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.exchange.nouns import Place

SHOWN = 20
"""Problems written out in the message of a refusal; all of them are in `problems`."""


@dataclass(frozen=True, order=True)
class Problem:
    """One line that cannot be accepted: where, which field, what stands there, which rule it breaks."""

    file: str
    line: int
    field: str
    value: str
    rule: str

    def __str__(self) -> str:
        shown = f" ({self.value})" if self.value else ""
        return f"{self.file}:{self.line}: {self.field}{shown}: {self.rule}"


def at(place: Place, field: str, value: object, rule: str) -> Problem:
    """The problem with one field of what was read at `place`."""
    return Problem(place.file, place.line_of(field), field, str(value), rule)


class SeedsRefused(Exception):
    """Nothing of what was read is returned, because of `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"... +{len(self.problems) - SHOWN}")
        super().__init__("\n".join(lines))
