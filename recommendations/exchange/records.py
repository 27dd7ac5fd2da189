"""Reading a file of public records (`exports/tracker.ndjson`): every line whole, every field known, or none of it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from recommendations.rules import dates

FORMAT = 1


class BadRecord(ValueError):
    """What is wrong, and in which line."""

    def __init__(self, line: int, told: str) -> None:
        super().__init__(_("Line %(line)d: %(told)s") % {"line": line, "told": told})
        self.line, self.told = line, told


@dataclass(frozen=True)
class Record:
    """One line: where it stands, its text, its noun and its values, with dates, moments and numbers as such."""

    line: int
    text: str
    noun: str
    values: dict[str, Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError
    return value


def _of(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise TypeError
        return value

    return read


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _partial(value: Any) -> date:
    return dates.parse(_text(value)).first_day


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.utcoffset() is None:
        raise ValueError
    return moment


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError
    return Decimal(value)


def _maybe(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


_integer, _flag, _list = _of(int), _of(bool), _of(list)


def _texts(value: Any) -> list[str]:
    return [_text(each) for each in _list(value)]


Fields = dict[str, Any]
"""What reads each field; a dictionary for an object and a list of one for a list of objects."""


def _fields(**kinds: tuple[Callable[[Any], Any], str]) -> Fields:
    return {name: read for read, names in kinds.values() for name in names.split()}


_CITATION = _fields(text=(_text, "evidence stance locator"))
_ASSESSMENT = _fields(
    integer=(_integer, "id"),
    text=(
        _text,
        "status rationale confidence verdict_by method_version source_label source_system mapping_version state"
        " retraction_reason",
    ),
    flag=(_flag, "evidence_derived"),
    day=(_day, "effective_on"),
    maybe_text=(_maybe(_text), "verdict_institution"),
    maybe_integer=(_maybe(_integer), "supersedes"),
    moment=(_moment, "proposed_at published_at"),
    maybe_moment=(_maybe(_moment), "retracted_at"),
) | {"evidence": [_CITATION]}
_RESPONSE = _fields(
    integer=(_integer, "id"),
    text=(_text, "institution kind date_precision summary source_label source_system mapping_version"),
    maybe_text=(_maybe(_text), "evidence"),
    partial=(_partial, "stated_on"),
    moment=(_moment, "recorded_at"),
)
_DEADLINE = _fields(
    integer=(_integer, "id"),
    text=(_text, "reason"),
    maybe_text=(_maybe(_text), "moved_by"),
    maybe_day=(_maybe(_day), "previous_due_on due_on"),
    moment=(_moment, "recorded_at"),
)
_CLOSURE = _fields(
    integer=(_integer, "id"),
    text=(_text, "reason note reopening_note"),
    maybe_day=(_maybe(_day), "review_on"),
    moment=(_moment, "closed_at"),
    maybe_moment=(_maybe(_moment), "reopened_at"),
)
_RELATION = _fields(
    integer=(_integer, "id"), text=(_text, "other kind note"), moment=(_moment, "recorded_at")
)
_LINK = _fields(
    integer=(_integer, "id"),
    text=(_text, "recommendation stance timing note"),
    moment=(_moment, "recorded_at"),
)
_DOCUMENT = _fields(
    text=(_text, "code title publisher_wording url"),
    maybe_text=(_maybe(_text), "publisher via"),
    maybe_flag=(_maybe(_flag), "url_confirmed"),
)
_OBSERVATION = _fields(
    integer=(_integer, "id"),
    text=(_text, "role period value_text measure quality basis seen_at note"),
    maybe_day=(_maybe(_day), "period_from period_to"),
    maybe_number=(_maybe(_number), "value"),
    maybe_flag=(_maybe(_flag), "verified"),
    moment=(_moment, "recorded_at"),
)

NOUNS: dict[str, Fields] = {
    "institution": _fields(
        text=(_text, "code name kind country"),
        texts=(_texts, "aliases"),
        maybe_text=(_maybe(_text), "parent merged_into"),
    ),
    "theme": _fields(text=(_text, "code name description"), maybe_text=(_maybe(_text), "parent")),
    "source": _fields(
        text=(
            _text,
            "code title kind author_note publisher_wording series publisher date_precision date_label date_note url"
            " language note",
        ),
        texts=(_list, "authors"),
        partial=(_partial, "published_on"),
        maybe_flag=(_maybe(_flag), "url_confirmed"),
        integer=(_integer, "version"),
        moment=(_moment, "updated_at"),
    ),
    "recommendation": _fields(
        text=(
            _text,
            "code source title summary group locator note status confidence response closure_reason",
        ),
        maybe_text=(_maybe(_text), "parent"),
        flag=(_flag, "explicit priority contested"),
        texts=(_texts, "themes"),
        maybe_day=(_maybe(_day), "status_since due_on closure_review_on"),
        maybe_moment=(_maybe(_moment), "last_verified_at"),
        integer=(_integer, "version"),
        moment=(_moment, "updated_at"),
    )
    | {
        "addressees": [_fields(text=(_text, "institution wording"))],
        "assessments": [_ASSESSMENT],
        "responses": [_RESPONSE],
        "deadlines": [_DEADLINE],
        "closures": [_CLOSURE],
        "relations": [_RELATION],
    },
    "evidence": _fields(
        integer=(_integer, "id version"),
        text=(_text, "code title kind publisher_wording finding date_precision caution"),
        partial=(_partial, "occurred_on"),
        flag=(_flag, "verified"),
        maybe_flag=(_maybe(_flag), "url_confirmed"),
        texts=(_texts, "checked_against"),
        anything=(_list, "from_memory"),
        moment=(_moment, "recorded_at updated_at"),
    )
    | {"document": _DOCUMENT, "links": [_LINK]},
    "indicator": _fields(
        text=(_text, "code name unit direction note"),
        anything=(_list, "sources"),
        texts=(_texts, "recommendations"),
        integer=(_integer, "version"),
        moment=(_moment, "updated_at"),
    )
    | {"observations": [_OBSERVATION]},
    "figure": _fields(
        text=(_text, "code kind measure description locator unit period bound seen_at note"),
        maybe_text=(_maybe(_text), "source evidence"),
        maybe_number=(_maybe(_number), "value"),
        flag=(_flag, "approximate usable"),
    ),
}
"""Every field of every noun, in no order. What is not here is refused, and so is a line that lacks one."""


def read(file: BinaryIO) -> Iterator[Record]:
    """The records of a file. Raises BadRecord for a line that is not as this tracker writes them."""
    first = _parsed(1, file.readline())
    if first != {"noun": "tracker", "format": FORMAT}:
        raise BadRecord(1, _("This is no file of records of format %(format)d.") % {"format": FORMAT})
    for line, content in enumerate(file, 2):
        yield record(line, content)


def record(line: int, content: bytes | str) -> Record:
    """One line as a record. Raises BadRecord."""
    values = _parsed(line, content)
    noun = values.pop("noun", None)
    if noun not in NOUNS:
        raise BadRecord(line, _("“%(noun)s” is no kind of record.") % {"noun": noun})
    text = content if isinstance(content, str) else content.decode().rstrip("\n")
    return Record(line, text, noun, _object(line, "", values, NOUNS[noun]))


def _parsed(line: int, content: bytes | str) -> dict[str, Any]:
    try:
        values = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise BadRecord(line, _("This is no JSON.")) from error
    if not isinstance(values, dict):
        raise BadRecord(line, _("This is no JSON object."))
    return values


def _object(line: int, path: str, values: Any, fields: Fields) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise BadRecord(line, _("“%(field)s” is no object.") % {"field": path.rstrip(".")})
    for name in values.keys() - fields.keys():
        raise BadRecord(line, _("There is no field “%(field)s”.") % {"field": f"{path}{name}"})
    for name in fields.keys() - values.keys():
        raise BadRecord(line, _("The field “%(field)s” is missing.") % {"field": f"{path}{name}"})
    return {name: _value(line, f"{path}{name}", values[name], kind) for name, kind in fields.items()}


def _value(line: int, path: str, value: Any, kind: Any) -> Any:
    if isinstance(kind, dict):
        return _object(line, f"{path}.", value, kind)
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise BadRecord(line, _("“%(field)s” is no list.") % {"field": path})
        return [_object(line, f"{path}.{place}.", each, kind[0]) for place, each in enumerate(value)]
    try:
        return kind(value)
    except (TypeError, ValueError) as error:
        told = _("“%(field)s” cannot be %(value)s.")
        raise BadRecord(
            line, told % {"field": path, "value": json.dumps(value, default=str)[:100]}
        ) from error
