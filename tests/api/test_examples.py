"""Every operation in the reference page shows what is sent and what comes back, true of the schema beside it."""

from collections.abc import Iterator
from typing import Any

import jsonschema

from recommendations.api import examples
from recommendations.api.docs import document

BYTES = ("xlsx", "zip")
"""Files that cannot be shown as text."""


def operations() -> Iterator[dict[str, Any]]:
    for path in document()["paths"].values():
        yield from path.values()


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an operation is sent, and what it answers where all went well."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield f"{operation['operationId']} is sent", content
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            for content in answer.get("content", {}).values():
                yield f"{operation['operationId']} answers {status}", content


def test_every_operation_has_examples():
    without = [
        what
        for operation in operations()
        for what, content in contents(operation)
        if "example" not in content and not any(kind in what for kind in BYTES)
    ]
    assert without == []


def test_there_are_no_examples_of_what_is_no_operation():
    assert examples.told().keys() <= {operation["operationId"] for operation in operations()}


def test_the_examples_are_as_the_schemas_say():
    components = document()["components"]
    problems, checked = [], 0
    for operation in operations():
        for what, content in contents(operation):
            if "example" in content:
                whole = {**content["schema"], "components": components}
                validator = jsonschema.Draft202012Validator(
                    whole, format_checker=jsonschema.FormatChecker(["date", "date-time", "uuid"])
                )
                problems += [
                    f"{what}: {problem.json_path} {problem.message[:200]}"
                    for problem in validator.iter_errors(content["example"])
                ]
                checked += 1
    assert problems == []
    assert checked > 70


def test_a_request_names_nothing_that_is_not_taken():
    """The schemas allow more than they name; what is sent must not."""
    components = document()["components"]["schemas"]
    for operation in operations():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            named = components[content["schema"]["$ref"].rpartition("/")[2]]["properties"]
            assert content["example"].keys() <= named.keys(), operation["operationId"]
