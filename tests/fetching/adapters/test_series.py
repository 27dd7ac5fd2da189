"""Series as they are published: numbers as text, nulls, several pages, 400 for "too often", pages for data.

Traps of the World Bank, and the test that steps into each:
- a list of two: what it says of itself, and the rows
  -> test_the_newest_value_first_then_new_periods_and_real_revisions
- null is a year without a value, and not zero -> test_null_is_not_zero_and_zero_is_a_value
- the second element may be null, empty or missing -> test_no_data_is_an_answer
- an error comes as a message in place of data, whatever the status
  -> test_an_error_in_place_of_data_fails_whatever_the_status
- 400 means "too often", and the same request passes later
  -> test_400_is_how_it_says_too_often_and_is_tried_again
- 50 rows at a time, cut silently; page numbers may be text
  -> test_further_pages_are_asked_for_as_it_counts_them
- countries and sums of countries in one list; codes may be empty
  -> test_countries_that_were_not_asked_for_are_left_out
- a byte order mark before the JSON -> test_a_byte_order_mark_is_let_pass

Traps of Socrata (CDC):
- every value is text, with commas or without -> test_rolling_sums_are_named_by_the_months_they_cover
- an absent key is a value that was suppressed -> test_rolling_sums_are_named_by_the_months_they_cover
- sums of twelve months must not be added up -> test_rolling_sums_are_named_by_the_months_they_cover
- without an order pages overlap; a thousand rows unless asked for more
  -> test_rolling_sums_are_named_by_the_months_they_cover
- classes overlap: two rows for a period
  -> test_rows_of_another_class_are_left_out_and_two_values_for_a_period_are_refused
- an answer as long as the limit may have been cut -> test_as_many_rows_as_were_asked_for_may_not_be_all
- provisional values are revised a little each month
  -> test_a_small_correction_of_a_provisional_count_is_no_news
- an error has its reason in JSON -> test_an_error_of_the_query_is_told
- a shared pool of requests: 429 with a time to wait -> test_too_many_requests_are_answered_by_waiting

Traps of files:
- a byte order mark, semicolons, "n/a" -> test_a_csv_file_with_a_byte_order_mark_and_semicolons
- a page for people in place of data, a column renamed -> test_what_is_no_table_fails
"""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recommendations.fetching import periods
from recommendations.fetching.adapters import ADAPTERS
from recommendations.fetching.periods import Period
from recommendations.fetching.tables import number

from .asking import Asking, as_json

WORLD_BANK = {"format": "world_bank", "country": "MX", "indicator": "VC.IHR.PSRC.P5"}
ROWS = "/v2/country/MX/indicator/VC.IHR.PSRC.P5"


def row(year, value, **fields):
    return {
        "indicator": {"id": "VC.IHR.PSRC.P5", "value": "Intentional homicides"},
        "country": {"id": "MX", "value": "Mexico"},
        "countryiso3code": "MEX",
        "date": year,
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 1,
    } | fields


def answer(*rows, page=1, total_pages=1):
    return [{"page": page, "pages": total_pages, "per_page": "1000", "total": 3, "sourceid": "2"}, list(rows)]


@pytest.fixture
def asking(web):
    as_json(web, ROWS, answer(row("2024", None), row("2023", 24.9), row("2022", 26.1)))
    return Asking("series", WORLD_BANK | {"url": web.url("/v2")})


def values(seen):
    return [
        (found.rule, found.saw["period"], found.saw["value"], found.saw["before"]) for found in seen.found
    ]


