"""The period that a value of a series is about, read from what series write there."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTHS |= {
    name: number
    for number, name in enumerate(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),  # noqa: SIM905 - a list would be one word a line
        start=1,
    )
}


@dataclass(frozen=True)
class Period:
    """`label` as people write it ("2025-08"); first and last day, None where the text does not say them."""

    label: str
    first_day: date | None = None
    last_day: date | None = None

    @property
    def order(self) -> tuple[date, str]:
        """For sorting: by the last day, what has none first."""
        return (self.last_day or date.min, self.label)


def read(text: str) -> Period:
    """ "2025", "2025-08", "2025M08", "2025 August", "2025-Q3", "2025-08-31T00:00": one label each. Anything else
    is its own label."""
    text = " ".join(text.split())
    try:
        return _year_or_part(text) or _day(text) or Period(text[:100])
    except ValueError:  # 2025-13, or a year no calendar has
        return Period(text[:100])


def rolling(period: Period, months: int) -> Period:
    """The `months` months that end with this one: how provisional counts are often given."""
    if months <= 1 or period.last_day is None:
        return period
    start = period.last_day.year * 12 + period.last_day.month - months
    first = date(start // 12, start % 12 + 1, 1)
    return Period(f"{months} months to {period.label}", first, period.last_day)


def _year_or_part(text: str) -> Period | None:
    if re.fullmatch(r"\d{4}", text):
        return _months(text, int(text), 1, 12)
    if found := re.fullmatch(r"(\d{4})[-/ ]?Q([1-4])", text, re.IGNORECASE):
        year, quarter = int(found[1]), int(found[2])
        return _months(f"{year:04}-Q{quarter}", year, 3 * quarter - 2, 3 * quarter)
    if found := re.fullmatch(r"(\d{4})(?:[-/]|M)(\d{1,2})", text, re.IGNORECASE):
        return _month(int(found[1]), int(found[2]))
    if (found := re.fullmatch(r"(\d{4}) ([^\W\d]+)\.?", text)) and found[2].lower() in MONTHS:
        return _month(int(found[1]), MONTHS[found[2].lower()])
    if (found := re.fullmatch(r"([^\W\d]+)\.? (?:de )?(\d{4})", text)) and found[1].lower() in MONTHS:
        return _month(int(found[2]), MONTHS[found[1].lower()])
    return None


def _month(year: int, month: int) -> Period:
    return _months(f"{year:04}-{month:02}", year, month, month)


def _months(label: str, year: int, first: int, last: int) -> Period:
    if not 1 <= last <= 12 or year < 1:
        raise ValueError(label)
    return Period(label, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _day(text: str) -> Period | None:
    found = re.match(r"(\d{4}-\d{2}-\d{2})(?:[T ]|$)", text)
    if not found:
        return None
    day = date.fromisoformat(found[1])
    return Period(day.isoformat(), day, day)
