"""The style sheet keeps to WCAG 2.2 AA in light and dark, and every status has its colours and its icon."""

import re
from pathlib import Path

import pytest

from recommendations import pages
from recommendations.templatetags.tracker import STANCE_ICONS
from recommendations.vocabulary import STATUS_MEANINGS, Status

STATIC = Path(pages.__file__).parents[1] / "static" / "pages"
SHEET = (STATIC / "pages.css").read_text()
DARK = SHEET.index("@media screen and (prefers-color-scheme: dark)")
SCHEMES = {"light": SHEET[:DARK], "dark": SHEET[DARK:]}

TEXT, DRAWING = 4.5, 3.0
"""The least contrast of text, and of what is drawn or focused."""

PAIRS = [
    *[("ink", ground, TEXT) for ground in ("paper", "card", "wash", "mark")],
    *[("muted", ground, TEXT) for ground in ("paper", "card", "wash")],
    *[("link", ground, TEXT) for ground in ("paper", "card", "wash", "warn-wash")],
    ("warn", "warn-wash", TEXT),
    ("focus", "paper", DRAWING),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def variables(scheme: str) -> dict[str, str]:
    root = SCHEMES[scheme][SCHEMES[scheme].index(":root") :]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", root[: root.index("}")]))


def of_status(scheme: str, status: str) -> dict[str, str]:
    found = re.search(rf"\.s-{status} \{{([^}}]*)\}}", SCHEMES[scheme])
    assert found, f"{status} has no colours in {scheme}"
    return dict(re.findall(r"--(solid|tint|text): ([#\w]+)", found[1]))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_text_stands_out_from_its_ground(scheme, front, ground, least):
    colours = variables(scheme)
    assert contrast(colours[front], colours[ground]) >= least


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("status", Status)
def test_each_status_can_be_read_and_seen(scheme, status):
    colours, grounds = of_status(scheme, status), variables(scheme)
    tint = grounds["paper"] if colours["tint"] == "transparent" else colours["tint"]
    assert contrast(colours["text"], tint) >= TEXT
    assert contrast(colours["text"], grounds["paper"]) >= TEXT
    if (
        status != Status.NOT_ASSESSED
    ):  # drawn as an empty stretch with a dashed edge in the colour of muted text
        assert contrast(colours["solid"], grounds["paper"]) >= DRAWING


def test_every_icon_is_in_the_sprite():
    sprite = (STATIC / "icons.svg").read_text()
    named = {meaning.icon for meaning in STATUS_MEANINGS.values()} | set(STANCE_ICONS.values())
    assert {name for name in named if f'id="{name}"' not in sprite} == set()


def test_no_two_statuses_share_an_icon():
    icons = [meaning.icon for meaning in STATUS_MEANINGS.values()]
    assert len(set(icons)) == len(icons)


def test_what_is_printed_is_light_whatever_the_screen():
    """A reader who likes the dark would else print pale words on white paper."""
    assert re.findall(r"@media (\S+) and \(prefers-color-scheme: dark\)|@media \(prefers", SHEET) == [
        "screen",
        "screen",
    ]
