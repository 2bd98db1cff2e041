"""Colors that everybody can read, in light, in the dark and on paper."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (files("matchkit.reports") / "templates" / "style.css").read_text(encoding="utf-8")
PALETTES = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
TEXTS = [(ink, paper) for ink in ("ink", "soft", "link", "warn") for paper in ("paper", "card")]
SHAPES = [(shape, "room") for shape in ("fill", "total")]


def luminance(color: str) -> float:
    """Return the relative luminance of a color, as WCAG 2.2 defines it."""
    full = color if len(color) == 6 else "".join(2 * sign for sign in color)
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(palette: dict[str, str], one: str, other: str) -> float:
    """Return the contrast of two colors of a palette."""
    light, dark = sorted((luminance(palette[one]), luminance(palette[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("css", PALETTES, ids=["light", "dark", "print"])
def test_contrast(css: str) -> None:
    """Somebody with weak eyes could not read the page, or not see the bars."""
    palette = dict(re.findall(r"--([a-z-]+): #([0-9a-f]+);", css))
    for pair in [*TEXTS, ("warn", "warn-paper"), ("ink", "warn-paper")]:
        assert contrast(palette, *pair) >= 4.5, pair
    for pair in SHAPES:
        assert contrast(palette, *pair) >= 3, pair


def test_there_are_three_palettes() -> None:
    """One of the palettes would go untested."""
    assert len(PALETTES) == 3
