"""Write the table of columns in docs/columns.md from the schema.

Usage: python scripts/columns.py

The columns are written once, in ``matchkit/profiles/schema.py``; a test holds the page to it.
"""

from __future__ import annotations

from pathlib import Path

from matchkit.profiles import COLUMNS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "columns.md"
HEAD = """\
| column | holds | also read from | in their absence from |
|---|---|---|---|
"""


def table() -> str:
    """Return the table of all columns as Markdown."""
    rows = (
        (f"`{column.key}`", column.about, ", ".join(column.aliases), ", ".join(column.stand_ins))
        for column in COLUMNS.values()
    )
    return HEAD + "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def page() -> str:
    """Return the page with the table of today's schema."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(HEAD)
    after = rest[rest.index("\n\n") + 1 :] if "\n\n" in rest else ""
    return before + table() + after


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
