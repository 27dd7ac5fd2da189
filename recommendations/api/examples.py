"""Examples of every operation, as the seed data has them: examples.yaml, by the name of the operation.

They were recorded from a tracker with the seed data, and lists cut to their first row. A test holds each against the
schema beside it, so that a change of an answer is a change of its example.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

WRITTEN = Path(__file__).with_name("examples.yaml")


@cache
def told() -> dict[str, dict[str, Any]]:
    """`{operation: {request, response}}`; no `request` where nothing is sent."""
    examples: dict[str, dict[str, Any]] = yaml.safe_load(WRITTEN.read_text())
    return examples


def add(operation: dict[str, Any]) -> None:
    """Put the examples of an operation beside the schemas of what it is sent and of what it answers."""
    example = told().get(operation["operationId"], {})
    if "request" in example:
        for content in operation["requestBody"]["content"].values():
            content["example"] = example["request"]
    if "response" in example:
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                for content in answer["content"].values():
                    content["example"] = example["response"]
