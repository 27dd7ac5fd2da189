"""One entry of a file under its keys, which can say where it stands and what is wrong with it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from recommendations.exchange.nouns import Place
from recommendations.exchange.problems import Problem, at
from recommendations.exchange.yaml_files import YamlFile
from recommendations.rules import dates
from recommendations.vocabulary import Precision


class Entry:
    """A value of a file at `path`. Dates that do not exist are added to `problems` as they are read."""

    def __init__(self, file: YamlFile, path: tuple[Any, ...], value: Any, problems: list[Problem]) -> None:
        self.value = value
        self._file = file
        self._path = path
        self._problems = problems

    @property
    def place(self) -> Place:
        return self._file.place(*self._path)

    def __getitem__(self, key: str) -> Any:
        """What the shape promises to be there."""
        return self.value[key]

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def get(self, key: str, default: Any = "") -> Any:
        return self.value.get(key, default)

    def words(self, key: str) -> tuple[str, ...]:
        return tuple(self.value.get(key, ()))

    def under(self, key: str) -> "Entry":
        return Entry(self._file, (*self._path, key), self.value[key], self._problems)

    def below(self, key: str) -> Iterator["Entry"]:
        """The entries of the list under `key`; none where it is not written."""
        return self.under(key).each() if key in self.value else iter(())

    def each(self) -> Iterator["Entry"]:
        """The entries of this list."""
        for position, value in enumerate(self.value):
            yield Entry(self._file, (*self._path, position), value, self._problems)

    def date(self, key: str) -> dates.PartialDate:
        """A date of the right form may still be none: 2011-02-30."""
        text = str(self.value[key])
        try:
            return dates.parse(text)
        except dates.BadDate:
            self.refuse(key, text, _("There is no such day."))
            return dates.PartialDate(dates.parse("1000").first_day, Precision.DAY)

    def refuse(self, key: str, value: object, rule: str) -> None:
        self._problems.append(at(self.place, key, value, rule))