class TestWorldBank:
    def test_the_newest_value_first_then_new_periods_and_real_revisions(self, web, asking):
        assert values(asking.look()) == [("value_new", "2023", "24.9", "")]
        assert values(asking.look()) == []
        as_json(web, ROWS, answer(row("2024", 23.5), row("2023", 24.95), row("2022", 27)))
        assert values(asking.look()) == [
            ("value_revised", "2022", "27", "26.1"),
            ("value_new", "2024", "23.5", ""),
        ]
        assert values(asking.look()) == []

    def test_countries_that_were_not_asked_for_are_left_out(self, web, asking):
        sums = row("2023", 9, country={"id": "XC", "value": "Euro area"}, countryiso3code="EMU")
        none = row("2023", 5, country={"id": "XX", "value": "Not classified"}, countryiso3code="")
        as_json(web, ROWS, answer(sums, none, row("2023", 24.9)))
        assert values(asking.look()) == [("value_new", "2023", "24.9", "")]

    def test_null_is_not_zero_and_zero_is_a_value(self, web, asking):
        as_json(web, ROWS, answer(row("2024", None), row("2023", 0)))
        assert values(asking.look()) == [("value_new", "2023", "0", "")]

    def test_a_byte_order_mark_is_let_pass(self, web, asking):
        body = b'\xef\xbb\xbf[{"page":1,"pages":1},[{"country":{"id":"MX"},"date":"2024","value":"23.5"}]]'
        web.page(ROWS, body, content_type="application/json;charset=utf-8")
        assert values(asking.look()) == [("value_new", "2024", "23.5", "")]

    @pytest.mark.parametrize("second", [[None], []])
    def test_no_data_is_an_answer(self, web, asking, second):
        as_json(web, ROWS, [{"page": 0, "pages": 0, "per_page": 0, "total": 0}, *second])
        seen = asking.look()
        assert (seen.outcome, seen.found) == ("first_look", ())

    def test_an_error_in_place_of_data_fails_whatever_the_status(self, web, asking):
        wrong = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
        as_json(web, ROWS, [{"message": [wrong]}])
        seen = asking.look()
        assert (seen.outcome, seen.note) == (
            "failed",
            "the World Bank refuses: The provided parameter value is not valid",
        )

    def test_400_is_how_it_says_too_often_and_is_tried_again(self, web, asking):
        web.page(ROWS, "Bad Request", status=400, content_type="text/plain")
        seen = asking.look()
        assert (seen.outcome, seen.note) == (
            "failed",
            "HTTP 400 (the World Bank's word for too many requests)",
        )

    def test_further_pages_are_asked_for_as_it_counts_them(self, web, asking):
        async def by_page(asked, writer):
            second = "page=2" in asked.target.split("?")[1].split("&")
            rows = (
                answer(row("2021", 28), page="2", total_pages="2")
                if second
                else answer(row("2023", 24.9), page=1, total_pages="2")
            )

            body = json.dumps(rows).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
                + body
            )

        web.at(ROWS, by_page)
        seen = asking.look()
        assert seen.note == "2 values, 1 told"
        assert [asked.target.rpartition("&")[2] for asked in web.requests] == ["per_page=1000", "page=2"]


class TestSocrata:
    CONFIG = {
        "format": "socrata",
        "period": ["year", "month"],
        "value": "data_value",
        "where": {"state": "US", "indicator": "Number of Drug Overdose Deaths"},
        "months": 12,
    }

    def rows(self, *months, **fields):
        return [
            {
                "state": "US",
                "year": "2025",
                "month": month,
                "period": "12 month-ending",
                "indicator": "Number of Drug Overdose Deaths",
                **({"data_value": value} if value else {}),
                "percent_complete": "100",
                "predicted_value": "1",
            }
            | fields
            for month, value in months
        ]

    @pytest.fixture
    def asking(self, web):
        self.web = web
        return Asking("series", self.CONFIG | {"url": web.url("/resource/xkb8-kh2a.json")})

    def serve(self, *rows):
        as_json(self.web, "/resource/xkb8-kh2a.json", list(rows))

    def test_rolling_sums_are_named_by_the_months_they_cover(self, web, asking):
        self.serve(*self.rows(("July", "74,100"), ("August", "73000"), ("September", "")))
        [found] = asking.look().found
        assert {name: found.saw[name] for name in ("period", "period_from", "period_to", "value")} == {
            "period": "12 months to 2025-08",
            "period_from": "2024-09-01",
            "period_to": "2025-08-31",
            "value": "73000",
        }
        target = web.requests[0].target
        assert "state=US&indicator=Number+of+Drug+Overdose+Deaths&$order=:id&$limit=5000" in target

    def test_rows_of_another_class_are_left_out_and_two_values_for_a_period_are_refused(self, web, asking):
        self.serve(*self.rows(("August", "73000")), *self.rows(("August", "1"), state="NY"))
        assert values(asking.look()) == [("value_new", "12 months to 2025-08", "73000", "")]
        self.serve(*self.rows(("August", "73000"), ("August", "60000")))
        seen = asking.look()
        assert (seen.outcome, seen.note) == (
            "failed",
            "two values for 12 months to 2025-08: narrow the rows with “where”",
        )

    def test_a_small_correction_of_a_provisional_count_is_no_news(self, web, asking):
        for value, told in (("73000", 1), ("73100", 0), ("73700", 0), ("73800", 1)):
            self.serve(*self.rows(("August", value)))
            assert (value, len(asking.look().found)) == (value, told)

    def test_an_error_of_the_query_is_told(self, web, asking):
        as_json(web, "/resource/xkb8-kh2a.json", {"error": True, "message": "no such column"}, status=400)
        assert asking.look().note == "HTTP 400: no such column"

    def test_as_many_rows_as_were_asked_for_may_not_be_all(self, asking):
        self.serve(*self.rows(("August", "73000")) * 5_000)
        seen = asking.look()
        assert (seen.outcome, seen.note) == ("failed", "5000 rows or more: narrow them with “where”")

    def test_too_many_requests_are_answered_by_waiting(self, web, asking):
        web.page("/resource/xkb8-kh2a.json", "{}", status=429, headers={"Retry-After": "90"})
        seen = asking.look()
        assert (seen.outcome, seen.note, seen.retry_after) == ("failed", "HTTP 429", 90.0)


