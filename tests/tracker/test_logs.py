"""One line a record: the same fields for machines and for people."""

import json
import logging
import sys

import pytest

from tracker.logs import JSONFormatter, PlainFormatter, configured


def record(message="looks written down", **fields):
    made = logging.makeLogRecord({"name": "tracker", "levelname": "INFO", "msg": message, "created": 0.0})
    vars(made).update(fields)
    return made


def test_json_has_the_fields_of_the_event():
    line = json.loads(JSONFormatter().format(record(event="batch", looks=3, outcomes={"failed": 1})))
    assert line == {
        "at": "1970-01-01T00:00:00.000+00:00",
        "level": "info",
        "logger": "tracker",
        "message": "looks written down",
        "event": "batch",
        "looks": 3,
        "outcomes": {"failed": 1},
    }


def test_people_read_the_same_fields():
    line = PlainFormatter().format(
        record(event="run", host="gao.gov", detail="not modified", outcomes={"a": 1})
    )
    assert line.endswith(
        'tracker: looks written down event=run host=gao.gov detail="not modified" outcomes={"a": 1}'
    )


@pytest.mark.parametrize("formatter", [JSONFormatter(), PlainFormatter()])
def test_what_a_server_sent_makes_no_second_line(formatter):
    line = formatter.format(record(detail="first\nsecond\r\x1b[31m\u2028third"))
    assert len(line.splitlines()) == 1


def test_an_error_comes_with_its_trace():
    try:
        raise ValueError("bad")
    except ValueError:
        made = record(exc_info=sys.exc_info())
    assert "ValueError: bad" in json.loads(JSONFormatter().format(made))["exception"]


@pytest.mark.parametrize(("as_json", "name"), [(True, "json"), (False, "plain")])
def test_the_format_is_chosen(as_json, name):
    assert configured(json=as_json, level="INFO")["handlers"]["stderr"]["formatter"] == name
