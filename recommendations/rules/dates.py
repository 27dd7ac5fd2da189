"""Dates of which only a part is known. They are shown with that part and never with an invented day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from recommendations.vocabulary import Precision

PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class BadDate(ValueError):
    """Not a year, a year and month, or a whole date."""


@dataclass(frozen=True)
class PartialDate:
    """The first day of what is known, and how much is known of it."""

    first_day: date
    precision: str

    @property
    def last_day(self) -> date:
        if self.precision == Precision.DAY:
            return self.first_day
        if self.precision == Precision.MONTH:
            last = calendar.monthrange(self.first_day.year, self.first_day.month)[1]
            return self.first_day.replace(day=last)
        return date(self.first_day.year, 12, 31)


def parse(text: str) -> PartialDate:
    """ "2011", "2011-03" or "2011-03-04" as ISO 8601 writes them; anything else raises BadDate."""
    found = PARTIAL.fullmatch(text)
    if found is None:
        raise BadDate(text)
    year, month, day = found.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return PartialDate(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError as error:
        raise BadDate(text) from error


def iso(day: date, precision: str) -> str:
    """ISO 8601 with only what is known: "2011-03-04", "2011-03" or "2011" (a season is its year)."""
    if precision == Precision.DAY:
        return day.isoformat()
    if precision == Precision.MONTH:
        return f"{day:%Y-%m}"
    return f"{day:%Y}"


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
