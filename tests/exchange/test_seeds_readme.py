"""The examples in seeds/README.md are entries of the files they name, word for word."""

import re

from django.conf import settings

SEEDS = settings.BASE_DIR / "seeds"
EXAMPLE = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)


def test_the_examples_stand_in_the_files():
    examples = EXAMPLE.findall((SEEDS / "README.md").read_text(encoding="utf-8"))

    assert len(examples) == 3
    assert [name for name, text in examples if text not in (SEEDS / name).read_text(encoding="utf-8")] == []
