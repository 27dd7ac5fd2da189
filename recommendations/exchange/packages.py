"""A Frictionless Data Package (specification 1): what is in the files of an export, for a program and for a person."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Field:
    """One column: its type of Table Schema, what it says, and the values that the vocabulary allows, with meanings.

    `form` is how a value is written, `empty` what it means where there is none ("" if there always is one), and
    `pattern` what every value matches.
    """

    name: str
    type: str
    description: str
    words: tuple[tuple[str, str], ...] = ()
    form: str = ""
    empty: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Resource:
    """One CSV file. `refers` are columns that hold the `code` of a row of another file."""

    name: str
    title: str
    description: str
    fields: Sequence[Field]
    key: Sequence[str]
    refers: Sequence[tuple[str, str]] = ()


def descriptor(
    resources: Sequence[Resource],
    *,
    title: str,
    description: str,
    homepage: str,
    at: datetime,
    more: dict[str, Any],
) -> bytes:
    """`datapackage.json`. `more` is what is said of the whole package: of which moment it is, and what was asked."""
    package = {
        "profile": "tabular-data-package",
        "name": "policy-recommendation-tracker",
        "title": title,
        "description": description,
        "homepage": homepage,
        "created": at.isoformat(),
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit", "title": "MIT License"}],
        **more,
        "resources": [_resource(each) for each in resources],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": resource.name,
        "path": f"data/{resource.name}.csv",
        "title": resource.title,
        "description": resource.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": {
            "fields": [_field(each) for each in resource.fields],
            "missingValues": [""],
            "primaryKey": list(resource.key),
            "foreignKeys": [
                {"fields": column, "reference": {"resource": other, "fields": "code"}}
                for column, other in resource.refers
            ],
        },
    }


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if field.empty else {"required": True}
    if field.words:
        constraints["enum"] = [word for word, _meaning in field.words]
    if field.pattern:
        constraints["pattern"] = field.pattern
    description = " ".join(each for each in (field.description, field.form, field.empty) if each)
    told: dict[str, Any] = {"name": field.name, "type": field.type, "description": description}
    if field.type == "datetime":
        told["format"] = "any"
    return told | ({"constraints": constraints} if constraints else {})


def dictionary(resources: Sequence[Resource]) -> bytes:
    """The same for a person: a row for each table, each column, and each value that the vocabulary fixes."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["table", "column", "type", "value", "description", "form", "empty"])
    for resource in resources:
        rows.writerow([resource.name, "", "", "", resource.description, "", ""])
        for field in resource.fields:
            rows.writerow(
                [resource.name, field.name, field.type, "", field.description, field.form, field.empty]
            )
            rows.writerows(
                [resource.name, field.name, "", word, meaning, "", ""] for word, meaning in field.words
            )
    return text.getvalue().encode()
