"""The pause that a server asks for, and headers that a database can hold."""

import pytest

from recommendations.fetching.headers import kept_headers, retry_after_seconds

DATE = "Mon, 01 Jan 2024 12:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999", 86400.0),
        ("Mon, 01 Jan 2024 12:02:00 GMT", 120.0),
        ("Mon, 01 Jan 2024 11:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2044 12:00:00 GMT", 86400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 99 Jan 2024 12:00:00 GMT", None),
    ],
)
def test_a_pause_is_read_as_seconds_from_the_servers_own_now(value, seconds):
    assert retry_after_seconds({"Retry-After": value, "Date": DATE}) == seconds


def test_headers_are_few_clean_and_short():
    headers = {
        "server": "a\x00b\udcff" + "c" * 2000,
        "etag": "x" * 2000,
        "set-cookie": "secret",
        "date": DATE,
    }
    assert kept_headers(headers) == {"server": "ab?" + "c" * 997, "date": DATE}