class TestFiles:
    def test_a_csv_file_with_a_byte_order_mark_and_semicolons(self, web):
        url = web.page(
            "/deaths.csv",
            "\ufeffyear;region;deaths\r\n2023;US;105,007\r\n2024;US;80391\r\n2024;MX;n/a\r\n",
            content_type="text/csv; charset=utf-8",
        )
        asking = Asking(
            "series", {"format": "csv", "url": url, "delimiter": ";", "period": "year", "value": "deaths"}
        )
        assert values(asking.look()) == [("value_new", "2024", "80391", "")]

    def test_of_a_long_series_only_what_is_new_is_told(self, web):
        days = [(date(2020, 1, 1) + timedelta(days=number)).isoformat() for number in range(2_000)]
        asking = Asking(
            "series", {"format": "csv", "url": web.url("/daily.csv"), "period": "day", "value": "count"}
        )
        told = []
        for length in (1_990, 1_990, 1_991, 1_998, 2_000, 2_000):
            web.page("/daily.csv", "day,count\n" + "".join(f"{day},7\n" for day in days[:length]))
            told.append(len(asking.look().found))
        assert told == [1, 0, 1, 7, 2, 0]
        assert len(asking.state["values"]) == 1_000

    def test_json_at_a_path(self, web):
        url = as_json(
            web,
            "/data",
            {"Series": [{"x": 1}], "data": {"rows": [{"t": "2025/03", "v": {"n": "1.5"}}, "noise"]}},
        )
        config = {"format": "json", "url": url, "rows": "data.rows", "period": "t", "value": "v.n"}
        assert values(Asking("series", config).look()) == [("value_new", "2025-03", "1.5", "")]

    @pytest.mark.parametrize(
        ("body", "note"),
        [
            ("<html><p>Moved</p></html>", "a web page was served in place of data"),
            ("no header at all", "the file has no header with two columns; is the delimiter right?"),
            ("year,dead\n2024,5\n", "no row has anything under “deaths”"),
        ],
    )
    def test_what_is_no_table_fails(self, web, body, note):
        url = web.page("/deaths.csv", body, content_type="text/csv")
        seen = Asking("series", {"format": "csv", "url": url, "period": "year", "value": "deaths"}).look()
        assert (seen.outcome, seen.note) == ("failed", note)


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, {"format"}),
        ({"format": "xlsx"}, {"format"}),
        ({"format": "world_bank"}, {"country", "indicator"}),
        (WORLD_BANK | {"country": "all"}, {"country"}),
        (WORLD_BANK | {"period": "date"}, {"period"}),
        ({"format": "csv", "url": "https://a.example/a.csv", "value": "v"}, {"period"}),
        ({"format": "json", "url": "https://a.example/?token=1", "period": "p", "value": "v"}, {"url"}),
        (
            {"format": "json", "url": "https://a.example/", "period": "p", "value": "v", "where": {"a": 1}},
            {"where"},
        ),
    ],
)
def test_a_wrong_field_is_refused_by_name(config, wrong):
    assert set(ADAPTERS["series"].validate(config)) == wrong


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025", Period("2025", date(2025, 1, 1), date(2025, 12, 31))),
        ("2024-02", Period("2024-02", date(2024, 2, 1), date(2024, 2, 29))),
        ("2015M03", Period("2015-03", date(2015, 3, 1), date(2015, 3, 31))),
        ("2025 September", Period("2025-09", date(2025, 9, 1), date(2025, 9, 30))),
        ("Sep. 2025", Period("2025-09", date(2025, 9, 1), date(2025, 9, 30))),
        ("marzo de 2025", Period("2025-03", date(2025, 3, 1), date(2025, 3, 31))),
        ("2025-Q2", Period("2025-Q2", date(2025, 4, 1), date(2025, 6, 30))),
        ("2025-06-30T00:00:00.000", Period("2025-06-30", date(2025, 6, 30), date(2025, 6, 30))),
        ("2025-13", Period("2025-13")),
        ("FY2010", Period("FY2010")),
    ],
)
def test_periods_are_read_where_they_are_plain(text, period):
    assert periods.read(text) == period


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", Decimal("1234.5")),
        ("-3", Decimal(-3)),
        ("\u22123", Decimal(-3)),
        ("1832641364775.52", Decimal("1832641364775.52")),
        ("0.1234567", Decimal("0.123457")),
        ("1,23", None),
        ("", None),
        ("n/a", None),
        ("NaN", None),
        ("inf", None),
        ("1e400", None),
    ],
)
def test_numbers_are_read_and_nothing_else_is_made_one(text, value):
    assert number(text) == value
