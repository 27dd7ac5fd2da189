"""What several resources show in the same way: addresses, partial dates, bodies, people, words."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from recommendations.rules import dates
from recommendations.vocabulary import Precision


def context(request: Request, *, internal: bool) -> dict[str, Any]:
    """What the fields below need to know of a request; `internal` is whether the reader may see such rows."""
    return {"root": request.build_absolute_uri(reverse("api:root")), "internal": internal}


@extend_schema_field({"type": "string", "format": "uri"})
class Address(serializers.Field):
    """The address in this API of what is shown: `Address("sources/{code}/")`. Empty where it belongs to nothing."""

    def __init__(self, pattern: str, source: str = "*", **more: Any) -> None:
        super().__init__(source=source, read_only=True, **more)
        self.pattern = pattern

    def to_representation(self, value: Any) -> str:
        return self.context["root"] + self.pattern.format(code=getattr(value, "code", ""), pk=value.pk)


@extend_schema_field(
    {
        "type": "string",
        "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
        "example": "2011-03",
        "description": "ISO 8601, with only as much as is known: a day, a month or a year.",
    }
)
class Dated(serializers.Field):
    """A date with only what is known of it."""

    def __init__(self, day: str, precision: str = "date_precision", source: str = "*", **more: Any) -> None:
        super().__init__(source=source, read_only=True, **more)
        self.day, self.precision = day, precision

    def to_representation(self, value: Any) -> str:
        return dates.iso(getattr(value, self.day), getattr(value, self.precision))


@extend_schema_field(
    {"type": ["string", "null"], "description": "Who did it; null where only staff may know."}
)
class Person(serializers.Field):
    """The user name of a person, for those who may read what is internal."""

    def __init__(self, **more: Any) -> None:
        super().__init__(read_only=True, **more)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) if self.context["internal"] else None

    def to_representation(self, value: Any) -> str:
        return str(value.username)


@extend_schema_field({"type": ["string", "null"], "description": "A note among staff; null for the public."})
class StaffNote(serializers.Field):
    def __init__(self, **more: Any) -> None:
        super().__init__(read_only=True, **more)

    def to_representation(self, value: str) -> str | None:
        return value if self.context["internal"] else None


class Word(serializers.ChoiceField):
    """A word of the vocabulary; null where there is none."""

    def __init__(self, choices: Any, **more: Any) -> None:
        super().__init__(choices, read_only=True, **more)

    def to_representation(self, value: Any) -> Any:
        return value or None


class InstitutionName(serializers.Serializer[Any]):
    """An institution, as others refer to it."""

    code = serializers.CharField()
    name = serializers.CharField()


class ThemeName(serializers.Serializer[Any]):
    """A theme, as others refer to it."""

    code = serializers.CharField()
    name = serializers.CharField()


def precision() -> Word:
    """How much of the date beside it is known."""
    return Word(Precision.choices)
