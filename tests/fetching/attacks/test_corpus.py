"""How large the corpus is, and that its rows can be told apart. METHODOLOGY and docs/door.md state the number."""

import re
from collections import Counter

from django.conf import settings

from . import tables


def test_there_are_at_least_as_many_attacks_as_we_say_and_each_has_a_name():
    cases = tables.everything()
    named = Counter((case.name, str(case.sent)) for case in cases)
    assert [name for name, times in named.items() if times > 1] == []
    for page in ("docs/door.md", "METHODOLOGY.md"):
        text = (settings.BASE_DIR / page).read_text(encoding="utf-8")
        assert re.findall(r"(\d+) attacks", text) == [str(len(cases))], page
    assert len(cases) >= 150


def test_the_parts_are_as_told():
    text = (settings.BASE_DIR / "docs" / "door.md").read_text(encoding="utf-8")
    sizes = {
        "addresses": len(tables.addresses("anywhere")) + len(tables.addresses("direct")),
        "redirects": len(tables.redirects()),
        "names": len(tables.names()),
        "behaviours": len(tables.behaviours()),
        "tls": len(tables.tls()),
    }
    for part, size in sizes.items():
        assert f"| {part} | {size} |" in text, (part, size)
