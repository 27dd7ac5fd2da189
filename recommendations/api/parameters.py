"""What may be asked and sent. Whatever is not declared is refused by name, never ignored."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils.serializer_helpers import BindingDict

from recommendations.rules import dates, moments
from recommendations.rules.dates import PartialDate
from recommendations.rules.moments import Moment


class Strict(serializers.Serializer[Any]):
    """A serializer that refuses names it does not declare."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = [name for name, field in self.fields.items() if not field.read_only]
            unknown = [name for name in data if name not in known]
            if unknown:
                raise serializers.ValidationError({name: [self._unknown(name, known)] for name in unknown})
        return super().to_internal_value(data)

    def _unknown(self, name: str, known: list[str]) -> serializers.ErrorDetail:
        allowed = ", ".join(known) or _("none")
        return serializers.ErrorDetail(
            _("There is no “%(name)s” here; known are: %(known)s.") % {"name": name, "known": allowed},
            "unknown",
        )


class Body(Strict):
    """What a request sends."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if self.root is self:
            _refuse_what_is_no_text(data, "")
        return super().run_validation(data)


def _refuse_what_is_no_text(value: Any, field: str) -> None:
    """JSON can spell half a character (a lone surrogate) and NUL; PostgreSQL keeps neither, nor could we repeat it."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise serializers.ValidationError(
                {field: [_("This is no text: it has a NUL or half a character.")]}, "text"
            )
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_what_is_no_text(name, field)
            _refuse_what_is_no_text(inner, f"{field}.{name}".lstrip("."))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            _refuse_what_is_no_text(inner, f"{field}.{position}".lstrip("."))


class Text(serializers.CharField):
    """Words of a person. What shows nothing (spaces, and characters of no width such as U+200B) is no words."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        shows = not isinstance(data, str) or any(not _is_invisible(letter) for letter in data)
        return super().run_validation(data if shows else "")


def _is_invisible(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")


class Query(Strict):
    """What an address may be asked, as `?name=value`. Lists may be given several times, all else once."""

    @property
    def fields(self) -> Any:
        """Made once for all requests: to copy them from their declarations takes longer than all that is checked."""
        return _fields(type(self))

    @classmethod
    def read(cls, given: QueryDict, **context: Any) -> dict[str, Any]:
        """The values asked for, checked. Raises ValidationError that names each parameter."""
        query = cls(data={}, context=context)
        data: dict[str, Any] = {}
        for name, values in given.lists():
            if isinstance(query.fields.get(name), serializers.ListField):
                data[name] = values
            elif len(values) > 1:
                raise serializers.ValidationError({name: [_("Give it once only.")]}, code="repeated")
            else:
                data[name] = values[0]
        query.initial_data = data
        query.is_valid(raise_exception=True)
        return dict(query.validated_data)


@cache
def _fields(query: type[Query]) -> BindingDict:
    bound = BindingDict(query())
    for name, field in query().get_fields().items():
        bound[name] = field
    return bound


class Flag(serializers.BooleanField):
    """`true` or `false`, and nothing that merely looks like one."""

    TRUE_VALUES = {"true"}
    FALSE_VALUES = {"false"}
    NULL_VALUES: set[str | None] = set()


class Choices(serializers.ListField):
    """One of some words, which may be given several times: any of them will do."""

    def __init__(self, choices: Any, **more: Any) -> None:
        super().__init__(child=serializers.ChoiceField(choices), required=False, **more)
        self.words = ", ".join(self.child.choices)  # type: ignore[attr-defined]

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        """Blames the parameter and not a place in a list, and says what is known."""
        for word in data:
            if word not in self.child.choices:  # type: ignore[attr-defined]
                told = _("“%(word)s” is not among: %(words)s.") % {"word": word, "words": self.words}
                raise serializers.ValidationError(told, code="invalid_choice")
        return data


@extend_schema_field({"type": "string", "example": "2026-01-15"})
class KnownAtField(serializers.DateTimeField):
    """A moment, or a day (to its last moment, UTC): what was known on that day."""

    def to_internal_value(self, value: Any) -> datetime:
        text = str(value).replace(" ", "+")  # a plus sign that was not escaped arrives as a space
        try:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        except ValueError:
            return super().to_internal_value(text)


class MomentQuery(Query):
    """The two time axes. What has not come yet is refused: nobody knows it."""

    as_of = serializers.DateField(
        required=False, help_text="What was true in the world on this day (2013-06-01). Today if left out."
    )
    known_at = KnownAtField(
        required=False,
        help_text="... as far as we had published it by this moment (2026-01-15T12:00:00Z), or by the end of this day.",
    )

    def validate_as_of(self, day: date) -> date:
        if day > self.context["now"].date():
            raise serializers.ValidationError(_("This day has not come yet."), code="future")
        return day

    def validate_known_at(self, moment: datetime) -> datetime:
        if moment.date() > self.context["now"].date():
            raise serializers.ValidationError(_("This moment has not come yet."), code="future")
        return moment


def moment(asked: Mapping[str, Any], now: datetime) -> Moment | None:
    """The moment that was asked for, None for today."""
    return moments.moment(asked.get("as_of"), asked.get("known_at"), now=now)


@extend_schema_field({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "example": "2011-03"})
class PartialDateField(serializers.Field):
    """A day, a month or a year as ISO 8601 writes them: "2011-03-04", "2011-03" or "2011"."""

    default_error_messages = {
        "date": gettext_lazy("Write a day as 2011-03-04, a month as 2011-03 or a year as 2011.")
    }

    def to_internal_value(self, data: Any) -> PartialDate:
        try:
            return dates.parse(str(data))
        except dates.BadDate:
            self.fail("date")
