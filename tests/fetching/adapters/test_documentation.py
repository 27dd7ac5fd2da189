"""docs/checks.md: each example is one that its kind accepts, and each setting is named."""

import json
import re

import pytest
from django.conf import settings

from recommendations.fetching.adapters import (
    KINDS,
    congress_bill,
    deadline,
    document,
    federal_register,
    feed,
    freshness,
    page,
    series,
)

TEXT = (settings.BASE_DIR / "docs" / "checks.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json (\w+)\n(.*?)```", TEXT, re.DOTALL)
FIELDS = [
    *(kind.FIELDS for kind in (page, document, feed, federal_register, congress_bill, deadline, freshness)),
    *series.FORMATS.values(),
]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_is_accepted(kind, example):
    assert KINDS[kind].validate(json.loads(example)) == {}


def test_each_kind_has_an_example_and_each_setting_a_line():
    assert {kind for kind, _example in EXAMPLES} == set(KINDS)
    sections = TEXT.split("\n## ")[1:]
    brought = {section.split(":")[0]: "Brings back `" in section for section in sections}
    assert all(brought.values()), brought
    assert sorted({name for fields in FIELDS for name in fields.checks if f"`{name}`" not in TEXT}) == []
