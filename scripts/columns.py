"""Write the tables of columns and of questions in docs/columns.md from what the code reads.

Usage: python scripts/columns.py

The columns are written once, in ``matchkit/profiles/schema.py``, and the questions in
``matchkit/profiles/data/questions.csv``; a test holds the page to them.
"""

from __future__ import annotations

from pathlib import Path

from matchkit.profiles import COLUMNS
from matchkit.profiles.schema import question_table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "columns.md"
HEAD = """\
| column | holds | also read from | in their absence from |
|---|---|---|---|
"""


QUESTIONS = """\
| column | questions and headings of forms |
|---|---|
"""


def table() -> str:
    """Return the table of all columns as Markdown."""
    rows = (
        (f"`{column.key}`", column.about, ", ".join(column.aliases), ", ".join(column.stand_ins))
        for column in COLUMNS.values()
    )
    return HEAD + "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def questions() -> str:
    """Return the table of all questions as Markdown."""
    asked: dict[str, list[str]] = {}
    for column, heading in question_table():
        asked.setdefault(column, []).append(heading.replace("|", "\\|"))
    rows = (f"| `{key}` | {'; '.join(asked[key])} |\n" for key in COLUMNS if key in asked)
    return QUESTIONS + "".join(rows)


def page() -> str:
    """Return the page with the tables of today's schema."""
    text = PAGE.read_text(encoding="utf-8")
    for head, made in ((HEAD, table()), (QUESTIONS, questions())):
        before, _, rest = text.partition(head)
        after = rest[rest.index("\n\n") + 1 :] if "\n\n" in rest else ""
        text = before + made + after
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
