"""What of an answer is wanted: `fields=code,source.title`, and what is to be added: `expand=parts,evidence`."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

Tree = dict[str, Any]
"""Names, each with the tree of what is wanted below it; an empty one wants all of it."""

WHOLE = ""
"""Stands, while names are read, in the tree of what was itself named: no field is called so."""


@extend_schema_field({"type": "string", "maxLength": 2000, "example": "code,status,source.code"})
class Fields(serializers.CharField):
    """Names of the fields of a row with commas between; a dot leads into what is nested. Unknown ones are refused.

    Of `source` and `source.code` the wider one holds, in whatever order they are named.
    """

    def __init__(self, row: type[serializers.BaseSerializer[Any]], **more: Any) -> None:
        super().__init__(max_length=2000, **more)
        self.row = row

    def to_internal_value(self, data: Any) -> Any:
        known, wanted = _known(self.row()), Tree()
        for path in super().to_internal_value(data).split(","):
            inner, below = known, wanted
            for name in path.strip().split("."):
                if name not in inner:
                    told = _("There is no field “%(name)s” here; known are: %(known)s.")
                    raise serializers.ValidationError(
                        told % {"name": path.strip(), "known": ", ".join(inner) or _("none")}, code="unknown"
                    )
                inner, below = inner[name], below.setdefault(name, {})
            below[WHOLE] = {}
        return _widest(wanted)


@extend_schema_field({"type": "string", "maxLength": 200})
class Words(serializers.CharField):
    """Some of certain words, with commas between."""

    def __init__(self, words: Sequence[str], **more: Any) -> None:
        super().__init__(max_length=200, **more)
        self.words = words

    def to_internal_value(self, data: Any) -> Any:
        given = [word.strip() for word in super().to_internal_value(data).split(",")]
        for word in given:
            if word not in self.words:
                told = _("“%(word)s” is not among: %(words)s.") % {
                    "word": word,
                    "words": ", ".join(self.words),
                }
                raise serializers.ValidationError(told, code="invalid_choice")
        return list(dict.fromkeys(given))


def chosen(told: Any, wanted: Tree) -> Any:
    """Of a row, or of each of several, only what is wanted; what is named and not there is left out."""
    if not wanted or told is None:
        return told
    if isinstance(told, orjson.Fragment):
        told = orjson.loads(orjson.dumps(told))
    if isinstance(told, list):
        return [chosen(each, wanted) for each in told]
    return {name: chosen(told[name], below) for name, below in wanted.items() if name in told}


def _widest(wanted: Tree) -> Tree:
    """Without what is named below something that is wanted as a whole."""
    return {} if WHOLE in wanted else {name: _widest(below) for name, below in wanted.items()}


def _known(row: Any) -> Tree:
    row = getattr(row, "child", row)
    if not isinstance(row, serializers.Serializer):
        return {}
    return {name: _known(field) for name, field in row.fields.items()}
