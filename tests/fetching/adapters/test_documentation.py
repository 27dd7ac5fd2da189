"""docs/checks.md: each example is one that its kind accepts, and each setting is named."""

import json
import re

import pytest
from django.conf import settings

from recommendations.fetching.adapters import (
    ADAPTERS,
    congress_bill,
    document,
    federal_register,
    feed,
    page,
    series,
)

TEXT = (settings.BASE_DIR / "docs" / "checks.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json (\w+)\n(.*?)```", TEXT, re.DOTALL)
FIELDS = [
    *(kind.FIELDS for kind in (page, document, feed, federal_register, congress_bill)),
    *series.FORMATS.values(),
]


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_is_accepted(kind, example):
    assert ADAPTERS[kind].validate(json.loads(example)) == {}


def test_each_kind_has_an_example_and_each_setting_a_line():
    assert {kind for kind, _example in EXAMPLES} == set(ADAPTERS)
    assert sorted({name for fields in FIELDS for name in fields.checks if f"`{name}`" not in TEXT}) == []
