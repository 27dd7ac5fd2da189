from datetime import date

import pytest

from recommendations.rules.dates import BadDate, PartialDate, iso, parse


@pytest.mark.parametrize(
    ("text", "first_day", "precision", "last_day"),
    [
        ("2011-03-04", date(2011, 3, 4), "day", date(2011, 3, 4)),
        ("2012-02", date(2012, 2, 1), "month", date(2012, 2, 29)),
        ("1997", date(1997, 1, 1), "year", date(1997, 12, 31)),
    ],
)
def test_a_partial_date_is_read_and_written_with_what_is_known(text, first_day, precision, last_day):
    read = parse(text)
    assert read == PartialDate(first_day, precision)
    assert read.last_day == last_day
    assert iso(read.first_day, read.precision) == text


@pytest.mark.parametrize(
    "text",
    ["", "11", "2011-3", "2011-13", "2011-02-30", "March 2011", "2011-03-04T00:00", "٢٠١١", "2011-0３"],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadDate):
        parse(text)


def test_a_season_is_written_as_its_year():
    assert iso(date(1997, 1, 1), "season") == "1997"
