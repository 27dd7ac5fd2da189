"""The recipes work as they are written: each block is run, and says what stands below it."""

import re
import subprocess
from pathlib import Path

import pytest

from recommendations import pages

pytestmark = pytest.mark.contract

RECIPES = (Path(pages.__file__).parent / "recipes.md").read_text()
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"
END = "--- end of block"


def sections():
    """`(title, [commands, what they say or None])` of each recipe; what comes before the first belongs to all."""
    _before, *found = re.split(r"^## ", RECIPES, flags=re.MULTILINE)
    for section in found:
        title, _line, text = section.partition("\n")
        blocks: list[list[str | None]] = []
        for kind, content in BLOCK.findall(text):
            if kind == "sh":
                blocks.append([content, None])
            else:
                blocks[-1][1] = content
        yield title, blocks


PREPARED = "".join(content for kind, content in BLOCK.findall(RECIPES.partition("\n## ")[0]) if kind == "sh")


@pytest.mark.parametrize(("title", "blocks"), list(sections()), ids=[title for title, _blocks in sections()])
def test_each_recipe_works_as_it_is_written(tracker, tmp_path, title, blocks):
    script = (
        "set -euo pipefail\n"
        + PREPARED
        + "".join(f"{commands}\necho '{END}'\n" for commands, _said in blocks)
    )
    environment = tracker.environment | {
        "TRACKER_API": tracker.api,
        "EDITOR_TOKEN": tracker.token("editor"),
        "REVIEWER_TOKEN": tracker.token("reviewer"),
        "MANAGER_TOKEN": tracker.token("admin"),
    }
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout.split(f"{END}\n")
    for (commands, wanted), told in zip(blocks, said, strict=False):
        if wanted is not None:
            pattern = re.escape(wanted).replace(re.escape(ANYTHING), r"[^\n]+")
            assert re.fullmatch(pattern, told), f"{commands}\nsaid:\n{told}\nand not:\n{wanted}"


def test_there_is_a_recipe_for_every_task():
    assert [title for title, _blocks in sections()] == [
        "Mirror us",
        "Download everything, or a choice",
        "See what changed between two days",
        "Follow one institution",
        "Cite a verdict as of a day",
        "Propose a verdict, and have it decided",
        "Import a file",
        "Be told, and verify a message",
    ]
