"""A JSON Schema held against a value, its errors told in our words and with their line."""

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from recommendations.exchange.problems import Problem
from recommendations.exchange.yaml_files import YamlFile

NOT_BLANK = r"\S"
SHOWN_LENGTH = 80
WORDS = {True: "true", False: "false", None: "null"}


class Schemas:
    """The definitions of one schema file; a file is held against the one with its name."""

    def __init__(self, path: Path) -> None:
        self._schema = json.loads(path.read_text(encoding="utf-8"))

    def names(self) -> frozenset[str]:
        return frozenset(self._schema["$defs"])

    def problems(self, file: YamlFile, definition: str) -> Iterator[Problem]:
        validator = Draft202012Validator({**self._schema, "$ref": f"#/$defs/{definition}"})
        for error in validator.iter_errors(file.value):
            yield from _told(error, file)


def _told(error: ValidationError, file: YamlFile) -> Iterator[Problem]:
    """One error of the validator as problems a person can act on."""
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        instance: Any = error.instance
        schema: Any = error.schema
        known = schema["properties"]
        for key in instance:
            if key not in known:
                rule = _("Unknown key. %s") % _suggestion(key, known)
                yield Problem(file.name, file.lines.get((*path, key), 1), key, "", rule)
        return
    if error.validator in ("required", "dependentRequired"):
        for key in _missing(error):
            yield Problem(file.name, file.lines.get(path, 1), key, "", _("This key is missing."))
        return
    yield Problem(
        file.name,
        file.lines.get(path, 1),
        _field(path),
        _shown(error.instance),
        _rule(error),
    )


def _missing(error: ValidationError) -> list[str]:
    wanted: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        # jsonschema reports each missing key by an error of its own, and names it only in the text.
        return [key for key in wanted if error.message.startswith(f"{key!r} ")]
    return [
        needed
        for key, others in wanted.items()
        if key in instance
        for needed in others
        if needed not in instance
    ]


def _rule(error: ValidationError) -> str:
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "enum":
            return _("Not one of the words used here. %s") % _suggestion(str(error.instance), wanted)
        case "const":
            return _("Must be %s.") % wanted
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return _("Must be %s.") % " / ".join(str(_kinds()[kind]) for kind in kinds)
        case "pattern" if wanted == NOT_BLANK:
            return _("Must not be empty; leave the key out instead.")
        case "pattern" | "minimum" | "maximum":
            return schema.get("description") or _("Does not have the form %s.") % wanted
        case "minLength" | "minItems" | "minProperties":
            return _("Must not be empty; leave the key out instead.")
        case "maxLength":
            return _("Longer than %s characters.") % wanted
        case "uniqueItems":
            return _("Something is listed twice.")
    return error.message


def _kinds() -> dict[str, str]:
    return {
        "string": _("text (put quotes around it if it looks like a number)"),
        "number": _("a number"),
        "integer": _("a whole number"),
        "boolean": _("true or false"),
        "array": _("a list"),
        "object": _("an entry with keys"),
        "null": _("null"),
    }


def _suggestion(word: str, known: Any) -> str:
    names = [str(each) for each in known]
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return _("Did you mean %s?") % near[0]
    return _("Known: %s.") % ", ".join(names)


def _field(path: tuple[Any, ...]) -> str:
    """The last key on the way; positions in lists say nothing to a reader."""
    return next((str(each) for each in reversed(path) if isinstance(each, str)), _("file"))


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    text = WORDS.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
