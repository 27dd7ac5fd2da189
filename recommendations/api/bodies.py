"""Reading what a request sends: JSON of a sensible size and depth."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from recommendations.api.problems import TooLarge

MAX_DEPTH = 32
"""Of brackets within brackets. What checks, stores and answers a value goes down it and would run out of stack."""


class Json(JSONParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """The value sent. Raises TooLarge (413) and ParseError (400)."""
        request = (parser_context or {}).get("request")
        size = int(request.META.get("CONTENT_LENGTH") or 0) if request is not None else 0
        if size > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or size):
            raise TooLarge()
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise _too_deep() from error
        if not _is_shallow(value):
            raise _too_deep()
        return value


def _is_shallow(value: Any) -> bool:
    """Without recursion: the depth is what is not known."""
    nested, depth = _containers([value]), 0
    while nested and depth <= MAX_DEPTH:
        depth += 1
        nested = _containers(
            inner for each in nested for inner in (each.values() if isinstance(each, dict) else each)
        )
    return depth <= MAX_DEPTH


def _containers(values: Iterable[Any]) -> list[Any]:
    return [each for each in values if isinstance(each, dict | list)]


def _too_deep() -> ParseError:
    return ParseError(_("This is nested more than %d levels deep.") % MAX_DEPTH)
