"""Logs: one line a record on standard error, as JSON for machines or as words for people, with the same fields.

The tracker's own lines of its work have an `event` ("claim", "batch", "run", "release", "renew", "sweep") and the
numbers that belong to it; docs/logs.md lists them.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# What every record has; whatever else a caller gave as `extra` is written out.
ORDINARY = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller gave as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in ORDINARY}


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= fields(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class PlainFormatter(logging.Formatter):
    """The message, then the fields as `name=value`; a value with spaces in it is quoted as JSON."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        said = super().formatMessage(record)
        named = " ".join(f"{name}={_word(value)}" for name, value in fields(record).items())
        return f"{said} {named}" if named else said


def _word(value: Any) -> str:
    if isinstance(value, str) and value.isprintable() and value and not set(value) & set(' "='):
        return value
    return json.dumps(value, default=str)


def configured(*, json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "tracker.logs.JSONFormatter"},
            "plain": {"()": "tracker.logs.PlainFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json" if json else "plain"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
