"""How far a long command has come: one line that is written over on a terminal, else a line now and then."""

import shutil
import time
from collections import Counter
from collections.abc import Callable
from typing import TextIO, cast

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

TERMINAL_EVERY = 0.1
PLAIN_EVERY = 5.0
"""Seconds between two tellings."""

CLEAR = "\r\x1b[K"


def behind(stream: OutputWrapper) -> TextIO:
    """What a command's stream writes to. The stream itself would end each line, and print it in red on a terminal."""
    return cast(TextIO, stream._out)


class Line:
    """One line, written over on a terminal and else written anew now and then. `clock` is monotonic seconds."""

    def __init__(self, to: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.to = to
        self.clock = clock
        self.terminal = to.isatty()
        self.began = self.told = clock()

    @property
    def seconds(self) -> float:
        return self.clock() - self.began

    def is_time(self) -> bool:
        """Whether enough time has passed to tell again; if so, it is taken as told."""
        now = self.clock()
        if now - self.told < (TERMINAL_EVERY if self.terminal else PLAIN_EVERY):
            return False
        self.told = now
        return True

    def say(self, line: str) -> None:
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.to.write(CLEAR + (line if len(line) <= width else line[: width - 1] + "…"))
        else:
            self.to.write(f"{line}\n")
        self.to.flush()

    def end(self) -> None:
        """Leave the terminal's line empty for what follows."""
        if self.terminal:
            self.to.write(CLEAR)
            self.to.flush()


class Phases(Line):
    """Tell how much of each phase of one long work is done: `Reading the file: 41 %`."""

    phase = ""

    def step(self, phase: str, done: int, total: int) -> None:
        """`phase` is a name for people. A new one is told at once, unless the one before was just told."""
        if self.is_time() or (self.terminal and phase != self.phase):
            self.say(f"{phase}: {100 * done // max(total, 1)} %, {duration(self.seconds)}")
        self.phase = phase


class Progress(Line):
    """Tell `to` how many of `total` are done, by what came of each."""

    def __init__(self, to: TextIO, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(to, clock=clock)
        self.total = total
        self.by_outcome: Counter[str] = Counter()

    @property
    def done(self) -> int:
        return self.by_outcome.total()

    def step(self, outcome: str) -> None:
        """One more is done. More may come than were expected: what grows due meanwhile is looked at too."""
        self.by_outcome[outcome] += 1
        self.total = max(self.total, self.done)
        if self.is_time():
            self.tell()

    def tell(self) -> None:
        self.say(self.line())

    def line(self) -> str:
        """`1,200 of 5,000 (24 %), 80.0 a second, 48 s left: 1,000 unchanged, 200 failed`."""
        rate = self.done / self.seconds if self.seconds > 0 else 0.0
        said = [
            _("%(done)s of %(total)s (%(share)d %%)")
            % {
                "done": f"{self.done:,}",
                "total": f"{self.total:,}",
                "share": 100 * self.done // max(self.total, 1),
            }
        ]
        if rate:
            said.append(_("%(rate).1f a second") % {"rate": rate})
            said.append(_("%(time)s left") % {"time": duration((self.total - self.done) / rate)})
        outcomes = ", ".join(f"{number:,} {name.lower()}" for name, number in self.by_outcome.most_common())
        return ", ".join(said) + (f": {outcomes}" if outcomes else "")


def duration(seconds: float) -> str:
    """A length of time in the words of a person: `48 s`, `3 min`, `2 h 5 min`."""
    if seconds < 90:
        return _("%(number)d s") % {"number": round(seconds)}
    minutes = round(seconds / 60)
    if minutes < 120:
        return _("%(number)d min") % {"number": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def table(rows: list[str], columns: list[str], cells: dict[tuple[str, str], int]) -> list[str]:
    """The lines of a table of counts, with sums; what is empty is a dot."""
    everything = _("All")
    sums: Counter[tuple[str, str]] = Counter(cells)
    for (row, column), number in cells.items():
        for place in ((row, everything), (everything, column), (everything, everything)):
            sums[place] += number
    rows, columns = [*rows, everything], [*columns, everything]
    first = max(map(len, rows))
    widths = [max(len(column), 7) for column in columns]
    lines = [" " * first + "".join(f"  {name:>{width}}" for name, width in zip(columns, widths, strict=True))]
    for row in rows:
        numbers = (f"{sums[row, column]:,}" if sums[row, column] else "·" for column in columns)
        lines.append(
            f"{row:<{first}}" + "".join(f"  {n:>{width}}" for n, width in zip(numbers, widths, strict=True))
        )
    return lines


def and_more(number: int) -> str:
    return ngettext("… and %(number)s more", "… and %(number)s more", number) % {"number": f"{number:,}"}
