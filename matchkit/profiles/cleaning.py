"""Tables made clean: headings and cells trimmed, blank rows and columns left out, aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from matchkit.profiles.tables import (
    FORBIDDEN,
    Findings,
    Problem,
    Table,
    clean_text,
    is_spreadsheet_error,
    shown,
)

# UTF-8 that was read as Windows-1252, and the sign that stands for what could not be read.
_LOST: Final = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac|\u00ef\u00bf\u00bd|\ufffd"
)


def cleaned(table: Table, findings: Findings) -> Table:
    """Trim and normalize headings and cells, leave out blank rows, note what is faulty."""
    columns = []
    findings.rows = table.rows
    headings = [_clean_heading(heading, findings) for heading in table.headings]
    for heading, cells in zip(headings, table.cells, strict=True):
        texts, problems = _clean_values(cells.values)
        findings.at_cells("error", heading, cells, problems)
        columns.append(cells.mapped(texts))
        _note_lost_letters(heading, [heading, *texts], findings)
    table = replace(table, headings=headings, cells=columns)
    table = _without_blank_rows(table, findings)
    return _without_ghosts(table, findings)


def _note_lost_letters(heading: str, texts: Sequence[str], findings: Findings) -> None:
    """Warn of letters that a wrong conversion destroyed before the source came here."""
    lost = [text for text in texts if not text.isascii() and _LOST.search(text)]
    if lost:
        spellings = "text seems" if len(lost) == 1 else "different texts seem"
        findings.add(
            "warning", f"{len(lost)} {spellings} to have lost letters in a conversion",
            f"export the source anew as UTF-8; look at {shown(min(lost), most=40)!r}",
            column=heading, value=min(lost),
        )  # fmt: skip


def _clean_heading(heading: str, findings: Findings) -> str:
    """Return a heading on one line; one that holds no text is an error."""
    text = clean_text(heading)
    if (bad := FORBIDDEN.search(text)) is not None:
        findings.add(
            "error", f"the heading holds the control character {_codepoint(bad)}", "remove it",
            column=shown(text),
        )  # fmt: skip
    return " ".join(shown(text).split()) if bad else " ".join(text.split())


def _without_blank_rows(table: Table, findings: Findings) -> Table:
    """Leave out rows in which every cell is blank, and say how many."""
    blank = np.ones(len(table.rows), dtype=bool)
    for cells in table.cells:
        blank &= cells.blank()
    if not blank.any():
        return table
    count = int(blank.sum())
    rows = "row was" if count == 1 else "rows were"
    findings.add("note", f"{count} blank {rows} skipped", row=int(table.rows[np.argmax(blank)]))
    kept = np.flatnonzero(~blank)
    findings.rows = table.rows[kept]
    columns = [cells.take(kept) for cells in table.cells]
    return replace(table, cells=columns, rows=table.rows[kept])


def _without_ghosts(table: Table, findings: Findings) -> Table:
    """Leave out columns without a heading: nothing in them is a note, values an error."""
    kept = []
    for i, (heading, cells) in enumerate(zip(table.headings, table.cells, strict=True)):
        if heading:
            kept.append(i)
        elif cells.blank().all():
            findings.add("note", f"column {i + 1} has neither heading nor values: skipped")
        else:
            person = int(np.argmin(cells.blank()))
            findings.add(
                "error", f"column {i + 1} has values but no heading",
                "give it a heading, or remove the column",
                value=str(cells.values[cells.codes[person]]), person=person,
            )  # fmt: skip
    headings, columns = [table.headings[i] for i in kept], [table.cells[i] for i in kept]
    return replace(table, headings=headings, cells=columns)


def _clean_values(values: Sequence[str]) -> tuple[list[str], dict[int, Problem]]:
    """Clean distinct cells; say what is wrong with those that hold no text."""
    texts = list(map(str.strip, values))
    problems: dict[int, Problem] = {}
    for i, stripped in enumerate(texts):
        if stripped.isascii() and stripped.isprintable() and stripped[:1] != "#":
            continue  # nothing more to clean: nearly all cells of nearly all files
        text = clean_text(stripped)
        if (bad := FORBIDDEN.search(text)) is not None:
            message = f"the cell holds the control character {_codepoint(bad)}"
            problems[i] = message, "remove it"
        elif is_spreadsheet_error(text):
            problems[i] = f"the cell holds the spreadsheet error {text}", "mend its formula"
        texts[i] = "" if i in problems else text
    return texts, problems


def _codepoint(found: re.Match[str]) -> str:
    return f"U+{ord(found.group()):04X}"
